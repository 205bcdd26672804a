package main

import (
	"fmt"
	"runtime"
	"strings"
)

// row is what was measured of one subject. Where it was asked for fewer runs side by side, its cell has that number.
type row struct {
	subject subject
	cells   map[workload]figures
}

func (r row) at(w workload) (figures, workload, bool) {
	f, ok := r.cells[w]
	if !ok && r.subject.most > 0 {
		w.concurrency = min(w.concurrency, r.subject.most)
		f, ok = r.cells[w]
	}
	return f, w, ok
}

// print writes the table of docs/performance.md: runs a second, p50 and p99 in ms, and how many times as fast Gantry is
// by the same kind of call.
func print(rows []row) {
	fmt.Printf("%d cores, %s; every part shares them. Runs a second | p50 ms | p99 ms, and Gantry's runs a second by webhook as a multiple.\n\n", runtime.NumCPU(), runtime.Version())
	head := []string{"subject", "keeps"}
	for _, w := range workloads {
		head = append(head, w.String())
	}
	fmt.Printf("| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat(" --- |", len(head)))
	reference := gantryOf(rows)
	for _, r := range rows {
		cells := []string{r.subject.name, r.subject.keeps}
		for _, w := range workloads {
			cells = append(cells, cell(r, w, reference))
		}
		fmt.Printf("| %s |\n", strings.Join(cells, " | "))
	}
}

func gantryOf(rows []row) row {
	for _, r := range rows {
		if r.subject.name == "Gantry, by webhook" {
			return r
		}
	}
	return row{}
}

func cell(r row, w workload, reference row) string {
	f, done, ok := r.at(w)
	if !ok {
		return ""
	}
	text := fmt.Sprintf("%s, %s, %s", short(f.Rate), short(f.P50), short(f.P99))
	if done != w {
		text = fmt.Sprintf("%d at a time: %s", done.concurrency, text)
	}
	if mine, _, ok := reference.at(w); ok && !strings.HasPrefix(r.subject.name, "Gantry") && r.subject.keeps != "nothing" {
		text += fmt.Sprintf(" (%s×)", short(mine.Rate/f.Rate))
	}
	return text
}

func short(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
