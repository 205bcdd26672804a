package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/orgs"
)

// result is how long each run of a scenario took, from the request to its end on disk.
type result struct {
	runs  int
	took  time.Duration
	times []time.Duration // sorted
}

func (r result) perSecond() float64 { return float64(r.runs) / r.took.Seconds() }

func (r result) percentile(p int) time.Duration {
	return r.times[min(len(r.times)-1, len(r.times)*p/100)]
}

// engineRuns warms up with a tenth of the runs, then takes the time of each.
func engineRuns(b *bench, s scenario, scale float64) (result, error) {
	runs := max(s.concurrency, int(float64(s.runs)*scale))
	if err := b.each(s, max(1, runs/10), func(time.Duration) {}); err != nil {
		return result{}, err
	}
	r := result{runs: runs}
	var mu sync.Mutex
	began := time.Now()
	err := b.each(s, runs, func(d time.Duration) {
		mu.Lock()
		r.times = append(r.times, d)
		mu.Unlock()
	})
	r.took = time.Since(began)
	slices.Sort(r.times)
	return r, err
}

// each runs the workflow n times, concurrency at a time.
func (b *bench) each(s scenario, n int, done func(time.Duration)) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	failed := make(chan error, s.concurrency)
	for range s.concurrency {
		wg.Go(func() {
			for next.Add(1) <= int64(n) {
				began := time.Now()
				if err := b.one(s.workflow); err != nil {
					failed <- err
					return
				}
				done(time.Since(began))
			}
		})
	}
	wg.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

func (b *bench) one(workflow string) error { return b.oneOf(workflow, b.msp) }

func (b *bench) oneOf(workflow string, org orgs.Organisation) error {
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
