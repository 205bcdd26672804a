package history

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/store"
)

const day = 24 * time.Hour

// daily fills a history: run n of organisation a was made on day n, and so on.
func daily(t *testing.T, days int, organisations ...string) *History {
	t.Helper()
	h, _ := open(t)
	var entries []Entry
	for n := range days {
		for i, organisation := range organisations {
			e := begun(n*10+i, fmt.Sprint("w", n%3), organisation, flow.Succeeded)
			e.New.CreatedAt = morning.Add(time.Duration(n) * day)
			e.New.Inputs = map[string]any{"ticket": int64(1000 + n)}
			entries = append(entries, e)
		}
	}
	h.mustAppend(t, entries...)
	return h
}

func (h *History) everything(t *testing.T) string {
	t.Helper()
	var counts []string
	for _, table := range []string{"runs", "events", "tasks", "requests", "payloads", "run_terms", "removed_runs"} {
		var n int
		if err := h.db.Read().Get(&n, "SELECT count(*) FROM "+table); err != nil {
			t.Fatal(err)
		}
		counts = append(counts, fmt.Sprint(table, " ", n))
	}
	return fmt.Sprint(counts)
}

func TestOldRunsAreRemoved(t *testing.T) {
	cases := []struct {
		name string
		rule Rule
		want []int // the days that are left
	}{
		{"by age", Rule{For: 4 * day}, []int{9, 8, 7, 6}},
		{"by number", Rule{Runs: 3}, []int{9, 8, 7}},
		{"by both, whichever keeps less", Rule{For: 4 * day, Runs: 2}, []int{9, 8}},
		{"by both, the age keeping less", Rule{For: 2 * day, Runs: 5}, []int{9, 8}},
		{"neither", Rule{}, []int{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := daily(t, 10, "a", "b")
			ask := Retention{Now: morning.Add(10 * day), Plan: true, Rule: func(organisation string) Rule {
				return map[string]Rule{"a": c.rule}[organisation]
			}}
			before := h.everything(t)
			planned, err := h.Prune(t.Context(), ask)
			if err != nil || h.everything(t) != before {
				t.Fatalf("planning changed something: %v", err)
			}
			ask.Plan = false
			removed, err := h.Prune(t.Context(), ask)
			if diff := cmp.Diff(planned, removed); diff != "" || err != nil {
				t.Fatalf("%v: otherwise than planned: %s", err, diff)
			}
			left := find(t, h, Filter{OrganisationID: "a"})
			var want []string
			for _, n := range c.want {
				want = append(want, id(n*10))
			}
			if !slices.Equal(left, want) {
				t.Errorf("left are %v, want %v", left, want)
			}
			if n := len(find(t, h, Filter{OrganisationID: "b"})); n != 10 {
				t.Errorf("another organisation has %d runs left", n)
			}
			if n := len(want) + 10; h.everything(t) != fmt.Sprintf("[runs %d events %d tasks 0 requests 0 payloads 0 run_terms %d removed_runs 0]", n, n, n) {
				t.Error(h.everything(t))
			}
		})
	}
}

// TestWhatIsStillNeededStays: runs that have not ended, and families of which something has not.
func TestWhatIsStillNeededStays(t *testing.T) {
	h, _ := open(t)
	run := func(n int, parent string, status flow.Status) {
		e := begun(n, "w", "a", status)
		e.New.Parent = parent
		h.mustAppend(t, e)
	}
	run(1, "", flow.Waiting)
	run(2, "", flow.Failed) // its handler still goes
	run(3, id(2), flow.Running)
	run(4, "", flow.Succeeded) // with all below it
	run(5, id(4), flow.Succeeded)
	run(6, id(5), flow.Failed)
	run(7, "", flow.Succeeded) // somebody has to be told of its end
	if err := h.db.Write(t.Context(), func(tx *store.Tx) error { return NoteUntold(tx, id(7)) }); err != nil {
		t.Fatal(err)
	}
	removed, err := h.Prune(t.Context(), Retention{Now: morning.Add(365 * day), Rule: func(string) Rule { return Rule{For: day} }})
	if err != nil || len(removed) != 1 || removed[0].Runs != 1 || removed[0].Children != 2 {
		t.Errorf("%+v %v", removed, err)
	}
	if left := find(t, h, Filter{Children: true}); !slices.Equal(left, []string{id(7), id(3), id(2), id(1)}) {
		t.Errorf("left are %v", left)
	}
}

// TestLargeFamiliesGoPartByPart: more runs than are removed at once, and a run with more events; also where the process ended in between.
func TestLargeFamiliesGoPartByPart(t *testing.T) {
	h, _ := open(t)
	h.mustAppend(t, begun(0, "w", "a", flow.Succeeded))
	var entries []Entry
	for n := range 3 * smallFamily {
		e := begun(n+1, "w", "a", flow.Succeeded)
		e.New.Parent = id(0)
		for i := range 2 * rowsAtOnce {
			if n == 0 {
				e.Events = append(e.Events, flow.AttemptEnded{At: morning, Unit: flow.Unit{Exec: 0, Item: i}})
			}
		}
		entries = append(entries, e)
	}
	h.mustAppend(t, entries...)
	var family []relative
	if err := h.db.Read().Select(&family, selectFamily, id(0)); err != nil {
		t.Fatal(err)
	}
	err := h.db.Write(t.Context(), func(tx *store.Tx) error { return removeFamily(tx, family) }) // and here the process ends
	if err != nil || len(find(t, h, Filter{})) != 0 {
		t.Fatal(err)
	}
	if _, err := h.Prune(t.Context(), Retention{Rule: func(string) Rule { return Rule{} }}); err != nil {
		t.Fatal(err)
	}
	if h.everything(t) != "[runs 0 events 0 tasks 0 requests 0 payloads 0 run_terms 0 removed_runs 0]" {
		t.Error(h.everything(t))
	}
}
