package engine_test

import (
	"bytes"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
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

// TestResultsAreBounded: what is too large to keep fails the task with a clear error, early.
func TestResultsAreBounded(t *testing.T) {
	target := newTarget(t)
	target.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(bytes.Repeat([]byte("x"), map[string]int{"/big": 3 << 20, "/some": 19 << 20 / 10}[r.URL.Path]))
	})
	b := setup(t, map[string]string{
		"one":  "tasks: {a: {action: core.http_request, with: {method: GET, url: " + target.URL + "/big}}}\n",
		"many": "tasks: {a: {for_each: {items: '${{ lists.range(20) }}', concurrency: 2}, action: core.http_request, with: {method: GET, url: " + target.URL + "/some}}}\n",
	})
	for _, id := range []string{"one", "many"} {
		d := b.run(engine.Request{Workflow: id})
		b.expect(d, flow.Failed)
		if code := d.Error.Code; code != fault.TooLarge && (code != fault.ItemsFailed || !strings.Contains(d.Error.Message, "32 MiB")) {
			t.Errorf("%s ended with %v", id, d.Error)
		}
	}
}
