package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/orgs"
)

var engineScenarios = []scenario{
	{name: "3 no-op tasks, one at a time", workflow: "noop3", concurrency: 1, runs: 2000, bars: []bar{{figure: p50, most: 2}, {figure: p99, most: 10}}, measure: engineRuns},
	{name: "3 no-op tasks, 64 at a time", workflow: "noop3", concurrency: 64, runs: 12_000, bars: []bar{{figure: rate, least: 3000}}, measure: engineRuns},
	{name: "1 HTTP task, one at a time", workflow: "http1", concurrency: 1, runs: 2000, bars: []bar{{figure: p50, most: 1.2}}, measure: engineRuns},
	{name: "1 HTTP task, 16 at a time", workflow: "http1", concurrency: 16, runs: 8000, bars: []bar{{figure: rate, least: 3500}}, measure: engineRuns},
	{name: "10 HTTP tasks, one at a time", workflow: "http10", concurrency: 1, runs: 400, bars: []bar{{figure: p50, most: 5}}, measure: engineRuns},
	{name: "10 HTTP tasks, 16 at a time", workflow: "http10", concurrency: 16, runs: 1500, bars: []bar{{figure: rate, least: 700}}, measure: engineRuns},
	{name: "10 HTTP tasks of 5 ms, 64 at a time", workflow: "http10slow", concurrency: 64, runs: 1500, bars: []bar{{figure: share, least: 90}}, measure: besideBareClient},
	{name: "durable task events, 64 runs of 10 no-ops at a time", workflow: "noop10", concurrency: 64, runs: 6000, bars: []bar{{figure: events, least: 20_000}}, measure: taskEvents},
}

// engineRuns measures runs on an engine of their own, from the request to the end on disk.
func engineRuns(s scenario, scale float64) (figures, error) {
	b, err := setup()
	if err != nil {
		return nil, err
	}
	defer b.close()
	return b.measure(s, scale)
}

// taskEvents counts the beginnings and ends of tasks that are on disk when they are answered for.
func taskEvents(s scenario, scale float64) (figures, error) {
	f, err := engineRuns(s, scale)
	if err == nil {
		f[events] = 2 * 10 * f[rate]
	}
	return f, err
}

// measure warms up with a tenth of the runs, then takes the time of each.
func (b *bench) measure(s scenario, scale float64) (figures, error) {
	runs := s.size(scale)
	one := func() error { return b.one(s.workflow, b.msp) }
	if _, err := sideBySide(s.concurrency, max(s.concurrency, runs/10), one); err != nil {
		return nil, err
	}
	m := startMeter(b.store)
	f, err := sideBySide(s.concurrency, runs, one)
	if err == nil {
		m.into(f, runs)
	}
	return f, err
}

// sideBySide does something n times, concurrency at a time, and gives how long each took.
func sideBySide(concurrency, n int, do func() error) (figures, error) {
	times := make([]time.Duration, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	failed := make(chan error, concurrency)
	began := time.Now()
	for range concurrency {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				one := time.Now()
				if err := do(); err != nil {
					failed <- err
					return
				}
				times[i-1] = time.Since(one)
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	select {
	case err := <-failed:
		return nil, err
	default:
		return latencies(times, took), nil
	}
}

// one makes a run and waits for its end.
func (b *bench) one(workflow string, org orgs.Organisation) error {
	ctx := context.Background()
	id, err := b.engine.Start(ctx, engine.Request{Workflow: workflow, Organisation: org})
	if err != nil {
		return err
	}
	status, err := b.engine.Wait(ctx, id)
	if err == nil && status != flow.Succeeded {
		err = fmt.Errorf("run %s ended %s", id, status)
	}
	return err
}
