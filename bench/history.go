package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/orgs"
)

// filledRuns is how many runs are in the history whose lists are measured.
const (
	filledRuns  = 1_000_000
	leastFilled = 10_000
)

func init() {
	further = append(further, scenario{name: "history: pages of lists, {runs} runs", runs: filledRuns, least: leastFilled, once: true, bars: []bar{{figure: slowest, most: 5}}, measure: lists})
}

// slowest is the page that takes longest, by the clock, in this process, as a server's: the median of several times, the first
// left out, which reads from disk.
const slowest = "slowest page"

func init() {
	units[slowest], named[slowest] = " ms", "slowest "
	shown = append(shown, slowest)
}

// lists measures pages of a list: all combinations of filters, those that nothing passes as well, among the newest runs, in the
// middle, and among the oldest.
func lists(s scenario, scale float64) (figures, error) {
	ctx, runs := context.Background(), s.size(scale)
	dir, err := filled(ctx, runs)
	if err != nil {
		return nil, err
	}
	db, err := openHistory(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	h := history.New(db, orgs.NoKeys())
	var all []page
	var times []time.Duration
	began := time.Now()
	for _, f := range pageFilters(runs) {
		own, work, err := timed(func() error {
			_, _, err := h.Page(ctx, f)
			return err
		})
		if err != nil {
			return nil, err
		}
		times = append(times, own...)
		all = append(all, page{f, own[timesEach/2], work})
	}
	slices.SortFunc(all, func(a, b page) int { return int(b.work - a.work) })
	fmt.Fprintf(os.Stderr, "  of %d pages, %d take more than 5 ms of the processor's time; most of it:\n", len(all), slices.IndexFunc(append(all, page{}), func(p page) bool { return p.work <= 5*time.Millisecond }))
	for _, p := range all[:10] {
		fmt.Fprintf(os.Stderr, "  %s (%s of work) %s\n", p.took.Round(10*time.Microsecond), p.work.Round(10*time.Microsecond), p)
	}
	slices.SortFunc(all, func(a, b page) int { return int(b.took - a.took) })
	f := latencies(times, time.Since(began))
	f[slowest] = ms(all[0].took)
	return f, nil
}

const timesEach = 5

// timed does something several times, and once before. It gives how long each took, in order, and the processor's time of the
// quickest: what others on the machine do does not count.
func timed(do func() error) (took []time.Duration, work time.Duration, err error) {
	for try := range 1 + timesEach {
		one, cpu := time.Now(), cpuTime()
		if err := do(); err != nil {
			return nil, 0, err
		}
		if try > 0 {
			took = append(took, time.Since(one))
			if spent := cpuTime() - cpu; work == 0 || spent < work {
				work = spent
			}
		}
	}
	slices.Sort(took)
	return took, work, nil
}

// page is how long one page took.
type page struct {
	history.Filter
	took, work time.Duration // by the clock, and of the processor
}

func (p page) String() string {
	if len(p.OrganisationIDs) > 3 {
		p.OrganisationIDs = append(slices.Clone(p.OrganisationIDs[:2]), fmt.Sprintf("%d more", len(p.OrganisationIDs)-2))
	}
	return strings.ReplaceAll(fmt.Sprintf("%+v", p.Filter), "0190a000-0000-7000-8000-", "")
}

// pageFilters are all combinations of what lists are narrowed by, and searches.
func pageFilters(runs int) []history.Filter {
	at := func(part float64) time.Time {
		return filledFrom.Add(time.Duration(float64(runs)*part) * filledEvery)
	}
	filters := []history.Filter{{}}
	with := func(changes ...func(*history.Filter)) {
		var more []history.Filter
		for _, f := range filters {
			for _, change := range changes {
				one := f
				change(&one)
				more = append(more, one)
			}
		}
		filters = append(filters, more...)
	}
	with(func(f *history.Filter) { f.Workflow = filledWorkflow(0) }, func(f *history.Filter) { f.Workflow = filledWorkflow(filledWorkflows - 1) })
	with(func(f *history.Filter) { f.OrganisationID = filledOrganisation(0) }, func(f *history.Filter) { f.OrganisationIDs = among(10, filledOrganisations) }, func(f *history.Filter) { f.OrganisationIDs = among(200, filledOrganisations) })
	with(func(f *history.Filter) { f.Status = flow.Succeeded }, func(f *history.Filter) { f.Status = flow.TimedOut }, func(f *history.Filter) { f.Status = flow.Waiting }, func(f *history.Filter) { f.Status = flow.Paused })
	with(func(f *history.Filter) { f.TriggerType = "schedule" }, func(f *history.Filter) { f.TriggerType, f.TriggerName = "webhook", "in" })
	with(func(f *history.Filter) { f.Children = true })
	with(func(f *history.Filter) { f.Until = at(0.5) }, func(f *history.Filter) { f.Since, f.Until = at(0.001), at(0.002) })
	for _, text := range []string{"workflow-3", "client 7", "150000", "client", "nothing-like-it", "area"} {
		for _, f := range []history.Filter{{}, {OrganisationID: filledOrganisation(7)}, {Status: flow.Failed}, {Workflow: filledWorkflow(3), Status: flow.TimedOut}} {
			f.Search = text
			filters = append(filters, f)
		}
	}
	return filters
}

// among gives the ids of n of all organisations.
func among(n, all int) (ids []string) {
	for i := range n {
		ids = append(ids, filledOrganisation(i*all/n))
	}
	return ids
}
