package triggers_test

import (
	"errors"
	"testing"
	"time"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/store"
	"gantry/triggers"
)

// count asks the database.
func (b *bench) count(query string, args ...any) (n int) {
	b.t.Helper()
	faulttest.Must(b.t, b.store.Read().Get(&n, query, args...))
	return n
}

func TestAcceptKeepsAllOrNothing(t *testing.T) {
	b := prepare(t, map[string]string{"w": hook("")})
	events := []triggers.Event{b.event(1), b.event(2), b.event(3)}
	broken := errors.New("broken")
	_, err := b.Accept(ctx, events, func(tx *store.Tx) error { return broken })
	if !errors.Is(err, broken) || b.count("SELECT count(*) FROM trigger_events") != 0 {
		t.Fatalf("with %v, %d events are kept", err, b.count("SELECT count(*) FROM trigger_events"))
	}
	bad := b.event(nil)
	bad.OrganisationID = ""
	_, err = b.Accept(ctx, append(events, bad), nil)
	faulttest.Want(t, err, fault.InvalidInput)
	bad = b.event(make(chan int))
	_, err = b.Accept(ctx, append(events, bad), nil)
	faulttest.Want(t, err, fault.InvalidInput, "w / hook")
	var seen int
	accepted, err := b.Accept(ctx, events, func(tx *store.Tx) error { return tx.Get(&seen, "SELECT count(*) FROM trigger_events") })
	faulttest.Must(t, err)
	if seen != 3 || len(accepted) != 3 || accepted[0].ID >= accepted[1].ID {
		t.Errorf("accepted %+v, and also saw %d", accepted, seen)
	}
}

func TestOnce(t *testing.T) {
	b := prepare(t, map[string]string{"w": hook("")})
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	b.now = func() time.Time { return at }
	e := b.event(1)
	e.Once, e.OnceUntil = "delivery-1", at.Add(time.Hour)
	other := e
	other.OrganisationID = b.contoso.ID
	accepted, err := b.Accept(ctx, []triggers.Event{e, e, other}, nil)
	faulttest.Must(t, err)
	if accepted[0].Duplicate || !accepted[1].Duplicate || accepted[1].ID != accepted[0].ID || accepted[2].Duplicate {
		t.Fatalf("accepted as %+v", accepted)
	}
	at = at.Add(59 * time.Minute)
	if again, err := b.Accept(ctx, []triggers.Event{e}, nil); err != nil || !again[0].Duplicate {
		t.Errorf("before it is forgotten: %+v %v", again, err)
	}
	at = at.Add(time.Minute)
	faulttest.Must(t, b.Tidy(ctx))
	e.OnceUntil = time.Time{} // as long as events are kept
	if again, err := b.Accept(ctx, []triggers.Event{e}, nil); err != nil || again[0].Duplicate {
		t.Errorf("when it may be forgotten: %+v %v", again, err)
	}
	at = at.Add(6 * 24 * time.Hour)
	faulttest.Must(t, b.Tidy(ctx))
	if again, err := b.Accept(ctx, []triggers.Event{e}, nil); err != nil || !again[0].Duplicate {
		t.Errorf("six days later: %+v %v", again, err)
	}
}

// TestOnceOfAPendingEventIsNotForgotten: however long the event waits.
func TestOnceOfAPendingEventIsNotForgotten(t *testing.T) {
	b := prepare(t, map[string]string{"w": hook("")})
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	b.now = func() time.Time { return at }
	e := b.event(1)
	e.Once, e.OnceUntil = "delivery-1", at.Add(time.Second)
	b.accept(e)
	at = at.Add(time.Hour)
	faulttest.Must(t, b.Tidy(ctx))
	if n := b.count("SELECT count(*) FROM trigger_once"); n != 1 {
		t.Errorf("%d are remembered, want 1", n)
	}
}

func TestRoom(t *testing.T) {
	b := prepare(t, map[string]string{"w": hook("")})
	b.close()
	b.options.Queue = triggers.Queue{Limit: 5, PerOrganisation: 3}
	b.open()
	if ok, _ := b.Room(b.northwind.ID); ok {
		t.Error("there is room before Start")
	}
	e0 := &stuck{}
	faulttest.Must(t, b.Service.Start(ctx, e0))
	t.Cleanup(e0.release)
	expect := func(northwind, contoso bool) {
		t.Helper()
		if ok, again := b.Room(b.northwind.ID); ok != northwind || !ok && again <= 0 {
			t.Errorf("room for Northwind: %v, ask again after %s", ok, again)
		}
		if ok, _ := b.Room(b.contoso.ID); ok != contoso {
			t.Errorf("room for Contoso: %v", ok)
		}
	}
	expect(true, true)
	b.accept(b.event(1))
	b.accept(b.event(2))
	expect(true, true)
	b.accept(b.event(3))
	expect(false, true)
	e := b.event(4)
	e.OrganisationID = b.contoso.ID
	b.accept(e)
	b.accept(e)
	expect(false, false)
}
