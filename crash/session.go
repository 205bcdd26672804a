package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"time"
)

// session is many houses, several side by side.
type session struct {
	dir      string // of the houses
	binary   string
	seed     uint64
	kills    int    // in all
	perHouse int    // how many each house sees
	lanes    int    // houses side by side
	only     string // the one fail-point; "" all
	progress io.Writer
	report   string // file to which each house adds a line; "" none
	began    time.Time
}

// run kills until it has killed enough.
func (o session) run(ctx context.Context) (*summary, error) {
	all, t := newSummary(), newTarget()
	defer t.Close()
	seeds := make(chan uint64)
	var lanes sync.WaitGroup
	var mu sync.Mutex
	var first error
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for range o.lanes {
		lanes.Go(func() {
			for seed := range seeds {
				if err := o.house(ctx, seed, t, all); err != nil {
					mu.Lock()
					first = cmpOr(first, fmt.Errorf("house %d: %w", seed, err))
					mu.Unlock()
					cancel()
				}
			}
		})
	}
	for n := 0; n*o.perHouse < o.kills && ctx.Err() == nil; n++ {
		select {
		case seeds <- o.seed + uint64(n):
		case <-ctx.Done():
		}
	}
	close(seeds)
	lanes.Wait()
	return all, first
}

func cmpOr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

// house plays one house from its first run to its judgement. The directory of one in which a promise was broken, or
// something else went wrong, stays.
func (o session) house(ctx context.Context, seed uint64, t *target, all *summary) error {
	entered := time.Now()
	h, err := newHouse(o.dir, o.binary, seed, t)
	if err == nil {
		err = h.rehearse(ctx)
	}
	if err != nil {
		return err
	}
	deck := &deck{rng: rand.New(rand.NewPCG(seed, 2)), only: o.only}
	began := time.Now()
	for range o.perHouse {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := h.kill(ctx, deck.deal()); err != nil {
			return fmt.Errorf("%w\n%s", err, h.dir)
		}
		all.killed(h.kills[len(h.kills)-1])
	}
	killing := time.Since(began)
	v, err := h.settle(ctx)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, h.dir)
	}
	all.add(h, v, o.progress)
	fmt.Fprintf(o.progress, "house %d: %d kills in %s, %d runs, judged in %s; %s\n", seed, len(h.kills), killing.Round(time.Millisecond), len(v.rows),
		(time.Since(began) - killing).Round(time.Millisecond), o.soFar(all.count()))
	if o.report != "" {
		if err := entryOf(h, v, time.Since(entered), o.lanes).append(o.report); err != nil {
			return err
		}
	}
	if len(v.violations) > 0 {
		return nil
	}
	return os.RemoveAll(h.dir)
}

// soFar tells how fast it goes, and how long it will.
func (o session) soFar(kills int) string {
	took := time.Since(o.began)
	left := time.Duration(float64(took) / float64(max(1, kills)) * float64(max(0, o.kills-kills)))
	return fmt.Sprintf("%d of %d kills, %.1f a second, %s left", kills, o.kills, float64(kills)/took.Seconds(), left.Round(time.Second))
}
