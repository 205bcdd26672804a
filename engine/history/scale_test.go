package history

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gantry/engine/flow"
	"gantry/store"
)

// someRuns fills a history with runs that differ in everything that lists can be narrowed by.
func someRuns(t *testing.T, count int) (*History, []Run) {
	t.Helper()
	h, _ := open(t)
	random := rand.New(rand.NewPCG(5, 12))
	statuses := []flow.Status{flow.Succeeded, flow.Succeeded, flow.Succeeded, flow.Failed, flow.TimedOut, flow.Cancelled, flow.Running, flow.Waiting}
	var entries []Entry
	var all []Run
	for n := range count {
		status := statuses[random.IntN(len(statuses))]
		e := begun(n, fmt.Sprint("w", random.IntN(3)), string(rune('a'+random.IntN(4))), status)
		e.New.Inputs["client"] = fmt.Sprint("client ", n%3)
		e.New.CreatedAt = morning.Add(time.Duration(random.IntN(count)) * time.Minute) // clocks are put back, ids are made elsewhere
		e.New.TriggerType, e.New.TriggerName = []string{"webhook", "schedule"}[random.IntN(2)], fmt.Sprint("t", random.IntN(2))
		if random.IntN(3) == 0 {
			e.New.Parent = id(count)
		}
		entries = append(entries, e)
		all = append(all, Run{ID: e.Run, Workflow: e.New.Workflow, OrganisationID: e.New.Organisation, Status: status, TriggerType: e.New.TriggerType,
			TriggerName: e.New.TriggerName, Parent: e.New.Parent, CreatedAt: e.New.CreatedAt})
	}
	h.mustAppend(t, entries...)
	slices.SortFunc(all, func(a, b Run) int {
		return newestFirst(place{ID: a.ID, At: a.CreatedAt.UnixNano()}, place{ID: b.ID, At: b.CreatedAt.UnixNano()})
	})
	return h, all
}

// everyFilter gives all combinations of what a list can be narrowed by, with a value that some runs have, and with one that none has.
func everyFilter(minutes int) []Filter {
	filters := []Filter{{}}
	with := func(changes ...func(*Filter)) {
		var more []Filter
		for _, f := range filters {
			for _, change := range changes {
				one := f
				change(&one)
				more = append(more, one)
			}
		}
		filters = append(filters, more...)
	}
	with(func(f *Filter) { f.Workflow = "w1" })
	with(func(f *Filter) { f.OrganisationID = "b" }, func(f *Filter) { f.OrganisationIDs = []string{"a", "c", "nobody"} }, func(f *Filter) { f.OrganisationIDs = []string{} })
	with(func(f *Filter) { f.Status = flow.Failed }, func(f *Filter) { f.Status = flow.Running }, func(f *Filter) { f.Status = flow.Queued })
	with(func(f *Filter) { f.TriggerType = "webhook" }, func(f *Filter) { f.TriggerType = "none" })
	with(func(f *Filter) { f.TriggerName = "t1" })
	with(func(f *Filter) { f.Since = morning.Add(time.Duration(minutes/3) * time.Minute) })
	with(func(f *Filter) { f.Until = morning.Add(time.Duration(minutes/2) * time.Minute) })
	with(func(f *Filter) { f.Children = true })
	return filters
}

// passes is the filter in plain words.
func passes(f Filter, r Run) bool {
	return (f.Workflow == "" || r.Workflow == f.Workflow) && (f.OrganisationID == "" || r.OrganisationID == f.OrganisationID) &&
		(f.OrganisationIDs == nil || slices.Contains(f.OrganisationIDs, r.OrganisationID)) && (f.Status == "" || r.Status == f.Status) &&
		(f.TriggerType == "" || r.TriggerType == f.TriggerType) && (f.TriggerName == "" || r.TriggerName == f.TriggerName) &&
		(f.Since.IsZero() || !r.CreatedAt.Before(f.Since)) && (f.Until.IsZero() || r.CreatedAt.Before(f.Until)) && (f.Children || r.Parent == "")
}

// TestEveryCombinationOfFilters: pages of every combination hold what they should, in order, none twice and none left out.
func TestEveryCombinationOfFilters(t *testing.T) {
	everyCombination(t, "")
}

// TestPassingOver: likewise where groups are so many that runs are passed over one by one, a few for each page.
func TestPassingOver(t *testing.T) {
	streams, listed, passed := mostStreams, mostListed, mostPassed
	mostStreams, mostListed, mostPassed = 0, 0, 7
	defer func() { mostStreams, mostListed, mostPassed = streams, listed, passed }()
	everyCombination(t, "")
}

