package main

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"text/tabwriter"
	"time"
)

// moments is the row of kills at random moments.
const moments = "(a random moment)"

// row counts what became of one fail-point.
type row struct {
	Kills      int `json:"kills,omitempty"`
	Reached    int `json:"died_there,omitempty"`
	Runs       int `json:"runs_asked_for,omitempty"`
	Violations int `json:"violations,omitempty"`
}

// summary is what a whole session has shown.
type summary struct {
	mu             sync.Mutex
	rows           map[string]*row
	kills          int
	houses         int
	runs           int // also those that others led to
	known, unknown int
	compared, odd  int // workflows whose end was foretold, and not
	violations     []string
	starts         []time.Duration
}

func newSummary() *summary {
	s := &summary{rows: map[string]*row{moments: {}}}
	for _, name := range served() {
		s.rows[name] = &row{}
	}
	return s
}

func (s *summary) rowOf(h *house, cycle int) *row {
	if cycle < 0 || cycle >= len(h.kills) || h.kills[cycle].point == "" {
		return s.rows[moments]
	}
	return s.rows[h.kills[cycle].point]
}

// killed notes a kill as it happens.
func (s *summary) killed(k kill) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kills++
	name := k.point
	if name == "" {
		name = moments
	}
	r := s.rows[name]
	r.Kills++
	r.Runs += k.runs
	if k.point == "" || k.died != "" {
		r.Reached++
	}
	if k.served {
		s.starts = append(s.starts, k.start)
	}
}

// count gives how many kills there were so far.
func (s *summary) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kills
}

// died tells whether a server has died at a fail-point.
func (s *summary) died(point string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rows[point].Reached > 0
}

// add notes what a house has shown, and tells of violations.
func (s *summary) add(h *house, v *verdict, out io.Writer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.houses++
	s.runs += len(v.rows)
	s.known += v.known
	s.unknown += v.unknown
	for _, foretold := range h.foretold {
		if s.compared++; !foretold {
			s.odd++
		}
	}
	for _, bad := range v.violations {
		s.rowOf(h, bad.cycle).Violations++
		at := "not of one kill"
		if bad.cycle >= 0 && bad.cycle < len(h.kills) {
			at = fmt.Sprintf("asked for before kill %d, at %q", bad.cycle, h.kills[bad.cycle].at())
		}
		text := fmt.Sprintf("VIOLATION: %s\n  %s\n  house %s\n  again: go run ./crash -house %d -kills %d", bad.text, at, h.dir, h.seed, len(h.kills))
		s.violations = append(s.violations, text)
		fmt.Fprintln(out, text)
	}
}

// unreached lists the fail-points at which no server has died.
func (s *summary) unreached() (names []string) {
	for _, name := range served() {
		if s.rows[name].Reached == 0 {
			names = append(names, name)
		}
	}
	return names
}

func (s *summary) print(out io.Writer, took time.Duration) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "fail-point\tkills\tdied there\truns asked for\tviolations\t")
	for _, name := range append(served(), moments) {
		r := s.rows[name]
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t\n", name, r.Kills, r.Reached, r.Runs, r.Violations)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	slices.Sort(s.starts)
	start := time.Duration(0)
	if len(s.starts) > 0 {
		start = s.starts[len(s.starts)/2]
	}
	_, err := fmt.Fprintf(out, "%d kills in %d houses in %s (%s a kill); %d runs; writes known %d, unknown %d; start until served, median %s; %d of %d workflows compared with an undisturbed run; %d violations\n",
		s.kills, s.houses, took.Round(time.Second), (took / time.Duration(max(1, s.kills))).Round(time.Millisecond), s.runs, s.known, s.unknown, start.Round(time.Millisecond),
		s.compared-s.odd, s.compared, len(s.violations))
	return err
}
