package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestReportsAddUp: what several sessions have added to a report is one table.
func TestReportsAddUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.jsonl")
	for seed := range uint64(2) {
		h := &house{seed: seed, kills: []kill{{point: "wire.sent", nth: 1, died: "wire.sent", runs: 3, served: true, start: time.Second}, {runs: 2}}}
		v := &verdict{rows: map[string]runRow{"a": {}}, known: 5, unknown: 1, violations: []violation{{0, "something was lost"}}}
		if err := entryOf(h, v, time.Minute, 2).append(path); err != nil {
			t.Fatal(err)
		}
	}
	all, took, err := readReport(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := (row{Kills: 2, Reached: 2, Runs: 6, Violations: 2}); *all.rows["wire.sent"] != want {
		t.Errorf("wire.sent: %+v, want %+v", *all.rows["wire.sent"], want)
	}
	if all.kills != 4 || all.houses != 2 || all.runs != 2 || all.known != 10 || all.unknown != 2 || took != time.Minute || len(all.violations) != 2 {
		t.Errorf("%+v in %s", all, took)
	}
	var out strings.Builder
	if err := printReport(&out, path); err == nil || !strings.Contains(out.String(), "4 kills in 2 houses in 1m0s (15s a kill)") || !strings.Contains(out.String(), "something was lost") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if err := os.WriteFile(path, []byte("{}\n{\"house\":"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := readReport(path); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a line that was cut off: %v", err)
	}
}
