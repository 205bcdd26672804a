package api

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gantry/access"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/schedule"
)

// TestRunStatistics: each is shown what has come of the runs within reach, and nothing of others.
func TestRunStatistics(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	for _, org := range []orgs.Organisation{w.contoso, w.contoso, w.labs, w.northwind} {
		w.run("greet/hello", org, map[string]any{"name": "Ada"})
	}
	start := &StartRunIn{}
	start.Body.Organisation, start.Body.Workflow = "northwind", "nap"
	nap := must[StartRunOut](t)(StartRun.Call(ctx, w.as(local), start)).Body.ID
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	_, other := w.program("other", access.Viewer, w.northwind)
	for _, c := range []struct {
		who  *access.Caller
		in   RunStatisticsIn
		want string
	}{
		{local, RunStatisticsIn{}, "4 of [{contoso Contoso 2} {contoso-labs Contoso Labs 1} {northwind Northwind 1}], greet/hello Greet somebody 4, 30 buckets, 1 going on"},
		{local, RunStatisticsIn{Organisation: "contoso", Bucket: "hour"}, "2 of [{contoso Contoso 2}], greet/hello Greet somebody 2, 24 buckets, 0 going on"},
		{viewer, RunStatisticsIn{Bucket: "week", Timezone: "Asia/Kathmandu"}, "3 of [{contoso Contoso 2} {contoso-labs Contoso Labs 1}], greet/hello Greet somebody 3, 26 buckets, 0 going on"},
		{other, RunStatisticsIn{Workflow: "greet/hello"}, "1 of [{northwind Northwind 1}], greet/hello Greet somebody 1, 30 buckets, 0 going on"},
		{other, RunStatisticsIn{Limit: 1}, "1 of [{northwind Northwind 1}], greet/hello Greet somebody 1, 30 buckets, 1 going on"},
	} {
		out := must[RunStatisticsOut](t)(RunStatistics.Call(ctx, w.as(c.who), &c.in)).Body
		var organisations, workflows []string
		for _, o := range out.ByOrganisation {
			organisations = append(organisations, fmt.Sprintf("{%s %s %d}", o.Organisation, o.Name, o.Runs))
		}
		for _, wf := range out.ByWorkflow {
			workflows = append(workflows, fmt.Sprintf("%s %s %d", wf.Workflow, wf.Title, wf.Runs))
		}
		got := fmt.Sprintf("%d of %v, %s, %d buckets, %d going on", out.Totals.Succeeded, organisations, strings.Join(workflows, " "), len(out.Buckets), out.Now.Running+out.Now.Waiting)
		if got != c.want || out.Totals.TimeSaved != 0 {
			t.Errorf("%s, %+v:\n got %s\nwant %s", c.who.Name, c.in, got, c.want)
		}
	}
	must[OneRun](t)(CancelRun.Call(ctx, w.as(local), &CancelRunIn{OfRunIn: OfRunIn{nap}}))
	if status, err := w.engine.Wait(ctx, nap); status != "cancelled" {
		t.Error(status, err)
	}
	if out := must[RunStatisticsOut](t)(RunStatistics.Call(ctx, w.as(other), &RunStatisticsIn{})).Body; out.Totals.Cancelled != 1 || out.Now != (RunsNow{}) {
		t.Errorf("%+v", out)
	}
	_, err := RunStatistics.Call(ctx, w.as(other), &RunStatisticsIn{Organisation: "contoso"})
	refused(t, err, fault.Missing, "no organisation")
}

// TestStatisticsOfThePurged: with an organisation that is deleted for good go its figures.
func TestStatisticsOfThePurged(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.run("greet/hello", w.labs, map[string]any{"name": "Ada"})
	faulttest.Must(t, w.orgs.Remove(ctx, w.labs.ID))
	counted := func() int64 {
		return must[RunStatisticsOut](t)(RunStatistics.Call(ctx, w.as(local), &RunStatisticsIn{})).Body.Totals.Runs
	}
	if n := counted(); n != 1 {
		t.Errorf("%d of a removed organisation", n)
	}
	purge := &PurgeOrganisationsIn{}
	purge.Body.Slug, purge.Body.Now = "contoso-labs", true
	must[PurgeOrganisationsOut](t)(PurgeOrganisations.Call(ctx, w.as(local), purge))
	if n := counted(); n != 0 {
		t.Errorf("%d of a purged organisation", n)
	}
}

