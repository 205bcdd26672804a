package history

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"gantry/engine/flow"
	"gantry/schedule"
)

// asked asks for some figures, and counts those of the runs.
func (h *History) asked(rt *rapid.T, all []*lived, now time.Time) {
	bucket := rapid.SampledFrom([]schedule.Bucket{schedule.Hours, schedule.Days, schedule.Weeks}).Draw(rt, "bucket")
	zone, _ := schedule.Zone(rapid.SampledFrom([]string{"UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"}).Draw(rt, "zone"))
	f := FigureFilter{OrganisationID: rapid.SampledFrom([]string{"", "", "a", "b"}).Draw(rt, "of organisation"), Workflow: rapid.SampledFrom([]string{"", "", "v", "w"}).Draw(rt, "of workflow"),
		OrganisationIDs: rapid.SampledFrom([][]string{nil, nil, {"a", "b"}, {"b"}, {}}).Draw(rt, "of organisations")}
	at := bucket.Start(now.Add(-time.Duration(rapid.IntRange(0, 100*24).Draw(rt, "hours ago"))*time.Hour), zone)
	for range 1 + rapid.IntRange(0, 30).Draw(rt, "buckets") {
		f.Bounds = append(f.Bounds, at)
		at = bucket.Next(at, zone)
	}
	want := make([]Figures, len(f.Bounds)-1)
	var totals Figures
	organisations, workflows := map[string]Figures{}, map[string]Figures{}
	for _, l := range all {
		i, exact := slices.BinarySearchFunc(f.Bounds, l.ended, time.Time.Compare)
		if !exact {
			i--
		}
		if !l.counts() || i < 0 || i >= len(want) || f.OrganisationID != "" && l.org != f.OrganisationID || f.Workflow != "" && l.wf != f.Workflow ||
			f.OrganisationIDs != nil && !slices.Contains(f.OrganisationIDs, l.org) {
			continue
		}
		var one Figures
		l.addTo(&one)
		want[i].add(one)
		totals.add(one)
		addTo(organisations, l.org, one)
		addTo(workflows, l.wf, one)
	}
	got, err := h.Statistics(context.Background(), f)
	if err != nil {
		rt.Fatal(err)
	}
	got.Now = nil
	if len(want) == 0 {
		organisations, workflows = nil, nil
	}
	if diff := cmp.Diff(&Statistics{Buckets: want, Totals: totals, ByOrganisation: mostFirst(organisations), ByWorkflow: mostFirst(workflows)}, got, cmpopts.EquateEmpty()); diff != "" {
		rt.Fatalf("%+v: %s", f, diff)
	}
}

// figuresLeft is how many figures are not in the sums.
func (h *History) figuresLeft(t interface{ Fatal(...any) }) (n int) {
	if err := h.db.Read().Get(&n, `SELECT count(*) FROM run_figures`); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestStatistics: what ended is in the bucket of its end, for those who are asked for, without what other runs started.
func TestStatistics(t *testing.T) {
	h, _ := open(t)
	ctx := context.Background()
	for n, c := range []struct {
		org, wf, parent string
		status          flow.Status
		after           time.Duration
	}{{"a", "v", "", flow.Succeeded, 0}, {"a", "v", "", flow.Failed, 14 * time.Minute}, {"a", "w", "", flow.TimedOut, time.Hour}, {"b", "v", "", flow.Succeeded, time.Hour},
		{"b", "v", id(0), flow.Succeeded, time.Hour}, {"b", "w", "", flow.Running, 0}, {"a", "w", "", flow.Waiting, 0}, {"a", "w", id(0), flow.Waiting, 0}, {"a", "v", "", flow.Cancelled, 3 * time.Hour}} {
		e := begun(n, c.wf, c.org, c.status)
		if e.New.Parent, e.State.Saved = c.parent, 5*time.Minute; c.status.Ended() {
			e.State.FinishedAt = morning.Add(c.after)
		}
		h.mustAppend(t, e)
	}
	bounds := []time.Time{morning, morning.Add(time.Hour), morning.Add(2 * time.Hour), morning.Add(3 * time.Hour)}
	show := func(f FigureFilter) string {
		s, err := h.Statistics(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		now, err := json.Marshal(s.Now)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintln(s.Buckets, s.Totals, s.ByOrganisation, s.ByWorkflow, string(now))
	}
	for _, c := range []struct {
		f    FigureFilter
		want string
	}{
		{FigureFilter{}, `[{1 1 0 0 300} {1 0 1 0 300} {0 0 0 0 0}] {2 1 1 0 600} [{a {1 1 1 0 300}} {b {1 0 0 0 300}}] [{v {2 1 0 0 600}} {w {0 0 1 0 0}}] {"running":1,"waiting":1}`},
		{FigureFilter{OrganisationID: "a"}, `[{1 1 0 0 300} {0 0 1 0 0} {0 0 0 0 0}] {1 1 1 0 300} [{a {1 1 1 0 300}}] [{v {1 1 0 0 300}} {w {0 0 1 0 0}}] {"waiting":1}`},
		{FigureFilter{OrganisationIDs: []string{"b", "c"}, Workflow: "v"}, `[{0 0 0 0 0} {1 0 0 0 300} {0 0 0 0 0}] {1 0 0 0 300} [{b {1 0 0 0 300}}] [{v {1 0 0 0 300}}] {}`},
		{FigureFilter{OrganisationIDs: []string{}}, `[{0 0 0 0 0} {0 0 0 0 0} {0 0 0 0 0}] {0 0 0 0 0} [] [] {}`},
	} {
		c.f.Bounds = bounds
		if got := show(c.f); got != c.want+"\n" {
			t.Errorf("%+v:\n got %s\nwant %s", c.f, got, c.want)
		}
	}
	if err := h.DropFigures(ctx, "b"); err != nil {
		t.Fatal(err)
	}
	if got := show(FigureFilter{Bounds: bounds, OrganisationIDs: []string{"b"}}); !strings.HasPrefix(got, `[{0 0 0 0 0} {0 0 0 0 0} {0 0 0 0 0}] {0 0 0 0 0} [] []`) {
		t.Error(got)
	}
}
