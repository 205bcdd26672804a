package engine

// Limit bounds how many runs that name the same key go side by side: those that have begun and not ended,
// waiting ones included. Runs of sub-workflows and handlers of failures are not counted: they belong to the
// run that called them.
type Limit struct {
	Key      string   `json:"key"`  // runs with the same key count together, whatever their workflow and organisation
	Most     int      `json:"most"` // at least 1
	WhenFull WhenFull `json:"when_full"`
}

// WhenFull says what happens to a run for which a limit has no place.
type WhenFull string

// What may happen. The zero value is Queue.
const (
	Queue         WhenFull = "queue"          // it waits for its turn
	Skip          WhenFull = "skip"           // it is refused with the code skipped
	CancelRunning WhenFull = "cancel_running" // the oldest that goes is cancelled, and it begins when that has ended
)