// TestBuckets: without gaps, by the clocks of the place, and not too many.
func TestBuckets(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		in   RunStatisticsIn
		want string // the first, the second and the last bound, and how many; or what is wrong
	}{
		{RunStatisticsIn{}, "2026-10-24T00:00:00Z 2026-10-25T00:00:00Z 2026-11-23T00:00:00Z 31"},
		{RunStatisticsIn{Timezone: "Europe/London", Since: "2026-10-25T12:00:00Z", Until: "2026-10-27T00:00:00Z"}, "2026-10-25T00:00:00+01:00 2026-10-26T00:00:00Z 2026-10-27T00:00:00Z 3"},
		{RunStatisticsIn{Timezone: "Europe/London", Bucket: "week", Since: "2026-10-25T12:00:00Z"}, "2026-10-19T00:00:00+01:00 2026-10-26T00:00:00Z 2026-11-23T00:00:00Z 6"},
		{RunStatisticsIn{Timezone: "Asia/Kathmandu", Bucket: "hour", Since: "2026-11-22T09:20:00Z"}, "2026-11-22T15:00:00+05:45 2026-11-22T16:00:00+05:45 2026-11-22T16:00:00+05:45 2"},
		{RunStatisticsIn{Since: "2026-11-22T10:00:00Z", Until: "2026-11-21T10:00:00Z"}, "2026-11-22T00:00:00Z 1"},
		{RunStatisticsIn{Bucket: "hour", Since: "2026-10-11T18:00:00Z"}, "2026-10-11T18:00:00Z 2026-10-11T19:00:00Z 2026-11-22T10:00:00Z 1001"},
		{RunStatisticsIn{Bucket: "hour", Since: "2026-10-11T17:59:00Z"}, "more than 1000 buckets"},
		{RunStatisticsIn{Bucket: "day", Since: "1900-01-01T00:00:00Z"}, "no run is of such a time"},
		{RunStatisticsIn{Bucket: "month"}, "there are no buckets of a \"month\""},
		{RunStatisticsIn{Timezone: "Local"}, "there is no time zone \"Local\""},
		{RunStatisticsIn{Timezone: "BST"}, "there is no time zone \"BST\""},
		{RunStatisticsIn{Since: "yesterday"}, "\"yesterday\" is not a time"},
	} {
		bounds, err := c.in.bounds(now)
		got := ""
		if err != nil {
			got = fault.From(err).Message
		} else {
			shown := bounds[:min(len(bounds), 2):min(len(bounds), 2)]
			if len(bounds) > 1 {
				shown = append(shown, bounds[len(bounds)-1])
			}
			for _, at := range shown {
				got += at.Format(time.RFC3339) + " "
			}
			got += fmt.Sprint(len(bounds))
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%+v: %s, want %s", c.in, got, c.want)
		}
	}
	if len(untold) != len([]schedule.Bucket{schedule.Hours, schedule.Days, schedule.Weeks}) {
		t.Error(untold)
	}
}

// follower reads changes until it has what it waits for.
type follower struct {
	t    *testing.T
	next func() (Changes, bool)
}

// changesOf follows the changes as a caller; the first message has been read.
func (w *world) changesOf(ctx context.Context, c *access.Caller) *follower {
	w.t.Helper()
	messages := make(chan Changes)
	go func() {
		defer close(messages)
		for e, err := range FollowChanges.Follow(ctx, w.as(c), &struct{}{}, 0) {
			if err != nil {
				return
			}
			select {
			case messages <- e.Data:
			case <-ctx.Done():
				return
			}
		}
	}()
	f := &follower{w.t.(*testing.T), func() (Changes, bool) { m, more := <-messages; return m, more }}
	if first, more := f.next(); !more || first.Kinds == nil || len(first.Kinds) != 0 {
		w.t.Fatal(first, more)
	}
	return f
}

// until reads until a kind was told, and gives all that were.
func (f *follower) until(kind string) map[string]bool {
	f.t.Helper()
	told := map[string]bool{}
	for !told[kind] {
		m, more := f.next()
		if !more {
			f.t.Fatalf("%s was never told", kind)
		}
		for _, k := range m.Kinds {
			told[k] = true
		}
	}
	return told
}

