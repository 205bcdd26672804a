package history

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"gantry/store"
)

// BenchmarkUpgrade brings a history of 100,000 runs of 20,000 groups up to date that was kept before migration 00010; the time
// is that of opening it.
func BenchmarkUpgrade(b *testing.B) {
	const runs = 100_000
	kept := b.TempDir()
	before := fstest.MapFS{}
	set := Migrations()
	files, err := fs.Glob(set.FS, "0000[1-9]_*.sql")
	must(b, err)
	for _, file := range files {
		text, err := fs.ReadFile(set.FS, file)
		must(b, err)
		before[file] = &fstest.MapFile{Data: text}
	}
	db, err := store.Open(context.Background(), kept, store.Options{}, store.MigrationSet{Name: set.Name, FS: before})
	must(b, err)
	must(b, db.Write(b.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(fmt.Sprintf(`INSERT INTO runs (id, workflow, version, organisation, organisation_slug, status, trigger_type, trigger_name, parent, parent_exec, parent_item,
			settings, inputs, outputs, error, created_at, started_at, finished_at)
			WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			SELECT printf('%%08x-0000-7000-8000-%%012x', i, i * 7919), 'area/workflow-' || (i %% 20), 'v1', printf('0190a000-0000-7000-8000-%%012d', i * 31 %% 500), 'client', 'succeeded', 'webhook',
			'in', '', -1, -1, '{}', printf('{"ticket":%%d,"note":"%%.80c"}', i, 'x'), '{"done":true}', NULL, i * 1000000000, i * 1000000000, i * 1000000000 + 5 FROM n`, runs-1))
		if err != nil {
			return err
		}
		for seq := 1; seq <= 3; seq++ {
			if _, err := tx.Exec(fmt.Sprintf(`INSERT INTO events (run, seq, at, kind, data) SELECT id, %d, created_at, 'attempt_started', '{"exec":0}' FROM runs`, seq)); err != nil {
				return err
			}
		}
		return nil
	}))
	must(b, db.Close())
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		text, err := os.ReadFile(filepath.Join(kept, store.DatabaseFile))
		must(b, err)
		must(b, os.WriteFile(filepath.Join(dir, store.DatabaseFile), text, 0o600))
		b.StartTimer()
		began := time.Now()
		db, err := store.Open(context.Background(), dir, store.Options{}, set)
		must(b, err)
		b.ReportMetric(time.Since(began).Seconds()*1e6/runs, "s/million_runs")
		b.StopTimer()
		must(b, db.Close())
		b.StartTimer()
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
