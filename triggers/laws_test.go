package triggers_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"gantry/engine"
	"gantry/fault/faulttest"
	"gantry/triggers"
)

// fate is what happens to a request on its way to the engine and back.
type fate int

const (
	arrives    fate = iota
	lost            // the engine never hears of it
	answerLost      // the run is kept, and nobody is told
	fates
)

// faulty is an engine that is reached over a line which loses things, as a process does that dies.
type faulty struct {
	*engine.Engine
	mu    sync.Mutex
	fates []fate
	next  int
}

func (f *faulty) Submit(ctx context.Context, req engine.Request, kept func(string, error)) {
	f.mu.Lock()
	fate := arrives
	if f.next < len(f.fates) {
		fate = f.fates[f.next]
		f.next++
	}
	f.mu.Unlock()
	switch fate {
	case lost:
		kept("", errStuck)
	case answerLost:
		f.Engine.Submit(ctx, req, func(string, error) { kept("", errStuck) })
	default:
		f.Engine.Submit(ctx, req, kept)
	}
}

// step is one thing that happens to the triggers.
type step struct {
	events []int  // numbers of events that are accepted together; a number once more is the same delivery
	crash  string // how the process ends and begins anew; "" it goes on
}

type plan struct {
	steps []step
	fates []fate
}

func drawPlan(t *rapid.T) plan {
	p := plan{}
	for _, f := range rapid.SliceOfN(rapid.IntRange(0, int(fates)-1), 0, 12).Draw(t, "fates") {
		p.fates = append(p.fates, fate(f))
	}
	for range rapid.IntRange(1, 6).Draw(t, "steps") {
		s := step{crash: rapid.SampledFrom([]string{"", "orderly", "store first", "engine first"}).Draw(t, "crash")}
		s.events = rapid.SliceOfN(rapid.IntRange(0, 40), 0, 12).Draw(t, "events")
		p.steps = append(p.steps, s)
	}
	return p
}

// TestEachEventEndsOnce: whatever is accepted, lost and cut off, and in whichever order, each event ends in the
// one status that its data asks for, and starts one run if that is started, else none.
func TestEachEventEndsOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(rt)
		problem := ""
		synctest.Test(t, func(t *testing.T) { problem = p.carryOut(t) })
		if problem != "" {
			rt.Fatal(problem)
		}
	})
}

const lawful = `, when: "body % 3 != 0", inputs: {n: '${{ 60 / (body % 5) }}'}`

// outcome is what the data of an event asks for.
func outcome(n int) triggers.Status {
	switch {
	case n%3 == 0:
		return triggers.Filtered
	case n%5 == 0:
		return triggers.Failed
	}
	return triggers.Started
}

func (p plan) carryOut(t *testing.T) string {
	b := prepare(t, map[string]string{"w": hook(lawful)})
	wire := &faulty{fates: p.fates}
	begin := func() {
		wire.Engine = b.engine
		faulttest.Must(t, b.Service.Start(ctx, wire))
		_, problems := b.engine.Recover(ctx)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
	}
	begin()
	ids := map[int]string{}
	for _, s := range p.steps {
		if problem := p.accept(b, s.events, ids); problem != "" {
			return problem
		}
		switch s.crash {
		case "":
			continue
		case "store first":
			faulttest.Must(t, b.store.Close())
		case "engine first":
			b.engine.Close()
		}
		b.close()
		b.open()
		begin()
	}
	return check(b, ids)
}

func (p plan) accept(b *bench, numbers []int, ids map[int]string) string {
	var events []triggers.Event
	for _, n := range numbers {
		e := b.event(int64(n))
		e.Once = fmt.Sprint(n)
		events = append(events, e)
	}
	accepted, err := b.Accept(ctx, events, nil)
	if err != nil {
		return err.Error()
	}
	for i, n := range numbers {
		if known := ids[n]; accepted[i].Duplicate != (known != "") || known != "" && known != accepted[i].ID {
			return fmt.Sprintf("event %d, known as %q, was accepted as %+v", n, known, accepted[i])
		}
		ids[n] = accepted[i].ID
	}
	return ""
}

func check(b *bench, ids map[int]string) string {
	runs := map[string]bool{}
	for n, id := range ids {
		d := b.decided(id)
		if d.Status != outcome(n) || (d.Run != "") != (d.Status == triggers.Started) || runs[d.Run] {
			return fmt.Sprintf("event %d ended as %+v, want %s", n, d, outcome(n))
		}
		if d.Run != "" {
			runs[d.Run] = true
			b.run(d.Run)
		}
	}
	if n := b.count("SELECT count(*) FROM runs"); n != len(runs) {
		return fmt.Sprintf("there are %d runs, want %d", n, len(runs))
	}
	if n := b.count("SELECT count(*) FROM trigger_events"); n != len(ids) {
		return fmt.Sprintf("there are %d events, want %d", n, len(ids))
	}
	time.Sleep(time.Minute) // in the bubble: one whose answer was lost is looked at once more after a pause
	if total, own := b.Waiting(b.northwind.ID); total != 0 || own != 0 {
		return fmt.Sprintf("%d and %d are counted as waiting", total, own)
	}
	return ""
}
