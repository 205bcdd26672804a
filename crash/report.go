package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// entry is a line of a report: what one house has shown. Lines of several sessions add up.
type entry struct {
	Seed       uint64          `json:"house"`
	Kills      int             `json:"kills"`
	Took       time.Duration   `json:"took_ns"` // of the house alone, its rehearsal and judgement included
	Lanes      int             `json:"lanes"`   // that went on side by side
	Runs       int             `json:"runs"`
	Known      int             `json:"writes_known"`
	Unknown    int             `json:"writes_unknown"`
	Compared   int             `json:"workflows_compared"`
	Odd        int             `json:"workflows_not_compared"`
	Points     map[string]*row `json:"points"`
	Starts     []time.Duration `json:"starts_ns"`
	Violations []string        `json:"violations,omitempty"`
}

// entryOf gives what a house has shown.
func entryOf(h *house, v *verdict, took time.Duration, lanes int) entry {
	one := newSummary()
	for _, k := range h.kills {
		one.killed(k)
	}
	one.add(h, v, io.Discard)
	for name, r := range one.rows {
		if *r == (row{}) {
			delete(one.rows, name)
		}
	}
	return entry{Seed: h.seed, Kills: one.kills, Took: took, Lanes: lanes, Runs: one.runs, Known: one.known, Unknown: one.unknown, Compared: one.compared, Odd: one.odd,
		Points: one.rows, Starts: one.starts, Violations: one.violations}
}

// append adds a line to a report.
func (e entry) append(path string) error {
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	return errors.Join(err, file.Close())
}

// readReport adds up the lines of a report, and how long their houses took on the lanes that they had.
func readReport(path string) (*summary, time.Duration, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	all, took := newSummary(), time.Duration(0)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, 0, fmt.Errorf("%s, line %d: %w", path, n, err)
		}
		all.houses++
		all.kills += e.Kills
		all.runs += e.Runs
		all.known += e.Known
		all.unknown += e.Unknown
		all.compared += e.Compared
		all.odd += e.Odd
		all.starts = append(all.starts, e.Starts...)
		all.violations = append(all.violations, e.Violations...)
		took += e.Took / time.Duration(max(1, e.Lanes))
		for name, r := range e.Points {
			all.rowNamed(name).plus(r)
		}
	}
	return all, took, lines.Err()
}

// rowNamed gives the row of a fail-point, also of one that there is not any more.
func (s *summary) rowNamed(name string) *row {
	if s.rows[name] == nil {
		s.rows[name] = &row{}
	}
	return s.rows[name]
}

func (r *row) plus(o *row) {
	r.Kills += o.Kills
	r.Reached += o.Reached
	r.Runs += o.Runs
	r.Violations += o.Violations
}

// printReport prints a report's table, its violations, and the figures.
func printReport(out io.Writer, path string) error {
	all, took, err := readReport(path)
	if err != nil {
		return err
	}
	for _, text := range all.violations {
		fmt.Fprintln(out, text)
	}
	if err := all.print(out, took); err != nil {
		return err
	}
	if len(all.violations) > 0 {
		return fmt.Errorf("%d violations", len(all.violations))
	}
	return nil
}
