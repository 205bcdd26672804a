package flow_test

import (
	"strings"
	"testing"

	"gantry/engine/flow"
)

// TestProgressOfItemsThatWereCutOff: the count that people watch agrees with the sentence that they read in the end.
func TestProgressOfItemsThatWereCutOff(t *testing.T) {
	lib := library(t, map[string]string{"main": "tasks: {a: {action: test.read, for_each: {items: '${{ [1, 2, 3, 4, 5] }}', concurrency: 2}}}\n"})
	wf, _ := lib.Get("main")
	p := play(t, wf, map[string]any{}, func(flow.StartAttempt) outcome { return outcome{} })
	p.end("a[0]")
	p.apply(flow.CancelRequested{At: p.now, Reason: "stopped by hand"})
	e := p.state.Executions()[0]
	if ended, failed, all := e.Progress(); ended != 1 || failed != 0 || all != 5 {
		t.Errorf("%d ended and %d failed of %d", ended, failed, all)
	}
	if f := e.Error; f == nil || !strings.HasPrefix(f.Message, "4 of 5 items were not run to their end") {
		t.Errorf("ends with %v", f)
	}
}
