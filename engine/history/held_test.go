package history

import (
	"context"
	"testing"
	"time"

	"gantry/engine/flow"
	"gantry/fault/faulttest"
)

// TestPartsAreHeldWithTheirRun: they go on with it, and so not before. The handler of a failure is a run of its own.
func TestPartsAreHeldWithTheirRun(t *testing.T) {
	h, _ := open(t)
	ctx := context.Background()
	led := func(n, by, exec int, status flow.Status) {
		e := begun(n, "w", "a", status)
		e.New.Parent, e.New.ParentUnit.Exec = id(by), exec
		h.mustAppend(t, e)
	}
	h.mustAppend(t, begun(1, "w", "a", flow.Running))
	led(2, 1, 0, flow.Running)
	led(3, 2, 4, flow.Running)
	h.mustAppend(t, begun(4, "w", "a", flow.Failed))
	led(5, 4, -1, flow.Running)
	led(6, 1, -1, flow.Succeeded)
	at := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	n, err := h.HoldUnfinished(ctx, at, "restored")
	faulttest.Must(t, err)
	if n != 2 {
		t.Errorf("%d are held", n)
	}
	expect := func(when string, want map[int]int) {
		t.Helper()
		for run := 1; run <= 6; run++ {
			held, err := h.HeldSince(ctx, id(run))
			faulttest.Must(t, err)
			by, isHeld := want[run]
			if isHeld != (held != nil) || isHeld && *held != (HeldRun{id(by), at, "restored"}) {
				t.Errorf("%s: run %d: %+v", when, run, held)
			}
		}
	}
	expect("held", map[int]int{1: 1, 2: 1, 3: 1, 5: 5})
	faulttest.Must(t, h.Release(ctx, id(1)))
	expect("one is let go on", map[int]int{5: 5})
}
