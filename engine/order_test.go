package engine_test

import (
	"fmt"
	"slices"
	"testing"

	"gantry/engine"
	"gantry/engine/flow"
)

// TestAttemptsKeepTheirOrderBeforeTheWorkers: items that wait for a worker go out in the order of the list.
func TestAttemptsKeepTheirOrderBeforeTheWorkers(t *testing.T) {
	const items = 12
	target := newTarget(t)
	list, want := "", []string{}
	for i := range items {
		list += fmt.Sprint(i, ",")
		want = append(want, fmt.Sprintf("GET /item/%d", i))
	}
	texts := map[string]string{
		"before": "tasks: {r: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}}}\n",
		"list":   fmt.Sprintf("tasks: {r: {for_each: {items: [%s], concurrency: %d}, action: core.http_request, with: {method: GET, url: \"%s/item/${{ item }}\"}}}\n", list, items, target.URL),
	}
	b := setupWith(t, texts, func(o *engine.Options) { o.Workers = 1 })
	b.start(engine.Request{Workflow: "before"})
	<-target.arrived
	id := b.start(engine.Request{Workflow: "list"})
	if waiting := b.engine.Occupied().Waiting; waiting != items {
		t.Errorf("%d attempts stand in line when the run is on disk, want %d", waiting, items)
	}
	target.let()
	b.expect(b.wait(id), flow.Succeeded)
	var got []string
	for range items {
		got = append(got, <-target.arrived)
	}
	if !slices.Equal(got, want) {
		t.Errorf("they went out as %v", got)
	}
}
