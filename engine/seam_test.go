package engine_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/orgs"
	"gantry/store"
)

// TestAPowerCutLosesNoQueuedRun: while runs come, wait, begin and end, the data directory is copied between
// two transactions, which is what a power cut leaves. In each copy every run that was answered for is there,
// none has begun and waits at once, and all of them end; those that had ended are not begun again.
func TestAPowerCutLosesNoQueuedRun(t *testing.T) {
	texts := map[string]string{
		"w":   "concurrency: {limit: 3, key: '${{ inputs.n % 2 }}'}\ninputs: {n: integer}\ntasks: {a: {action: core.delay, with: {duration: 1ms}, next: b}, b: {workflow: sub}}\n",
		"sub": "tasks: {a: {action: core.noop}}\n",
	}
	b := setupWith(t, texts, func(o *engine.Options) { o.Room = engine.Room{Runs: 2, Own: 1} })
	var mu sync.Mutex
	answered := map[string]bool{}
	var coming sync.WaitGroup
	copies := make([]copied, 3)
	for part := range copies {
		coming.Add(60)
		for n := range 60 {
			org := []orgs.Organisation{b.msp, b.client}[n%2]
			b.engine.Submit(context.Background(), engine.Request{Workflow: "w", Organisation: org, Inputs: inputs(n)}, func(id string, err error) {
				defer coming.Done()
				mu.Lock()
				defer mu.Unlock()
				if answered[id] = true; err != nil {
					t.Error(err)
				}
			})
		}
		copies[part] = b.cut(&mu, answered)
	}
	coming.Wait()
	if err := b.engine.Drain(context.Background()); err != nil {
		t.Fatal(err)
	}
	b.close()
	for part, c := range copies {
		t.Run(fmt.Sprint("cut ", part), func(t *testing.T) { c.recovers(t, b, texts) })
	}
}

// copied is a data directory as a power cut left it, and what had been answered for by then.
type copied struct {
	dir      string
	answered []string
}

// cut copies the data directory when the writer stands still between two transactions.
func (b *bench) cut(mu *sync.Mutex, answered map[string]bool) copied {
	b.t.Helper()
	c := copied{dir: b.t.TempDir()}
	err := b.store.Write(context.Background(), func(*store.Tx) error {
		mu.Lock()
		for id := range answered {
			c.answered = append(c.answered, id)
		}
		mu.Unlock()
		return copyFiles(b.dir, c.dir)
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func copyFiles(from, to string) error {
	files, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.IsDir() || filepath.Ext(f.Name()) == ".db-shm" || f.Name() == store.DatabaseFile+"-shm" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(from, f.Name()))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, f.Name()), text, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c copied) recovers(t *testing.T, before *bench, texts map[string]string) {
	b := &bench{t: t, dir: c.dir, msp: before.msp, client: before.client, options: before.options}
	b.open(texts)
	ctx := context.Background()
	for _, id := range c.answered {
		if _, err := b.history.Get(ctx, id); err != nil {
			t.Errorf("a run that was answered for: %v", err)
		}
	}
	var both []string
	if err := b.store.Read().Select(&both, "SELECT q.run FROM queued_runs q JOIN events e ON e.run = q.run AND e.seq = 1"); err != nil || len(both) > 0 {
		t.Errorf("these wait although they have begun: %v %v", both, err)
	}
	resumed, problems := b.engine.Recover(ctx)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, id := range resumed {
		b.expect(b.wait(id), flow.Succeeded)
	}
	if err := b.engine.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	var odd []string
	err := b.store.Read().Select(&odd, `SELECT id || ' ' || status FROM runs WHERE status <> 'succeeded'
		OR (SELECT count(*) FROM events e WHERE e.run = runs.id AND e.kind = 'run_started') <> 1`)
	if err != nil || len(odd) > 0 {
		t.Errorf("did not end, or began otherwise than once: %v %v", odd, err)
	}
	t.Logf("%d answered, %d taken up", len(c.answered), len(resumed))
}
