package flow

// Status is how far a run, a task or an item has come.
type Status string

// The statuses. Unknown is a task's only: a write was sent and its answer was lost.
const (
	Queued    Status = "queued"
	Running   Status = "running"
	Waiting   Status = "waiting" // for a time, a person or another system; costs nothing meanwhile
	Paused    Status = "paused"
	Succeeded Status = "succeeded"
	Failed    Status = "failed"
	TimedOut  Status = "timed_out"
	Cancelled Status = "cancelled"
	Unknown   Status = "unknown"
)

// Ended tells whether nothing more will happen.
func (s Status) Ended() bool {
	switch s {
	case Succeeded, Failed, TimedOut, Cancelled, Unknown:
		return true
	}
	return false
}
