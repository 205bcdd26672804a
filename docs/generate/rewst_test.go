package main

import (
	"strings"
	"testing"

	"gantry/actions"
)

// Every row of the table has an action that calls the row's endpoint, and a scenario that proves it.
func TestEveryRowOfRewstsTable(t *testing.T) {
	rows, err := rewstRows()
	if err != nil || len(rows) != 58 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	proofs, err := readProofs("../../actions/testdata/halo")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if _, why := row.proven(actions.Builtin(), proofs); why != "" {
			t.Errorf("%s: %s", row.title, why)
		}
	}
}

func TestRewstPageNeedsProof(t *testing.T) {
	for why, row := range map[string]rewstRow{
		"there is no action halo.nothing": {"x", "/Agent", "halo.nothing"},
		"calls /Agent, not /Site":         {"x", "/Site", "halo.list_agents"},
		"no scenario":                     {"x", "/Agent", "halo.list_agents"},
	} {
		if _, got := row.proven(actions.Builtin(), nil); !strings.Contains(got, why) {
			t.Errorf("got %q, want %q", got, why)
		}
	}
	if _, err := rewstPage(actions.Builtin(), nil); err == nil || !strings.Contains(err.Error(), "Get Agent: no scenario") {
		t.Error(err)
	}
}