// TestSearchingOn: likewise of what has a term, looked at in parts.
func TestSearchingOn(t *testing.T) {
	everyCombination(t, "client 1")
	searched, atOnce := mostSearched, searchedAtOnce
	mostSearched, searchedAtOnce = 17, 3
	defer func() { mostSearched, searchedAtOnce = searched, atOnce }()
	everyCombination(t, "client 1")
}

func everyCombination(t *testing.T, search string) {
	t.Helper()
	const count = 200
	h, all := someRuns(t, count)
	for _, f := range everyFilter(count) {
		var want, got []string
		for _, r := range all {
			if passes(f, r) && (search == "" || searched(t, r, search)) {
				want = append(want, r.ID)
			}
		}
		f.Limit, f.Search = 13, search
		for page := 0; ; page++ {
			runs, next, err := h.Page(t.Context(), f)
			if err != nil || page > count {
				t.Fatalf("%+v: page %d: %v", f, page, err)
			}
			for _, r := range runs {
				got = append(got, r.ID)
			}
			if f.Before = next; next == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%+v: %d runs, want %d\n%v\n%v", f, len(got), len(want), got, want)
		}
	}
}

// searched tells whether a run of someRuns is found by a client: those that others started are not.
func searched(t *testing.T, r Run, client string) bool {
	t.Helper()
	n, err := strconv.Atoi(r.ID[24:])
	if err != nil {
		t.Fatal(err)
	}
	return r.Parent == "" && client == fmt.Sprint("client ", n%3)
}

// plan gives how SQLite goes about a statement.
func plan(t *testing.T, h *History, query string, args ...any) string {
	t.Helper()
	var steps []struct {
		ID     int    `db:"id"`
		Parent int    `db:"parent"`
		Unused int    `db:"notused"`
		Detail string `db:"detail"`
	}
	if err := h.db.Read().Select(&steps, "EXPLAIN QUERY PLAN "+query, args...); err != nil {
		t.Fatal(err, query)
	}
	var text strings.Builder
	for _, step := range steps {
		text.WriteString(step.Detail + "\n")
	}
	return text.String()
}

// TestPlans: no combination of filters reads runs that it does not show, but for a bounded number, or sorts more than a page
// of each group that is on it; whether SQLite has statistics or not.
func TestPlans(t *testing.T) {
	h, _ := someRuns(t, 200)
	for _, analysed := range []bool{false, true} {
		if analysed {
			if err := h.db.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec("ANALYZE"); return err }); err != nil {
				t.Fatal(err)
			}
		}
		seen := map[string]bool{}
		for _, f := range everyFilter(200) {
			c, none, err := h.choose(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			s, err := h.spanOf(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			query, args := c.query(s)
			if none || seen[query] {
				continue
			}
			seen[query] = true
			goesByKey(t, h, query, args...)
		}
		if len(seen) != 6 {
			t.Errorf("%d statements", len(seen))
		}
		s := span{limit: 50}
		goesByKey(t, h, passing, s.args()...)
		goesByKey(t, h, passingEnded, s.args("failed", "webhook")...)
		goesByKey(t, h, passingLive, s.args("waiting", `["webhook"]`)...)
		goesByKey(t, h, selectTerm, s.args("x", `["y"]`)...)
		goesByKey(t, h, byBegin, "0190", 3)
		goesByKey(t, h, byTail, "0190", 3, "%0910")
		goesByKey(t, h, selectUnfinished)
		goesByKey(t, h, selectEvents, id(1), 0, -1, -1, nil, nil)
	}
}

func goesByKey(t *testing.T, h *History, query string, args ...any) {
	t.Helper()
	text := plan(t, h, query, args...)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		reads := strings.HasPrefix(line, "SCAN ") && !strings.Contains(line, "VIRTUAL TABLE") && line != "SCAN heads" && line != "SCAN known" && !strings.HasPrefix(line, "SCAN (subquery-") && line != "SCAN cut" && line != "SCAN CONSTANT ROW"
		if reads && !strings.Contains(line, "runs_unfinished") {
			t.Errorf("%q in\n%s\n%s", line, text, query)
		}
		if strings.Contains(line, "AUTOMATIC") {
			t.Errorf("%q in\n%s\n%s", line, text, query)
		}
	}
	sorts := strings.Count(text, "USE TEMP B-TREE")
	if merges := strings.Contains(text, "heads"); sorts > 0 && !merges || sorts > 2 {
		t.Errorf("%d sorts in\n%s\n%s", sorts, text, query)
	}
}

func ids(runs []Run) []string {
	var all []string
	for _, r := range runs {
		all = append(all, r.ID)
	}
	return all
}

func find(t *testing.T, h *History, f Filter) []string {
	t.Helper()
	runs, err := h.Runs(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	return ids(runs)
}
