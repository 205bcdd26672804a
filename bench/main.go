// Command bench measures the engine and the door for webhooks, and prints each figure with its bar and the conditions it was taken
// under. Everything is real: SQLite with synchronous=FULL in a temporary folder, HTTP over loopback.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// scenario is one thing that is measured. A bar that is missed fails the command; a goal is only reported.
type scenario struct {
	name        string
	workflow    string
	concurrency int
	runs        int
	bar, goal   *mark
	// measure takes the times; nil: of the engine's runs, from the request to the end on disk.
	measure func(b *bench, s scenario, scale float64) (result, error)
}

// mark is what a figure is held against: the most that the median, or all but one of a hundred, may take, or the
// fewest runs a second.
type mark struct {
	p50, p99 time.Duration
	rate     float64
}

func (m *mark) met(r result) bool {
	return (m.p50 == 0 || r.percentile(50) <= m.p50) && (m.p99 == 0 || r.percentile(99) <= m.p99) && r.perSecond() >= m.rate
}

func (m *mark) String() string {
	if m.p50 > 0 {
		return fmt.Sprintf("p50 ≤ %s", m.p50)
	}
	if m.p99 > 0 {
		return fmt.Sprintf("p99 ≤ %s", m.p99)
	}
	return fmt.Sprintf("≥ %.0f a second", m.rate)
}

func main() {
	scale := flag.Float64("scale", 1, "how many runs, as a factor")
	only := flag.String("only", "", "measure only what has this in its name")
	flag.Parse()
	if err := measureAll(*scale, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measureAll(scale float64, only string) error {
	b, err := setup()
	if err != nil {
		return err
	}
	defer b.close()
	fmt.Printf("%d cores, %s, SQLite WAL synchronous=FULL, folder %s\n\n", runtime.NumCPU(), runtime.Version(), b.dir)
	fmt.Printf("%-38s %6s %10s %9s %9s %9s   %s\n", "what", "runs", "runs/s", "p50", "p95", "p99", "bar and goal")
	missed := 0
	for _, s := range scenarios {
		if !strings.Contains(s.name, only) {
			continue
		}
		measure := s.measure
		if measure == nil {
			measure = engineRuns
		}
		r, err := measure(b, s, scale)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Printf("%-38s %6d %10.0f %9s %9s %9s   %s\n", s.name, r.runs, r.perSecond(), short(r.percentile(50)), short(r.percentile(95)), short(r.percentile(99)), verdict(s, r))
		if s.bar != nil && !s.bar.met(r) {
			missed++
		}
	}
	if missed > 0 {
		return fmt.Errorf("%d bars missed", missed)
	}
	return nil
}

// verdict tells of the bar, and of the design's final goal.
func verdict(s scenario, r result) string {
	var parts []string
	if s.bar != nil {
		parts = append(parts, fmt.Sprintf("bar %s: %s", s.bar, word(s.bar.met(r), "met", "MISSED")))
	}
	if s.goal != nil {
		parts = append(parts, fmt.Sprintf("goal %s: %s", s.goal, word(s.goal.met(r), "reached", "not reached")))
	}
	return strings.Join(parts, "; ")
}

func word(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

func short(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }

// The goals are those of the design, for a quiet machine of two cores.
var scenarios = []scenario{
	{name: "3 no-op tasks, one at a time", workflow: "noop3", concurrency: 1, runs: 2000, bar: &mark{p50: 5 * time.Millisecond}, goal: &mark{p50: 2 * time.Millisecond}},
	{name: "3 no-op tasks, 64 at a time", workflow: "noop3", concurrency: 64, runs: 6000, goal: &mark{rate: 3000}},
	{name: "1 HTTP task, one at a time", workflow: "http1", concurrency: 1, runs: 1000, goal: &mark{p50: 1200 * time.Microsecond}},
	{name: "1 HTTP task, 16 at a time", workflow: "http1", concurrency: 16, runs: 4000, goal: &mark{rate: 3500}},
	{name: "10 HTTP tasks, one at a time", workflow: "http10", concurrency: 1, runs: 300, goal: &mark{p50: 5 * time.Millisecond}},
	{name: "10 HTTP tasks, 16 at a time", workflow: "http10", concurrency: 16, runs: 1000, goal: &mark{rate: 700}},
	{name: "for_each of 1,000 no-ops", workflow: "each1000", concurrency: 1, runs: 10},
	{name: "for_each of 10,000 no-ops", workflow: "each10000", concurrency: 1, runs: 5},
	{name: "webhook kept, 1,000/s, 64 connections", concurrency: 64, runs: 10_000, goal: &mark{p99: 10 * time.Millisecond}, measure: webhooks},
	{name: "1 HTTP task beside 10,000 in line", workflow: "http1", concurrency: 1, runs: 50, bar: &mark{p99: time.Second}, measure: besideALine},
}
