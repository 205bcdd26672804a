package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
)

// tick is longer than what nobody waits for may stay in memory.
const tick = 11 * time.Millisecond

var threeSteps = map[string]string{
	"reads": "tasks:\n  a: {" + get("/now/a") + ", next: b}\n  b: {" + get("/now/b") + ", next: c}\n  c: {" + get("/hold/c") + "}\n",
	"write": "tasks:\n  a: {action: core.http_request, with: {method: POST, url: 'http://target/now/a'}, next: c}\n  c: {" + get("/hold/c") + "}\n",
	"asks":  "tasks:\n  a: {" + get("/now/a") + ", next: q}\n  q: {action: core.ask, with: {question: 'Go on?', buttons: [yes, no]}}\n",
}

// TestReadsShareAPiece: what reads answer is kept together with what follows, or a moment later.
func TestReadsShareAPiece(t *testing.T) {
	inTrial(t, threeSteps, nil, func(b *trial) {
		before := b.store.Stats().Writes
		id := b.start(engine.Request{Workflow: "reads"})
		synctest.Wait()
		if n := b.store.Stats().Writes - before; n != 1 {
			t.Errorf("the run was written %d times before its first moment had passed, want 1: its beginning", n)
		}
		if d := b.show(id); len(d.Tasks) != 1 || d.Tasks[0].Status != flow.Running {
			t.Errorf("on disk are %+v, want the task a as it began", d.Tasks)
		}
		time.Sleep(tick)
		synctest.Wait()
		if n := b.store.Stats().Writes - before; n != 2 {
			t.Errorf("the run was written %d times, want 2", n)
		}
		if d := b.show(id); len(d.Tasks) != 3 || d.Tasks[1].Status != flow.Succeeded || d.Tasks[2].Status != flow.Running {
			t.Errorf("on disk are %+v, want a and b ended and c begun", d.Tasks)
		}
		close(b.gate("/hold/c"))
		b.expect(b.wait(id), flow.Succeeded)
		if n := b.store.Stats().Writes - before; n != 3 {
			t.Errorf("the run was written %d times, want 3", n)
		}
	})
}

// TestWhatIsNeverHeld: the answer of a write, and a question to people, are on disk before anything else happens.
func TestWhatIsNeverHeld(t *testing.T) {
	for _, name := range []string{"write", "asks"} {
		inTrial(t, threeSteps, nil, func(b *trial) {
			began := time.Now()
			id := b.start(engine.Request{Workflow: name})
			synctest.Wait()
			if !time.Now().Equal(began) {
				t.Fatal("time has passed")
			}
			d := b.show(id)
			if len(d.Tasks) == 0 || d.Tasks[0].Status != flow.Succeeded {
				t.Errorf("%s: on disk are %+v, want a as it ended", name, d.Tasks)
			}
			if name == "asks" && len(b.waits(id)) != 1 {
				t.Errorf("the question cannot be answered yet")
			}
		})
	}
}

// TestWhatIsHeldIsKeptAtTheEnd: a process that ends keeps it, and the next one does not read again.
func TestWhatIsHeldIsKeptAtTheEnd(t *testing.T) {
	inTrial(t, threeSteps, nil, func(b *trial) {
		id := b.start(engine.Request{Workflow: "reads"})
		synctest.Wait()
		b.engine.Close()
		if d := b.show(id); len(d.Tasks) != 3 || d.Tasks[1].Status != flow.Succeeded {
			t.Errorf("on disk are %+v, want a and b ended", d.Tasks)
		}
	})
}
