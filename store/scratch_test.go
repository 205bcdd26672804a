package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func scratch(t *testing.T) *Scratch {
	t.Helper()
	s, err := NewScratch([]ScratchTable{{
		Name: "AREA", Columns: []string{"Aarea", "aareadesc", `odd "name"`},
		Rows: [][]any{{int64(1), "Acme", nil}, {int64(2), "Bravo", 1.5}},
	}}, map[string]any{"twice": func(n int64) int64 { return 2 * n }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestScratchAnswersQuestions(t *testing.T) {
	s := scratch(t)
	columns, rows, err := s.Ask(context.Background(), `SELECT aareadesc, twice(aarea) AS two, "odd ""name""" FROM area WHERE aareadesc <> 'ACME'`, 10)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"aareadesc", "two", `odd "name"`}, columns); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][]any{{"Bravo", int64(4), 1.5}}, rows); diff != "" {
		t.Error(diff)
	}
	if _, rows, err = s.Ask(context.Background(), "SELECT * FROM area", 1); err != nil || len(rows) != 1 {
		t.Errorf("the limit of one row gave %d: %v", len(rows), err)
	}
}

func TestScratchOnlyReads(t *testing.T) {
	s := scratch(t)
	for _, question := range []string{
		"DELETE FROM area", "DROP TABLE area", "CREATE TABLE x (y)", "ATTACH '/tmp/x' AS y", "PRAGMA user_version = 3", "VACUUM INTO '/tmp/x'",
		"SELECT load_extension('x')", "UPDATE area SET aarea = 3", "SELECT 1; DELETE FROM area", "BEGIN", "SELECT zeroblob(1000000000)",
	} {
		if _, _, err := s.Ask(context.Background(), question, 10); err == nil {
			t.Errorf("%s was done", question)
		}
	}
	if _, rows, err := s.Ask(context.Background(), "SELECT * FROM area", 10); err != nil || len(rows) != 2 {
		t.Errorf("afterwards there are %d rows: %v", len(rows), err)
	}
}

func TestScratchEndsWithItsContext(t *testing.T) {
	s := scratch(t)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	endless := "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
	if _, _, err := s.Ask(ctx, endless, 10); err == nil {
		t.Error("an endless question was answered")
	}
	if _, err := NewScratch([]ScratchTable{{Name: "x"}}, nil); err == nil || !strings.Contains(err.Error(), "syntax") {
		t.Errorf("a table without columns was made: %v", err)
	}
}
