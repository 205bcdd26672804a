package engine_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/store"
)

// full makes the database as large as it may be, or gives it room.
func (b *bench) full(is bool) {
	b.t.Helper()
	err := b.store.Write(context.Background(), func(tx *store.Tx) error {
		var pages int
		if err := tx.Get(&pages, "PRAGMA page_count"); err != nil {
			return err
		}
		if !is {
			pages += 1_000_000
		}
		return tx.Get(&pages, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// TestAFullDiskLeavesNoRunStuck: what broke off because the disk was full goes on by itself when there is room: a run
// alone, and one that waits for a sub-workflow's run, whichever of the two broke off. No request is made twice.
func TestAFullDiskLeavesNoRunStuck(t *testing.T) {
	t.Parallel()
	target := newTarget(t)
	call := "inputs: {text: {type: string, required: true}}\ntasks:\n  r: {action: core.http_request, with: {method: GET, url: " + target.URL + "/hold}, next: p}\n  p: {action: core.set, with: {values: \"${{ inputs.text }}${{ inputs.text }}${{ inputs.text }}${{ inputs.text }}\"}, next: q}\n  q: {action: core.http_request, with: {method: POST, url: " + target.URL + "/write}}\n"
	b := setup(t, map[string]string{"alone": call, "parent": "inputs: {text: {type: string, required: true}}\ntasks: {a: {workflow: alone, with: {text: \"${{ inputs.text }}\"}}}\n"})
	large := map[string]any{"text": incompressible(200_000)}
	ids := []string{b.start(engine.Request{Workflow: "alone", Inputs: large}), b.start(engine.Request{Workflow: "parent", Inputs: large})}
	<-target.arrived
	<-target.arrived
	b.full(true)
	target.let()
	child := taskOf(b.show(ids[1]), "a").Subrun
	for _, id := range []string{ids[0], child} {
		if _, err := b.engine.Wait(context.Background(), id); err == nil {
			t.Fatalf("run %s was not broken off", id)
		}
	}
	for _, id := range ids { // whoever watches is told why, of a run that waits for one that broke off as well
		var why error
		for _, err := range b.engine.Whole(context.Background(), id) {
			why = err
		}
		if fault.From(why).Code != fault.Storage {
			t.Errorf("who watches is told: %v", why)
		}
	}
	b.full(false)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		if b.show(ids[0]).Status == flow.Succeeded && b.show(ids[1]).Status == flow.Succeeded {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the runs are %s and %s: %v, %v", b.show(ids[0]).Status, b.show(ids[1]).Status, b.show(ids[0]).Error, b.show(ids[1]).Error)
		}
	}
	if n := target.count("POST /write"); n != 2 {
		t.Errorf("%d writes were made, want 2", n)
	}
}

// incompressible is text that takes as much room on disk as it is long.
func incompressible(length int) string {
	random := rand.New(rand.NewPCG(1, 2))
	text := make([]byte, length)
	for i := range text {
		text[i] = byte('!' + 1 + random.IntN('~'-'!'-1))
	}
	return strings.NewReplacer("$", "-", "\\", "-").Replace(string(text))
}
