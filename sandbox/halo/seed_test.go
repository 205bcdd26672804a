package halo

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSeedIsTheSameEachTime(t *testing.T) {
	at := newClock().now
	a, b, other := seeded(at, 0), seeded(at, 0), seeded(at, 1)
	dump := func(st *state) string {
		var all []byte
		for _, name := range slices.Sorted(maps.Keys(resources())) {
			res := resources()[name]
			for _, r := range st.table(res.home()).rows {
				all = appendJSON(all, st.view(res, r, true, false))
			}
		}
		return string(all)
	}
	if dump(a) != dump(b) {
		t.Error("two worlds of the same seed differ")
	}
	if dump(a) == dump(other) {
		t.Error("another seed gives the same world")
	}
}

func TestSeedIsOfItsTime(t *testing.T) {
	clock := newClock()
	st := seeded(clock.now, 0)
	oldest, newest := clock.now(), time.Time{}
	open := 0
	for _, r := range st.table("Tickets").rows {
		at := dateOf(r.text("dateoccurred"))
		if r.text("~use") == "ticket" && at.Before(oldest) {
			oldest = at
		}
		if at.After(newest) {
			newest = at
		}
		if !isClosed(r) {
			open++
		}
		if last := dateOf(r.text("lastactiondate")); last.After(clock.now()) || last.Before(at) {
			t.Errorf("ticket %d: last action at %s", r.int("id"), last)
		}
	}
	if newest.After(clock.now()) || clock.now().Sub(newest) > 8*time.Hour || clock.now().Sub(oldest) < 30*24*time.Hour {
		t.Errorf("from %s to %s", oldest, newest)
	}
	if open < 40 || open > 110 {
		t.Errorf("%d tickets are open", open)
	}
}

func TestSeedHoldsTogether(t *testing.T) {
	st := seeded(newClock().now, 0)
	for name, want := range map[string]int{"Client": 14, "Users": 66, "Agent": 12, "Team": 7, "Tickets": 182, "Status": 9, "Priority": 8} {
		if got := len(st.table(name).rows); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
	for _, res := range resources() {
		for _, r := range st.table(res.home()).rows {
			for name, table := range res.refs {
				if id := r.int(name); id > 0 && st.find(table, id) == nil {
					t.Errorf("%s %s: %s %d is not there", res.name, textOf(r["id"]), name, id)
				}
			}
			for name := range r {
				if _, known := schemas()[res.schema].field(name); !known && !strings.HasPrefix(name, "~") && (name != "id" || res.number == "") {
					t.Errorf("%s: Halo has no field %s", res.name, name)
				}
			}
		}
	}
}

func TestClients(t *testing.T) {
	te := start(t, Options{})
	list := te.halo.Clients()
	if len(list) != 14 || list[1] != (ClientRef{12, "Northwind Dental"}) {
		t.Errorf("%v", list)
	}
}

// TestStartOnAllAddresses: what is told as its address can be called, which 0.0.0.0 and [::] cannot everywhere.
func TestStartOnAllAddresses(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0"} {
		s := New(Options{})
		base, err := s.Start(address)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(base, "http://127.0.0.1:") {
			t.Errorf("%s: %s", address, base)
		}
		te := &tenant{t: t, halo: s, base: base, clock: newClock()}
		te.token = te.login("all")
		te.get("/api/tickets")
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestStart(t *testing.T) {
	s := New(Options{})
	base, err := s.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Credentials(); got != (Credentials{base, "acme-msp", DefaultClientID, DefaultClientSecret}) {
		t.Errorf("%+v", got)
	}
	if _, err := s.Start("127.0.0.1:0"); err == nil {
		t.Error("started twice")
	}
	te := &tenant{t: t, halo: s, base: base, clock: newClock()}
	te.token = te.login("all")
	te.get("/api/tickets")
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := s.Start("nonsense"); err == nil {
		t.Error("listens on nonsense")
	}
}
