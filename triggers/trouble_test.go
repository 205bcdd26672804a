package triggers_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gantry/engine"
	"gantry/engine/history"
	"gantry/fault/faulttest"
	"gantry/store"
	"gantry/triggers"
)

// TestDecidingWaitsForRoomOnDisk: decisions that cannot be written are tried again, and lose nothing.
func TestDecidingWaitsForRoomOnDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := prepare(t, map[string]string{"w": hook(`, when: "body.n > 0", inputs: {n: '${{ body.n }}'}`)})
		var ids []string
		for n := range 20 {
			ids = append(ids, b.accept(b.event(map[string]any{"n": int64(n), "much": strings.Repeat("x", 5000)})))
		}
		setPages := func(most int) {
			t.Helper()
			faulttest.Must(t, b.store.Write(ctx, func(tx *store.Tx) error {
				return tx.Get(&most, fmt.Sprintf("PRAGMA max_page_count = %d", most))
			}))
		}
		setPages(1) // no more than there are
		b.start()
		time.Sleep(time.Minute)
		if _, own := b.Waiting(b.northwind.ID); own == 0 {
			t.Fatal("nothing waits: the disk was not full")
		}
		setPages(1_000_000)
		for n, id := range ids {
			if d := b.decided(id); d.Status != map[bool]triggers.Status{true: triggers.Started, false: triggers.Filtered}[n > 0] {
				t.Errorf("event %d is %+v", n, d)
			}
		}
	})
}

// TestOverlap: what a schedule says about overlap is a limit of its own for each organisation.
func TestOverlap(t *testing.T) {
	waits := "triggers:\n  - {name: tick, type: interval, every: 1m, run_for: {all_managed: true}, overlap: OVERLAP}\ntasks: {a: {action: core.delay, with: {duration: 1h}}}\n"
	cases := map[string]struct {
		second triggers.Status
		first  string // what the first run is when the second event is decided and everything rests
	}{
		"skip":   {second: triggers.Skipped, first: "waiting"},
		"queue":  {second: triggers.Started, first: "waiting"},
		"cancel": {second: triggers.Started, first: "cancelled"},
	}
	for overlap, c := range cases {
		t.Run(overlap, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := setup(t, map[string]string{"w": strings.Replace(waits, "OVERLAP", overlap, 1)})
				tick := triggers.Event{Key: triggers.Key{Workflow: "w", Trigger: "tick"}, Type: "interval", OrganisationID: b.northwind.ID, Data: map[string]any{"due": "2026-03-01T08:00:00Z"}}
				first := b.decide(tick)
				time.Sleep(time.Second)
				second := b.decide(tick)
				if second.Status != c.second || second.Status == triggers.Skipped && !strings.Contains(second.Why, first.Run[:8]) {
					t.Errorf("the second is %+v", second)
				}
				other := tick
				other.OrganisationID = b.contoso.ID
				if d := b.decide(other); d.Status != triggers.Started {
					t.Errorf("that of another organisation is %+v", d)
				}
				time.Sleep(time.Second)
				run, err := b.history.Show(ctx, first.Run)
				faulttest.Must(t, err)
				if string(run.Status) != c.first {
					t.Errorf("the first run is %s", run.Status)
				}
			})
		})
	}
}

// TestAnEndTooLargeToKeep: the run ends all the same, and what would have followed is kept as failed.
func TestAnEndTooLargeToKeep(t *testing.T) {
	b := setup(t, map[string]string{"w": worker, "l": listening("run_for: {this: true}, " + passes)})
	end := engine.Ended{Run: history.Run{ID: "r", Workflow: "w", OrganisationID: b.contoso.ID, Status: "succeeded", Outputs: map[string]any{"n": strings.Repeat("x", 17<<20)}}}
	faulttest.Must(t, b.store.Write(ctx, func(tx *store.Tx) error { return b.RunEnded(tx, end) }))
	events, err := b.Events(ctx, triggers.EventFilter{})
	faulttest.Must(t, err)
	if len(events) != 1 || events[0].Status != triggers.Failed || events[0].Error.Code != "too_large" {
		t.Errorf("kept as %+v", events)
	}
}
