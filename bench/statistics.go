package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"gantry/engine/history"
	"gantry/orgs"
	"gantry/schedule"
	"gantry/store"
)

func init() {
	further = append(further, scenario{name: "history: figures of the first page, {runs} days", runs: 98, least: 8, once: true, bars: []bar{{figure: slowest, most: 50}}, measure: statistics})
}

// statistics measures what the first page asks of the figures, and tells what else can be asked.
func statistics(s scenario, scale float64) (f figures, err error) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "gantry-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	db, err := openHistory(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := fillFigures(ctx, db, s.size(scale)); err != nil {
		return nil, err
	}
	return askFigures(ctx, db)
}

func askFigures(ctx context.Context, db *store.Store) (figures, error) {
	h := history.New(db, orgs.NoKeys())
	all := questions()
	var times []time.Duration
	began := time.Now()
	for i := range all {
		var err error
		if all[i].all, all[i].work, err = timed(func() error {
			_, err := h.Statistics(ctx, all[i].FigureFilter)
			return err
		}); err != nil {
			return nil, err
		}
		if all[i].first {
			times = append(times, all[i].all...)
		}
	}
	f := latencies(times, time.Since(began))
	delete(f, rate) // others were asked beside them
	slices.SortFunc(all, func(a, b question) int { return int(b.took() - a.took()) })
	f[slowest] = ms(all[slices.IndexFunc(all, func(q question) bool { return q.first })].took())
	told := map[string]bool{}
	for _, q := range all { // the slowest of each kind
		if kind := fmt.Sprint(q.whose, q.first); !told[kind] {
			told[kind] = true
			fmt.Fprintf(os.Stderr, "  %s (%s of work) %s\n", q.took().Round(10*time.Microsecond), q.work.Round(10*time.Microsecond), q)
		}
	}
	return f, nil
}

// question is what is asked of the figures; first: by the first page.
type question struct {
	history.FigureFilter
	whose, over string
	first       bool
	all         []time.Duration // in order
	work        time.Duration
}

func (q question) took() time.Duration { return q.all[timesEach/2] }

func (q question) String() string { return q.over + " of " + q.whose }

func questions() (all []question) {
	for _, over := range []struct {
		name   string
		bucket schedule.Bucket
		days   int
		first  bool
	}{{"24 hours", schedule.Hours, 1, true}, {"7 days", schedule.Days, 7, true}, {"30 days", schedule.Days, 30, true}, {"13 weeks", schedule.Weeks, 91, true},
		{"a year by weeks", schedule.Weeks, 364, false}, {"a year by days", schedule.Days, 364, false}} {
		for _, zone := range []string{"UTC", "Europe/London", "Asia/Kathmandu"} {
			bounds := boundsOf(over.bucket, zone, over.days)
			for _, whose := range []struct {
				name  string
				f     history.FigureFilter
				first bool
			}{
				{"all", history.FigureFilter{}, true},
				{"the MSP itself", history.FigureFilter{OrganisationID: filledOrganisation(0)}, true},
				{"an organisation", history.FigureFilter{OrganisationID: filledOrganisation(7)}, true},
				{"a workflow", history.FigureFilter{Workflow: filledWorkflow(3)}, false},
				{"a workflow of an organisation", history.FigureFilter{OrganisationID: filledOrganisation(7), Workflow: filledWorkflow(3)}, false},
				{"50 organisations", history.FigureFilter{OrganisationIDs: among(50, countedOrganisations)}, false},
				{"1,000 organisations", history.FigureFilter{OrganisationIDs: among(1000, countedOrganisations)}, false},
			} {
				whose.f.Bounds = bounds
				all = append(all, question{FigureFilter: whose.f, whose: whose.name, over: over.name + " in " + zone, first: over.first && whose.first})
			}
		}
	}
	return all
}

func boundsOf(bucket schedule.Bucket, zone string, days int) []time.Time {
	place, problem := schedule.Zone(zone)
	if problem != nil {
		panic(problem.Text) // the zones stand above
	}
	bounds := []time.Time{bucket.Start(countedUntil.AddDate(0, 0, -days), place)}
	for at := bounds[0]; at.Before(countedUntil); bounds = append(bounds, at) {
		at = bucket.Next(at, place)
	}
	return bounds
}
