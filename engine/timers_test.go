package engine_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
)

// TestTimersGoOnAfterARestart: what waited for a time still waits for that time, not for as long again.
func TestTimersGoOnAfterARestart(t *testing.T) {
	texts := map[string]string{"w": "tasks: {a: {action: core.delay, with: {duration: 1h}, next: b}, b: {action: core.noop}}\n"}
	b := setup(t, texts)
	waits := make(chan struct{})
	begun := sync.OnceFunc(func() { close(waits) })
	id := b.start(engine.Request{Workflow: "w", Watch: func(u engine.Update) {
		for _, s := range u.Changed {
			if s.Status == flow.Waiting {
				begun()
			}
		}
	}})
	<-waits
	b.close()
	b.options.Now = func() time.Time { return time.Now().Add(time.Hour) }
	b.open(texts)
	if resumed, problems := b.engine.Recover(context.Background()); len(problems) > 0 || len(resumed) != 1 {
		t.Fatal(resumed, problems)
	}
	d := b.wait(id)
	b.expect(d, flow.Succeeded)
	if taskOf(d, "a").Attempts != 1 || taskOf(d, "b").Status != flow.Succeeded {
		t.Errorf("tasks are kept as %+v", d.Tasks)
	}
}
