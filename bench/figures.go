package main

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// figures are what one round gives, by name.
type figures map[string]float64

// The names of figures, in the order in which they are shown.
const (
	p50, p95, p99 = "p50", "p95", "p99"
	fastest       = "fastest" // of all; not shown
	rate          = "a second"
	events        = "events a second"
	share         = "of a bare client"
	linear        = "per item, 10,000 to 1,000" // 1: ten times the items take ten times as long
	memory        = "more memory"
	took          = "time"
	size          = "size"
	resident      = "resident"
	own           = "own"
	proportional  = "proportional"
	lost          = "lost"
	stuck         = "stuck"
	repeated      = "repeated"

	// What one run, or whatever else is counted, costs the process.
	cpuEach     = "CPU"
	allocsEach  = "allocations"
	bytesEach   = "allocated"
	commitsEach = "commits"
)

// units are written behind the numbers; times are in milliseconds, sizes in MB (10^6 bytes).
var units = map[string]string{p50: " ms", p95: " ms", p99: " ms", rate: " a second", events: " events a second", share: " % of a bare client", memory: " MB more memory",
	linear: " × the time per item", took: " ms", size: " MB", resident: " MB resident", own: " MB of that not the program's file", proportional: " MB proportional (Pss)", lost: " lost", stuck: " stuck", repeated: " repeated",
	cpuEach: " µs CPU", allocsEach: " allocations", bytesEach: " KB", commitsEach: " commits"}

var (
	shown = []string{p50, p95, p99, rate, events, share, linear, memory, took, size, resident, own, proportional, lost, stuck, repeated}
	costs = []string{cpuEach, allocsEach, bytesEach, commitsEach}
)

// named are figures that say what they are before the number.
var named = map[string]string{p50: "p50 ", p95: "p95 ", p99: "p99 "}

func number(v float64) string {
	switch {
	case v >= 1000:
		return grouped(int64(v + 0.5))
	case v >= 100 || v == float64(int64(v)):
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func (b bar) String() string {
	if b.none {
		return "none" + units[b.figure]
	}
	sign, v := "≤", b.most
	if b.least > 0 {
		sign, v = "≥", b.least
	}
	return fmt.Sprintf("%s%s %s%s", named[b.figure], sign, number(v), units[b.figure])
}

// latencies gives the usual percentiles of the times that single runs took, and the rate of all.
func latencies(times []time.Duration, took time.Duration) figures {
	slices.Sort(times)
	at := func(p int) float64 { return ms(times[min(len(times)-1, len(times)*p/100)]) }
	return figures{fastest: at(0), p50: at(50), p95: at(95), p99: at(99), rate: float64(len(times)) / took.Seconds()}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