// TestChanges: what is done is told, of each kind, to those whom it concerns and may see it, and nobody else.
func TestChanges(t *testing.T) {
	w := newWorld(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	_, other := w.program("other", access.Viewer, w.northwind)
	_, reader := w.program("reader", access.Viewer, w.msp, access.VariablesRead)
	all, ours, theirs, few := w.changesOf(ctx, local), w.changesOf(ctx, viewer), w.changesOf(ctx, other), w.changesOf(ctx, reader)

	w.run("greet/hello", w.contoso, map[string]any{"name": "Ada"})
	all.until("runs")
	ours.until("runs")
	fire := &FireTriggerIn{OfTrigger: OfTrigger{"greet/hello", "by hand"}}
	fire.Body.Organisations = []string{"contoso"}
	must[FiredOut](t)(FireTrigger.Call(ctx, w.as(local), fire))
	all.until("triggers")
	ours.until("triggers")
	run, err := StartRun.Call(ctx, w.as(local), startOf("ask", "contoso"))
	faulttest.Must(t, err)
	all.until("asks")
	ours.until("asks")
	must[OneRun](t)(CancelRun.Call(ctx, w.as(local), &CancelRunIn{OfRunIn: OfRunIn{run.Body.ID}}))
	if _, err := w.engine.Wait(ctx, run.Body.ID); err != nil {
		t.Error(err)
	}
	set := &SetVariableIn{OfVariable: OfVariable{OfOrganisation: OfOrganisation{"acme-msp"}, Name: "team"}}
	set.Body.Value = "Escalations"
	must[SetVariableOut](t)(SetVariable.Call(ctx, w.as(local), set))
	all.until("variables")
	for name, f := range map[string]*follower{"other": theirs, "reader": few} {
		told := f.until("variables")
		if told["runs"] || told["triggers"] || told["asks"] || told["users"] {
			t.Errorf("%s was told %v", name, told)
		}
	}
	_, err = w.access.AddUser(ctx, local, access.NewUser{Kind: access.Program, Login: "another", Name: "another"})
	faulttest.Must(t, err)
	all.until("users")
	w.create("fabrikam", "Fabrikam", "acme-msp")
	all.until("organisations")
	if told := ours.until("organisations"); told["users"] {
		t.Errorf("a viewer was told %v", told)
	}
}

// TestChangesOfRights: whose roles change is told so, and who is kept out reads no more, however shortly after the
// message before.
func TestChangesOfRights(t *testing.T) {
	w := newWorld(t)
	ctx, stop := context.WithTimeout(t.Context(), w.api.house.Heartbeat/2)
	defer stop()
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	ours := w.changesOf(ctx, viewer)
	_, err := w.access.GrantRole(ctx, local, "viewer", access.Grant{OrganisationID: w.northwind.ID, Role: access.Viewer})
	faulttest.Must(t, err)
	ours.until("users")
	_, err = w.access.Disable(ctx, local, "viewer", true)
	faulttest.Must(t, err)
	for more := true; more; {
		_, more = ours.next()
	}
	if ctx.Err() != nil {
		t.Error("they read on")
	}
}

func startOf(workflow, organisation string) *StartRunIn {
	in := &StartRunIn{}
	in.Body.Workflow, in.Body.Organisation = workflow, organisation
	return in
}

// TestChangesAreGathered: many changes are told as one, no more than four times a second, and none of before.
func TestChangesAreGathered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &Feed{listeners: map[*listener]struct{}{}, known: map[string]kindSet{}}
		f.Changed("runs")
		l, leave := f.listen()
		told := 0
		for range 100 {
			f.Changed("workflows")
			f.Changed("users")
			time.Sleep(10 * time.Millisecond)
			select {
			case <-l.wake:
				told++
				if news := l.take(); len(news) != 1 || news[""] != kindNamed("workflows")|kindNamed("users") {
					t.Errorf("told %v", news)
				}
			default:
			}
		}
		if told < 3 || told > 4 {
			t.Errorf("told %d times within a second", told)
		}
		leave()
		time.Sleep(gatherFor)
		f.Changed("runs")
		if f.gathering {
			t.Error("something is gathered for nobody")
		}
	})
}

// TestTooManyFollow: a caller has so many streams, and others still have theirs.
func TestTooManyFollow(t *testing.T) {
	var f followers
	var leave []func()
	one, two := access.Local("one"), access.Local("two")
	for range mostFollowed {
		left, err := f.enter(one)
		faulttest.Must(t, err)
		leave = append(leave, left)
	}
	_, err := f.enter(one)
	refused(t, err, fault.RateLimited, "in 50 places already")
	left, err := f.enter(two)
	faulttest.Must(t, err)
	left()
	for _, left := range leave {
		left()
	}
	if len(f.open) != 0 {
		t.Error(f.open)
	}
}
