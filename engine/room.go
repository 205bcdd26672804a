package engine

// Room is how many runs go side by side. Zero values mean the defaults.
type Room struct {
	Runs int // of all organisations together, 512 unless said
	Own  int // of one organisation that never wait for others, 4 unless said
}

// The defaults of Room.
const (
	DefaultRuns = 512
	DefaultOwn  = 4
)

// QueueState is how many runs are kept on disk and wait to begin.
type QueueState struct {
	Total          int
	ByOrganisation map[string]int // by organisation id; those without any are left out
}

// Queued tells how many runs wait to begin.
func (e *Engine) Queued() QueueState { return QueueState{ByOrganisation: map[string]int{}} }
