package triggers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
	"gantry/triggers"
)

// TestWhatIsPendingIsDecidedAfterTheNextStart: also what was accepted while nothing was started.
func TestWhatIsPendingIsDecidedAfterTheNextStart(t *testing.T) {
	b := prepare(t, map[string]string{"w": hook(`, inputs: {n: '${{ body }}'}`)})
	var ids []string
	for n := range 300 { // more than is held in memory
		ids = append(ids, b.accept(b.event(int64(n))))
	}
	b.options.Keep.Events = 1000
	b.again()
	for n, id := range ids {
		d := b.decided(id)
		if d.Status != triggers.Started {
			t.Fatalf("event %d is %+v", n, d)
		}
		if run := b.run(d.Run); run.Outputs["n"] != int64(n) {
			t.Fatalf("the run of event %d gives %v", n, run.Outputs)
		}
	}
	if total, own := b.Waiting(b.northwind.ID); total != 0 || own != 0 {
		t.Errorf("%d and %d are counted as waiting", total, own)
	}
}

// sideBySide is how many events are decided at the same time, in no order.
const sideBySide = 128

// TestTurnsGoRound: one organisation's flood does not hold up another's event.
func TestTurnsGoRound(t *testing.T) {
	b := prepare(t, map[string]string{"w": hook("")})
	var flood []triggers.Event
	for n := range 1000 {
		flood = append(flood, b.event(n))
	}
	_, err := b.Accept(ctx, flood, nil)
	faulttest.Must(t, err)
	single := b.event("single")
	single.OrganisationID = b.contoso.ID
	b.accept(single)
	e := &stuck{rings: make(chan struct{}, 2000)}
	faulttest.Must(t, b.Service.Start(ctx, e))
	t.Cleanup(e.release)
	for range sideBySide {
		<-e.rings
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, req := range e.asked {
		if req.Organisation.ID == b.contoso.ID {
			return
		}
	}
	t.Error("the single event of Contoso is not among the first")
}

// TestAFullDisk: what cannot be kept is refused whole, and said; what was accepted waits and is decided when
// there is room again.
func TestAFullDisk(t *testing.T) {
	b := prepare(t, map[string]string{"w": hook("")})
	waits := b.accept(b.event("before"))
	full := func(is bool) {
		t.Helper()
		faulttest.Must(t, b.store.Write(ctx, func(tx *store.Tx) error {
			var pages int
			if err := tx.Get(&pages, "PRAGMA page_count"); err != nil {
				return err
			}
			if !is {
				pages += 1_000_000
			}
			return tx.Get(&pages, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
		}))
	}
	full(true)
	big := b.event(strings.Repeat("x", 1<<20))
	_, err := b.Accept(ctx, []triggers.Event{b.event(1), big}, nil)
	faulttest.Want(t, err, fault.Storage, "disk is full")
	if n := b.count("SELECT count(*) FROM trigger_events"); n != 1 {
		t.Fatalf("%d events are kept, want 1", n)
	}
	full(false)
	b.start()
	if d := b.decided(waits); d.Status != triggers.Started {
		t.Errorf("what waited is %+v", d)
	}
	if d := b.decide(big); d.Status != triggers.Started {
		t.Errorf("what was sent again is %+v", d)
	}
}

// TestOldEventsGo: of each trigger and organisation the newest stay, none for too long, and none that is pending.
func TestOldEventsGo(t *testing.T) {
	b := prepare(t, map[string]string{"w": hook(`, when: "false"`)})
	b.close()
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	b.now = func() time.Time { return at }
	b.options.Keep = triggers.Keep{Events: 10, For: time.Hour}
	b.open()
	b.start()
	var last string
	for range 60 {
		last = b.accept(b.event(nil))
		b.decided(last)
	}
	other := b.event(nil)
	other.OrganisationID = b.contoso.ID
	b.decide(other)
	if n := b.count("SELECT count(*) FROM trigger_events WHERE organisation_id = ?", b.northwind.ID); n < 10 || n >= 10+16 {
		t.Errorf("%d events are kept, want 10 or a few more", n)
	}
	if _, err := b.Event(ctx, last); err != nil {
		t.Errorf("the newest has gone: %v", err)
	}
	b.close()
	b.open() // not started: what comes now waits
	b.accept(b.event(nil))
	at = at.Add(2 * time.Hour)
	faulttest.Must(t, b.Tidy(ctx))
	if all, kept := b.count("SELECT count(*) FROM trigger_events"), b.count("SELECT count(*) FROM trigger_kept"); all != 1 || kept != 0 {
		t.Errorf("%d events and %d counters are left, want the pending one", all, kept)
	}
	_, err := b.Event(ctx, last)
	faulttest.Want(t, err, fault.Missing)
}

// TestFailedEventsAreNotPushedOut: those that somebody has to look at stay, however many others come.
func TestFailedEventsAreNotPushedOut(t *testing.T) {
	b := prepare(t, map[string]string{"w": hook(`, when: "body / body == 2"`)})
	b.close()
	b.options.Keep = triggers.Keep{Events: 5}
	b.open()
	b.start()
	failed := b.accept(b.event(int64(0)))
	if d := b.decided(failed); d.Status != triggers.Failed {
		t.Fatalf("%+v", d)
	}
	for range 40 {
		b.decide(b.event(int64(1)))
	}
	if _, err := b.Event(ctx, failed); err != nil {
		t.Errorf("the failed one has gone: %v", err)
	}
	for range 40 {
		b.decide(b.event(int64(0)))
	}
	if n := b.count("SELECT count(*) FROM trigger_events"); n > 2*(5+16) {
		t.Errorf("%d events are kept", n)
	}
	if n := b.count("SELECT events + failed FROM trigger_kept"); n != b.count("SELECT count(*) FROM trigger_events") {
		t.Errorf("%d are counted", n)
	}
}

// TestAnOrganisationThatGoesMeanwhile: its events are kept, and start nothing.
func TestAnOrganisationThatGoesMeanwhile(t *testing.T) {
	b := prepare(t, map[string]string{"w": hook("")})
	id := b.accept(b.event(1))
	off := false
	_, err := b.orgs.Update(ctx, b.northwind.ID, orgs.Changes{Enabled: &off})
	faulttest.Must(t, err)
	b.start()
	if d := b.decided(id); d.Status != triggers.Skipped || !strings.Contains(d.Why, "disabled") {
		t.Errorf("decided as %+v", d)
	}
}
