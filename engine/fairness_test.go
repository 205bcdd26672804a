package engine_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
)

// TestOneOrganisationDoesNotHoldUpAnother: with 10,000 slow runs of one waiting, another's goes within a second.
func TestOneOrganisationDoesNotHoldUpAnother(t *testing.T) {
	target := newTarget(t)
	texts := holding(target)
	texts["quick"] = "tasks: {a: {action: core.http_request, with: {method: GET, url: '" + target.URL + "/quick'}}}\n"
	b := setupWith(t, texts, func(o *engine.Options) { o.Workers = 16; o.Room.Runs = 32 })
	var all sync.WaitGroup
	const many = 10_000
	all.Add(many)
	inFlight := make(chan struct{}, 512)
	go func() {
		for range many {
			inFlight <- struct{}{}
			b.engine.Submit(context.Background(), engine.Request{Workflow: "w", Organisation: b.msp}, func(_ string, err error) {
				if err != nil {
					t.Error(err)
				}
				<-inFlight
				all.Done()
			})
		}
	}()
	for i := range 16 {
		<-target.arrived
		if i == 8 { // while the others are still coming in
			b.within(t, time.Second, engine.Request{Workflow: "quick", Organisation: b.client})
		}
	}
	all.Wait()
	if n := b.engine.Queued().Total; n != many-32 {
		t.Errorf("%d wait", n)
	}
	b.within(t, time.Second, engine.Request{Workflow: "quick", Organisation: b.client})
	target.let()
	b.within(t, time.Second, engine.Request{Workflow: "quick", Organisation: b.client}) // while they go as fast as they can
	if b.engine.Queued().Total == 0 {
		t.Error("all were done before: the test shows nothing")
	}
}

func (b *bench) within(t *testing.T, most time.Duration, req engine.Request) {
	t.Helper()
	start := time.Now()
	b.expect(b.run(req), flow.Succeeded)
	if took := time.Since(start); took > most {
		t.Errorf("the run took %v", took)
	} else {
		t.Logf("the run took %v", took)
	}
}
