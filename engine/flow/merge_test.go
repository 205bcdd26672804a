package flow_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"gantry/engine/flow"
)

// TestManyBranchesMergeWithLittleWork: two loops of which every turn leaves a branch behind have thousands of them
// at their end, each with its own value of the same name. Twice as many take about twice the work, not four times:
// what is counted is memory, which no other load of the machine changes.
func TestManyBranchesMergeWithLittleWork(t *testing.T) {
	few, many := branchesMerged(t, 1000), branchesMerged(t, 2000)
	if ratio := float64(many) / float64(few); ratio > 3 {
		t.Errorf("twice the branches take %.1f times the memory: %d and %d bytes", ratio, few, many)
	}
}

// branchesMerged gives the bytes that are allocated while so many turns of both loops are played.
func branchesMerged(t *testing.T, turns int) uint64 {
	t.Helper()
	lib := library(t, map[string]string{"main": fmt.Sprintf(`
tasks:
  begin: {action: core.noop, next: [slow, quick]}
  slow:
    action: test.read
    next: [{when: result < %[1]d, publish: {page: "${{ result }}"}, do: [slow, last]}]
  quick:
    action: test.read
    next: [{when: result < %[1]d, publish: {page: "${{ -result }}"}, do: [quick, first]}]
  first: {action: test.read}
  last: {action: test.read}
outputs: {page: "${{ ctx.?page.orValue(0) }}"}
`, turns)})
	wf, _ := lib.Get("main")
	p := play(t, wf, map[string]any{}, func(c flow.StartAttempt) outcome {
		return outcome{Outcome: flow.Outcome{Result: int64(c.Instance)}}
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for p.finish == nil {
		i := slices.IndexFunc(p.running, func(a flow.StartAttempt) bool { return a.Task.Name != "last" })
		p.endAt(max(i, 0))
	}
	runtime.ReadMemStats(&after)
	if page := p.state.Outputs()["page"]; page != int64(1-turns) {
		t.Errorf("page is %v, error %v", page, p.state.Error())
	}
	return after.TotalAlloc - before.TotalAlloc
}
