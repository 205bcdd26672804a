package history

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/store"
)

// TestFiguresOfOlderRuns: what the migration makes of the runs there are is what counting them as they ended would have.
func TestFiguresOfOlderRuns(t *testing.T) {
	h, _ := open(t)
	for n, status := range []flow.Status{flow.Succeeded, flow.Failed, flow.TimedOut, flow.Cancelled, flow.Running, flow.Succeeded, flow.Failed} {
		e := begun(n, fmt.Sprint("w", n%2), "a", status)
		if status.Ended() {
			e.State.FinishedAt = morning.Add(time.Duration(n) * 10 * time.Minute)
		}
		h.mustAppend(t, e)
	}
	want := h.figuresNow(t)
	text, err := migrations.ReadFile("migrations/00013_figures.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "WITHOUT ROWID;")
	fill, _, _ := strings.Cut(rest, ";")
	if err := h.db.Write(context.Background(), func(tx *store.Tx) error {
		if _, err := tx.Exec("DELETE FROM run_figures"); err != nil {
			return err
		}
		_, err := tx.Exec(fill)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, h.figuresNow(t)); diff != "" || len(want) != 6 {
		t.Error(len(want), diff)
	}
}

// TestFiguresFromBeforeSums: those that a history has which had no sums are told as they were, moved or not, without those of
// runs that others started, which were counted then.
func TestFiguresFromBeforeSums(t *testing.T) {
	dir, before, set := t.TempDir(), fstest.MapFS{}, Migrations()
	files, err := fs.Glob(set.FS, "*.sql")
	must(t, err)
	for _, file := range slices.DeleteFunc(files, func(name string) bool { return name >= "00014" }) {
		text, err := fs.ReadFile(set.FS, file)
		must(t, err)
		before[file] = &fstest.MapFile{Data: text}
	}
	db, err := store.Open(t.Context(), dir, store.Options{}, store.MigrationSet{Name: set.Name, FS: before})
	must(t, err)
	must(t, db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO run_groups (id, organisation, workflow, trigger_type, trigger_name, child) VALUES (1, 'a', 'v', 'webhook', 'in', 0), (2, 'a', 'v', 'schedule', 'at', 0),
			(3, 'b', 'w', 'webhook', 'in', 0), (4, 'b', 'w', 'workflow', '', 1)`)
		if err == nil {
			_, err = tx.Exec(`INSERT INTO run_figures (at, run_group, succeeded, failed, timed_out, cancelled, saved) SELECT q.value, g.id, g.id, 1, 0, 0, 60 FROM run_groups g, json_each('[1900000, 1900001, 1900096, 1910000]') q`)
		}
		return err
	}))
	must(t, db.Close())
	if db, err = store.Open(t.Context(), dir, store.Options{}, set); err != nil {
		t.Fatal(err)
	}
	defer func() { must(t, db.Close()) }()
	h := New(db, nil)
	at := func(quarters int64) time.Time { return time.Unix(quarters*900, 0) }
	f := FigureFilter{Bounds: []time.Time{at(1_900_000), at(1_900_001), at(1_900_097), at(1_910_001)}}
	want := &Statistics{Now: map[flow.Status]int64{}, Buckets: []Figures{{6, 3, 0, 0, 180}, {12, 6, 0, 0, 360}, {6, 3, 0, 0, 180}}, Totals: Figures{24, 12, 0, 0, 720},
		ByOrganisation: []FiguresOf{{"a", Figures{12, 8, 0, 0, 480}}, {"b", Figures{12, 4, 0, 0, 240}}}, ByWorkflow: []FiguresOf{{"v", Figures{12, 8, 0, 0, 480}}, {"w", Figures{12, 4, 0, 0, 240}}}}
	for _, until := range []int64{0, 1_900_000, 1_900_001, 2_000_000} {
		must(t, h.SumUp(t.Context(), at(until)))
		got, err := h.Statistics(t.Context(), f)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("until %d: %s", until, diff)
		}
	}
	if left := h.figuresLeft(t); left > 0 {
		t.Error(left, "were not moved")
	}
}
