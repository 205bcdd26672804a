package engine_test

import (
	"runtime"
	"testing"

	"gantry/engine"
	"gantry/engine/flow"
)

// TestTenThousandItems: a for_each of 10,000 items works, keeps every result, and takes less than
// 100 MB more memory.
func TestTenThousandItems(t *testing.T) {
	b := setup(t, map[string]string{"w": "tasks: {a: {for_each: {items: '${{ lists.range(10000) }}'}, action: core.set, with: {values: {i: '${{ item }}', text: 'item ${{ item }} of many'}}}}\noutputs: {n: '${{ size(tasks.a.result) }}', last: '${{ tasks.a.result[9999].result.i }}'}\n"})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	id := b.start(engine.Request{Workflow: "w"})
	if _, err := b.engine.Wait(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after) // with what is not collected yet
	d := b.show(id)
	b.expect(d, flow.Succeeded)
	if d.Outputs["n"] != int64(10_000) || d.Outputs["last"] != int64(9_999) {
		t.Errorf("outputs %v", d.Outputs)
	}
	if items := taskOf(d, "a").Result.([]any); len(items) != 10_000 {
		t.Errorf("%d results are kept", len(items))
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 100<<20 {
		t.Errorf("the run took %d MB", grown>>20)
	}
}
