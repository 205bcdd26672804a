package flow_test

import (
	"testing"
	"time"

	"gantry/engine/flow"
)

// TestADeadlineThatComesEarlyIsAskedForAgain: a driver whose clock was set back must not lose it.
func TestADeadlineThatComesEarlyIsAskedForAgain(t *testing.T) {
	lib := library(t, map[string]string{"main": "timeout: 1h\ntasks: {a: {action: test.read}}\n"})
	wf, _ := lib.Get("main")
	p := play(t, wf, map[string]any{}, func(flow.StartAttempt) outcome { return outcome{} })
	due := p.deadline
	p.deadline = time.Time{}
	p.apply(flow.DeadlineReached{At: due.Add(-time.Millisecond)})
	if !p.deadline.Equal(due) {
		t.Fatalf("the deadline is now %v, want %v", p.deadline, due)
	}
	p.apply(flow.DeadlineReached{At: due})
	if p.state.Status() != flow.TimedOut {
		t.Errorf("the run is %s", p.state.Status())
	}
}
