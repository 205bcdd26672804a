package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
)

var killScenarios = []scenario{
	{name: "kill -9 with {runs} runs going", runs: 10_000, least: 2 * asking, bars: []bar{{figure: took, most: 5000}, {figure: lost, none: true}, {figure: stuck, none: true}, {figure: repeated, none: true}}, measure: killed},
}

// asking is how many of the runs that are killed are in the middle of a request; the others wait for a time.
const asking = 256

// killed begins runs in a process of their own, kills it with SIGKILL when the first task of each is done and the second
// goes on, and measures how long another process takes, from its start, until it has taken up all of them. Then all go
// on to their ends: it is a clock that is two hours ahead that ends the waiting.
func killed(s scenario, scale float64) (figures, error) {
	dir, err := os.MkdirTemp("", "gantry-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	t, err := openTarget()
	if err != nil {
		return nil, err
	}
	defer t.close()
	n := s.size(scale)
	first, err := startRole("begin-runs", dir, t.url, fmt.Sprint(n))
	if err != nil {
		return nil, err
	}
	_, err = first.hear("going")
	first.kill()
	if err != nil {
		return nil, err
	}
	counted, err := t.counted()
	if err != nil {
		return nil, err
	}
	if counted != n {
		return nil, fmt.Errorf("%d of %d runs had done their first task", counted, n)
	}
	if _, err := t.ask("/release"); err != nil {
		return nil, err
	}
	return takeUp(t, dir, n)
}

func takeUp(t *target, dir string, n int) (figures, error) {
	began := time.Now()
	second, err := startRole("resume-runs", dir, t.url)
	if err != nil {
		return nil, err
	}
	defer second.kill()
	said, err := second.hear("resumed")
	if err != nil {
		return nil, err
	}
	f := figures{took: ms(time.Since(began))}
	resumed, err := strconv.Atoi(said)
	if err != nil {
		return nil, err
	}
	said, err = second.hear("succeeded")
	if err != nil {
		return nil, err
	}
	succeeded, err := strconv.Atoi(said)
	if err != nil {
		return nil, err
	}
	counted, err := t.counted()
	f[lost], f[stuck], f[repeated] = float64(n-resumed), float64(resumed-succeeded), float64(counted-n)
	return f, err
}

// beginRuns says "going N" when N runs have done their first task and are in the second, on disk.
func beginRuns(args []string) error {
	n, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	var middle sync.WaitGroup
	middle.Add(n)
	b, err := open(args[0], args[1], func(o *engine.Options) {
		o.Observe = func(u engine.Update) {
			for _, step := range u.Changed {
				if step.Name == "middle" && step.Attempts == 1 && (step.Status == flow.Waiting || u.Workflow == "asker" && step.Status == flow.Running) {
					middle.Done()
				}
			}
		}
	})
	if err != nil {
		return err
	}
	refused := make(chan error, n)
	for i := range n {
		workflow := "sleeper"
		if i >= n-asking {
			workflow = "asker"
		}
		b.engine.Submit(context.Background(), engine.Request{Workflow: workflow, Organisation: b.msp}, func(_ string, err error) { refused <- err })
	}
	for range n {
		if err := <-refused; err != nil {
			return err
		}
	}
	middle.Wait()
	fmt.Printf("going %d\n", n)
	select {} // until it is killed
}

// resumeRuns says "resumed N" when it has taken up what was left, and "succeeded N" when nothing goes on any more.
func resumeRuns(args []string) error {
	b, err := open(args[0], args[1], func(o *engine.Options) {
		o.Recovers = true
		o.Now = func() time.Time { return time.Now().Add(2 * time.Hour) }
	})
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	resumed, problems := b.engine.Recover(ctx)
	if len(problems) > 0 {
		return problems[0]
	}
	fmt.Printf("resumed %d\n", len(resumed))
	if err := b.engine.Drain(ctx); err != nil {
		return fmt.Errorf("some runs are stuck: %w", err)
	}
	succeeded := 0
	for _, id := range resumed {
		run, err := b.history.Get(ctx, id)
		if err != nil {
			return err
		}
		if run.Status == flow.Succeeded {
			succeeded++
		}
	}
	fmt.Printf("succeeded %d\n", succeeded)
	return nil
}
