package server

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gantry/engine"
	"gantry/engine/history"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/project"
)

// TestTheServerRemovesOldRuns: by what gantry.yaml says for all, and for an organisation and those below it; what has not
// ended stays, and the log says what went.
func TestTheServerRemovesOldRuns(t *testing.T) {
	const day = 24 * time.Hour
	var passed atomic.Int64
	began := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	r := newRunning(t, map[string]string{"workflows/w.yaml": "tasks: {a: {action: core.noop}}\n", "workflows/long.yaml": "tasks: {a: {action: core.ask, with: {question: Buy?, buttons: [yes], who: {users: [dana]}}}}\n"})
	r.start(func(o *Options) {
		o.Now = func() time.Time { return began.Add(time.Duration(passed.Load())) }
		o.Settings.History = project.History{Keep: project.Keep{For: 90 * day}, Organisations: map[string]project.Keep{"contoso": {For: 30 * day, Runs: 2}}}
	})
	root, err := r.data.Orgs.Root(t.Context())
	faulttest.Must(t, err)
	make1 := func(slug, parent string) orgs.Organisation {
		org, err := r.data.Orgs.Create(t.Context(), orgs.NewOrganisation{Slug: slug, Name: slug, Parent: parent})
		faulttest.Must(t, err)
		return org
	}
	contoso := make1("contoso", root.Slug)
	labs := make1("labs", "contoso")
	other := make1("other", root.Slug)
	all := []orgs.Organisation{root, contoso, labs, other}
	begin := func(workflow string, org orgs.Organisation) string {
		id, err := r.engine.Start(t.Context(), engine.Request{Workflow: workflow, Organisation: org})
		faulttest.Must(t, err)
		return id
	}
	long := begin("long", contoso)
	for _, at := range []time.Duration{0, 50 * day, 80 * day, 81 * day, 82 * day} {
		passed.Store(int64(at))
		for _, org := range all {
			_, err := r.engine.Wait(t.Context(), begin("w", org))
			faulttest.Must(t, err)
		}
	}
	left := func(org orgs.Organisation) (days []int) {
		runs, err := r.data.History.Runs(t.Context(), history.Filter{OrganisationID: org.ID, Workflow: "w"})
		faulttest.Must(t, err)
		for _, run := range runs {
			days = append(days, int(run.CreatedAt.Sub(began)/day))
		}
		return days
	}
	passed.Store(int64(100 * day))
	faulttest.Must(t, r.tidyOnce(t.Context()))
	for _, org := range all {
		want := []int{82, 81, 80, 50} // 90 days, which the first is older than
		if org.ID == contoso.ID || org.ID == labs.ID {
			want = []int{82, 81}
		}
		if got := left(org); !slices.Equal(got, want) {
			t.Errorf("%s has runs of the days %v left, want %v", org.Slug, got, want)
		}
	}
	if run, err := r.data.History.Get(t.Context(), long); err != nil || run.Status.Ended() {
		t.Errorf("a run that goes on: %+v %v", run, err)
	}
	if log := r.log.String(); strings.Count(log, "old runs were removed from the history") != 4 {
		t.Error(log)
	}
	var figures int // that are not added up
	if err := r.data.Store.Read().Get(&figures, "SELECT count(*) FROM run_figures"); err != nil || figures > 0 {
		t.Error(figures, err)
	}
	passed.Store(int64(130 * day))
	faulttest.Must(t, r.tidyOnce(t.Context()))
	if got := left(labs); len(got) > 0 {
		t.Errorf("labs has runs of the days %v left", got)
	}
}

// TestNothingIsRemovedWhileARuleIsForNobody: a rule that names an organisation which is not there, or no longer, was to
// keep somebody's runs. Nobody's are removed, and the log says why, until the name is right.
func TestNothingIsRemovedWhileARuleIsForNobody(t *testing.T) {
	r := newRunning(t, map[string]string{"workflows/w.yaml": "tasks: {a: {action: core.noop}}\n"})
	r.start(func(o *Options) {
		o.Settings.History = project.History{Keep: project.Keep{Runs: 1}, Organisations: map[string]project.Keep{"northwnd": {Runs: 100}}}
	})
	root, err := r.data.Orgs.Root(t.Context())
	faulttest.Must(t, err)
	north, err := r.data.Orgs.Create(t.Context(), orgs.NewOrganisation{Slug: "northwind", Name: "Northwind", Parent: root.Slug})
	faulttest.Must(t, err)
	for range 3 {
		for _, org := range []orgs.Organisation{root, north} {
			id, err := r.engine.Start(t.Context(), engine.Request{Workflow: "w", Organisation: org})
			faulttest.Must(t, err)
			_, err = r.engine.Wait(t.Context(), id)
			faulttest.Must(t, err)
		}
	}
	left := func() (n [2]int) {
		faulttest.Must(t, r.tidyOnce(t.Context()))
		for i, org := range []orgs.Organisation{root, north} {
			runs, err := r.data.History.Runs(t.Context(), history.Filter{OrganisationID: org.ID})
			faulttest.Must(t, err)
			n[i] = len(runs)
		}
		return n
	}
	if got := left(); got != [2]int{3, 3} {
		t.Errorf("with a name that nobody has: %v runs are left", got)
	}
	if log := r.log.String(); !strings.Contains(log, "no old runs are removed") || !strings.Contains(log, "names northwnd under history.organisations") || !strings.Contains(log, "northwind") {
		t.Error(log)
	}
	r.o.Settings.History.Organisations = map[string]project.Keep{"northwind": {Runs: 2}}
	if got := left(); got != [2]int{1, 2} {
		t.Errorf("mended: %v runs are left", got)
	}
}
