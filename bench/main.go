// Command bench measures the engine and prints each figure with its bar and the conditions it was taken
// under. Everything is real: SQLite with synchronous=FULL in a temporary folder, HTTP over loopback.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"
)

// scenario is one thing that is measured.
type scenario struct {
	name        string
	workflow    string
	concurrency int
	runs        int
	bar         func(result) (text string, met bool)
}

func main() {
	scale := flag.Float64("scale", 1, "how many runs, as a factor")
	flag.Parse()
	if err := measureAll(*scale); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measureAll(scale float64) error {
	b, err := setup()
	if err != nil {
		return err
	}
	defer b.close()
	fmt.Printf("%d cores, %s, SQLite WAL synchronous=FULL, folder %s\n\n", runtime.NumCPU(), runtime.Version(), b.dir)
	fmt.Printf("%-38s %6s %10s %9s %9s %9s   %s\n", "what", "runs", "runs/s", "p50", "p95", "p99", "bar")
	for _, s := range scenarios {
		r, err := b.measure(s, scale)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		text, met := s.bar(r)
		verdict := "met"
		if !met {
			verdict = "NOT MET"
		}
		fmt.Printf("%-38s %6d %10.0f %9s %9s %9s   %s: %s\n", s.name, r.runs, r.perSecond(), short(r.percentile(50)), short(r.percentile(95)), short(r.percentile(99)), text, verdict)
	}
	return nil
}

func short(d time.Duration) string { return d.Round(10 * time.Microsecond).String() }

// The bars of the first stage; the design's final ones are in brackets.
var scenarios = []scenario{
	{"3 no-op tasks, one at a time", "noop3", 1, 2000, latency(5*time.Millisecond, "p50 ≤ 5 ms [2 ms]")},
	{"3 no-op tasks, 64 at a time", "noop3", 64, 6000, rate(0, "[3,000 a second]")},
	{"1 HTTP task, one at a time", "http1", 1, 1000, latency(0, "[p50 ≤ 1.2 ms]")},
	{"1 HTTP task, 16 at a time", "http1", 16, 4000, rate(0, "[3,500 a second]")},
	{"10 HTTP tasks, one at a time", "http10", 1, 300, latency(0, "[p50 ≤ 5 ms]")},
	{"10 HTTP tasks, 16 at a time", "http10", 16, 1000, rate(0, "[700 a second]")},
	{"for_each of 1,000 no-ops", "each", 1, 10, rate(0, "linear")},
}

// latency bars the median; zero only reports.
func latency(most time.Duration, text string) func(result) (string, bool) {
	return func(r result) (string, bool) { return text, most == 0 || r.percentile(50) <= most }
}

// rate bars runs a second; zero only reports.
func rate(least float64, text string) func(result) (string, bool) {
	return func(r result) (string, bool) { return text, r.perSecond() >= least }
}
