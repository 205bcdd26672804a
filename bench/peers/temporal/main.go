// Command worker is the part of the comparison that speaks Temporal: a worker and the client that starts its runs, in one
// process. It prints {"Rate", "P50", "P99"}. It is a module of its own, so that nobody else needs Temporal's packages.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

const queue = "bench"

func main() {
	if err := measure(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// chain is k activities, one after the other.
func chain(ctx workflow.Context, tasks int, fetches bool, target string) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
	for range tasks {
		var err error
		if fetches {
			var body json.RawMessage
			err = workflow.ExecuteActivity(ctx, fetch, target).Get(ctx, &body)
		} else {
			err = workflow.ExecuteActivity(ctx, nothing).Get(ctx, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var web = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}

func fetch(ctx context.Context, target string) (json.RawMessage, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := web.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	return io.ReadAll(resp.Body)
}

func nothing(context.Context) error { return nil }

// measure takes: address, target, tasks, whether they fetch, concurrency, seconds.
func measure(args []string) error {
	if len(args) != 6 {
		return errors.New("want: ADDRESS TARGET TASKS FETCHES CONCURRENCY SECONDS")
	}
	tasks, err1 := strconv.Atoi(args[2])
	fetches, err2 := strconv.ParseBool(args[3])
	concurrency, err3 := strconv.Atoi(args[4])
	seconds, err4 := strconv.ParseFloat(args[5], 64)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	c, err := dial(args[0])
	if err != nil {
		return err
	}
	defer c.Close()
	w := worker.New(c, queue, worker.Options{MaxConcurrentActivityTaskPollers: 16, MaxConcurrentWorkflowTaskPollers: 16})
	w.RegisterWorkflow(chain)
	w.RegisterActivity(fetch)
	w.RegisterActivity(nothing)
	if err := w.Start(); err != nil {
		return err
	}
	defer w.Stop()
	one := func() error {
		ctx := context.Background()
		run, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{TaskQueue: queue}, chain, tasks, fetches, args[1])
		if err != nil {
			return err
		}
		return run.Get(ctx, nil)
	}
	if _, _, err := loop(concurrency, time.Second, one); err != nil {
		return err
	}
	times, took, err := loop(concurrency, time.Duration(seconds*float64(time.Second)), one)
	if err != nil {
		return err
	}
	slices.Sort(times)
	at := func(p int) float64 { return times[min(len(times)-1, len(times)*p/100)].Seconds() * 1000 }
	return json.NewEncoder(os.Stdout).Encode(map[string]float64{"Rate": float64(len(times)) / took.Seconds(), "P50": at(50), "P99": at(99)})
}

// dial waits for the server, which listens before it serves.
func dial(address string) (c client.Client, err error) {
	quiet := log.NewStructuredLogger(slog.New(slog.DiscardHandler))
	for range 60 {
		if c, err = client.Dial(client.Options{HostPort: address, Logger: quiet}); err == nil {
			return c, nil
		}
		time.Sleep(500 * time.Millisecond)
	}
	return nil, err
}

// loop makes runs side by side, each beginning when the one before it has ended; three at least.
func loop(concurrency int, length time.Duration, one func() error) (times []time.Duration, took time.Duration, err error) {
	var mu sync.Mutex
	var begun atomic.Int64
	var workers sync.WaitGroup
	began := time.Now()
	for range concurrency {
		workers.Go(func() {
			for begun.Add(1) <= 3 || time.Since(began) < length {
				start := time.Now()
				failed := one()
				mu.Lock()
				times, err = append(times, time.Since(start)), errors.Join(err, failed)
				stop := err != nil
				mu.Unlock()
				if stop {
					return
				}
			}
		})
	}
	workers.Wait()
	return times, time.Since(began), err
}
