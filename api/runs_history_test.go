package api

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gantry/access"
	"gantry/fault"
	"gantry/orgs"
)

// TestSearchingRuns: page by page, and nobody finds what is not theirs, not even that it is there.
func TestSearchingRuns(t *testing.T) {
	w := newWorld(t)
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	var ours []string
	for n := range 5 {
		ours = append(ours, w.run("greet/hello", w.contoso, map[string]any{"name": "Dental Ada", "times": int64(n)}))
	}
	theirs := w.run("greet/hello", w.northwind, map[string]any{"name": "Dental Ada"})
	slices.Reverse(ours)
	for _, c := range []struct {
		text string
		who  *access.Caller
		want []string
	}{
		{"dental", viewer, ours}, {"DENTAL ada", viewer, ours}, {"greet", viewer, ours}, {ours[2][24:], viewer, ours[2:3]}, {"nobody", viewer, nil},
		{theirs, viewer, nil}, {theirs[24:], viewer, nil}, {theirs, local, []string{theirs}}, {"dental", local, append([]string{theirs}, ours...)},
	} {
		var got []string
		page := &ListRunsIn{Search: c.text, Limit: 2}
		for pages := 0; ; pages++ {
			out := must[ListRunsOut](t)(ListRuns.Call(t.Context(), w.as(c.who), page)).Body
			if len(out.Runs) > 2 || pages > 10 {
				t.Fatalf("%d runs on page %d", len(out.Runs), pages)
			}
			for _, r := range out.Runs {
				got = append(got, r.ID)
			}
			if page.Before = out.Next; page.Before == "" {
				break
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q finds %v, want %v", c.text, got, c.want)
		}
	}
	_, err := ListRuns.Call(t.Context(), w.as(viewer), &ListRunsIn{Search: strings.Repeat("x", 201)})
	refused(t, err, fault.Usage, "at most 200 characters")
}

// TestRunsBetween: since and until count each on its own, also where they are the same, which leaves no time between them.
func TestRunsBetween(t *testing.T) {
	w := newWorld(t)
	id := w.run("greet/hello", w.contoso, map[string]any{"name": "Ada"})
	run := must[ShowRunOut](t)(ShowRun.Call(t.Context(), w.as(local), &ShowRunIn{OfRunIn: OfRunIn{id}})).Body
	at, later := run.CreatedAt.Format(time.RFC3339Nano), run.CreatedAt.Add(time.Minute).Format(time.RFC3339Nano)
	for _, c := range []struct {
		since, until string
		want         int
	}{{at, later, 1}, {at, "", 1}, {"", later, 1}, {"", at, 0}, {later, "", 0}, {at, at, 0}, {later, later, 0}} {
		for range 8 { // a set of texts comes in any order
			got := must[ListRunsOut](t)(ListRuns.Call(t.Context(), w.as(local), &ListRunsIn{Since: c.since, Until: c.until})).Body.Runs
			if len(got) != c.want {
				t.Fatalf("%d runs since %q until %q, want %d", len(got), c.since, c.until, c.want)
			}
		}
	}
	_, err := ListRuns.Call(t.Context(), w.as(local), &ListRunsIn{Since: at, Until: "noon"})
	refused(t, err, fault.Usage, `"noon" is not a time`)
}

// TestLargeResults are left out where that is asked for, and given one by one, to those who may see the run.
func TestLargeResults(t *testing.T) {
	w := newWorld(t)
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	_, stranger := w.program("stranger", access.Admin, w.northwind)
	name := strings.Repeat("x", 400_000)
	run := OfRunIn{w.run("greet/hello", w.contoso, map[string]any{"name": name})}
	small := OfRunIn{w.run("greet/hello", w.contoso, map[string]any{"name": "Bob"})}
	for word, left := range map[string]int{"full": 0, "": 0, "small": 1, "none": 1, "omit": -1} {
		out, err := ShowRun.Call(t.Context(), w.as(viewer), &ShowRunIn{OfRunIn: run, Results: word})
		if left < 0 {
			refused(t, err, fault.Usage, "results is full, small or none")
			continue
		}
		task := must[ShowRunOut](t)(out, err).Body.Tasks[0]
		if (task.Result == nil) != (left > 0) || (task.Left >= 400_000) != (left > 0) {
			t.Errorf("%q: %.20v, %d left out", word, task.Result, task.Left)
		}
		task = must[ShowRunOut](t)(ShowRun.Call(t.Context(), w.as(viewer), &ShowRunIn{OfRunIn: small, Results: word})).Body.Tasks[0]
		if task.Result == nil || task.Left > 0 {
			t.Errorf("%q: a small one is left out", word)
		}
	}
	got := must[ShowResultOut](t)(ShowResult.Call(t.Context(), w.as(viewer), &ShowResultIn{OfRunIn: run, Task: "say"})).Body.Result
	if said, _ := got.(map[string]any); said["said"] != "Hello "+name {
		t.Errorf("%.50v", got)
	}
	_, err := ShowResult.Call(t.Context(), w.as(viewer), &ShowResultIn{OfRunIn: run, Task: "c"})
	refused(t, err, fault.Missing, "no execution 1 of a task c")
	for _, task := range []string{"say", "c"} { // no telling what there is
		_, err = ShowResult.Call(t.Context(), w.as(stranger), &ShowResultIn{OfRunIn: run, Task: task})
		refused(t, err, fault.Missing, "there is no run")
	}
}

// TestWhoPrunes: administrators, of what is theirs alone.
func TestWhoPrunes(t *testing.T) {
	w := newWorld(t)
	_, admin := w.program("admin", access.Admin, w.contoso)
	_, operator := w.program("operator", access.Operator, w.contoso)
	_, reader := w.program("reader", access.Admin, w.contoso, access.RunsRead)
	var runs []string
	for _, org := range []orgs.Organisation{w.msp, w.contoso, w.contoso, w.labs, w.labs, w.northwind, w.northwind} {
		runs = append(runs, w.run("greet/hello", org, map[string]any{"name": "Bob"}))
	}
	prune := func(organisation string, keep int, plan bool) *PruneRunsIn {
		in := &PruneRunsIn{}
		in.Body.Organisation, in.Body.Keep, in.Body.Plan = organisation, keep, plan
		return in
	}
	for _, c := range []struct {
		who  *access.Caller
		org  string
		code fault.Code
		says string
	}{
		{admin, "", fault.Missing, "say of which organisation"}, {admin, "northwind", fault.Missing, "There is no organisation"}, {admin, "nobody", fault.Missing, "There is no organisation"},
		{operator, "contoso", fault.Denied, ""}, {reader, "contoso", fault.Denied, ""},
	} {
		for _, plan := range []bool{true, false} {
			_, err := PruneRuns.Call(t.Context(), w.as(c.who), prune(c.org, 1, plan))
			refused(t, err, c.code, c.says)
		}
	}
	_, err := PruneRuns.Call(t.Context(), w.as(admin), prune("contoso", 0, true))
	refused(t, err, fault.Usage, "not said which runs")
	bad := prune("contoso", 0, true)
	bad.Body.OlderThan = "-3d"
	_, err = PruneRuns.Call(t.Context(), w.as(admin), bad)
	refused(t, err, fault.Usage, "not a duration")
	left := func() (ids []string) {
		for _, r := range must[ListRunsOut](t)(ListRuns.Call(t.Context(), w.as(local), &ListRunsIn{})).Body.Runs {
			ids = append(ids, r.ID)
		}
		slices.Sort(ids)
		return ids
	}
	planned := must[PruneRunsOut](t)(PruneRuns.Call(t.Context(), w.as(admin), prune("contoso", 1, true))).Body
	if !slices.Equal(left(), runs) || len(planned.Removed) != 2 || planned.Removed[0].Organisation != "contoso" || planned.Removed[0].Runs != 1 || planned.Removed[1].Organisation != "contoso-labs" {
		t.Fatalf("planned %+v, left are %v", planned, left())
	}
	removed := must[PruneRunsOut](t)(PruneRuns.Call(t.Context(), w.as(admin), prune("contoso", 1, false))).Body
	if want := []string{runs[0], runs[2], runs[4], runs[5], runs[6]}; !slices.Equal(left(), want) || len(removed.Removed) != 2 {
		t.Errorf("removed %+v, left are %v, want %v", removed, left(), want)
	}
	must[PruneRunsOut](t)(PruneRuns.Call(t.Context(), w.as(local), prune("", 1, false)))
	if want := []string{runs[0], runs[2], runs[4], runs[6]}; !slices.Equal(left(), want) {
		t.Errorf("left are %v, want %v", left(), want)
	}
}
