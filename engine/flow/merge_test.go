package flow_test

import (
	"slices"
	"testing"
	"time"

	"gantry/engine/flow"
)

// TestManyBranchesMergeInTime: two loops of which every turn leaves a branch behind have thousands of them
// at their end, each with its own value of the same name.
func TestManyBranchesMergeInTime(t *testing.T) {
	lib := library(t, map[string]string{"main": `
tasks:
  begin: {action: core.noop, next: [slow, quick]}
  slow:
    action: test.read
    next: [{when: result < 2000, publish: {page: "${{ result }}"}, do: [slow, last]}]
  quick:
    action: test.read
    next: [{when: result < 2000, publish: {page: "${{ -result }}"}, do: [quick, first]}]
  first: {action: test.read}
  last: {action: test.read}
outputs: {page: "${{ ctx.?page.orValue(0) }}"}
`})
	wf, _ := lib.Get("main")
	p := play(t, wf, map[string]any{}, func(c flow.StartAttempt) outcome {
		return outcome{Outcome: flow.Outcome{Result: int64(c.Instance)}}
	})
	began := time.Now()
	for p.finish == nil {
		i := slices.IndexFunc(p.running, func(a flow.StartAttempt) bool { return a.Task.Name != "last" })
		p.endAt(max(i, 0))
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	if page := p.state.Outputs()["page"]; page != int64(-1999) {
		t.Errorf("page is %v, error %v", page, p.state.Error())
	}
}
