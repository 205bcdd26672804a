package engine_test

import (
	"context"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
)

// migrationsBefore are those of a room whose files sort before a name.
func migrationsBefore(t *testing.T, set store.MigrationSet, name string) store.MigrationSet {
	t.Helper()
	files, err := fs.Glob(set.FS, "*.sql")
	faulttest.Must(t, err)
	some := fstest.MapFS{}
	for _, file := range files {
		if file < name {
			text, err := fs.ReadFile(set.FS, file)
			faulttest.Must(t, err)
			some[file] = &fstest.MapFile{Data: text}
		}
	}
	set.FS = some
	return set
}

// TestADatabaseFromBefore: what the program kept before lists, search and large values had tables of their own is brought up to
// date, listed, found, shown, taken up where it had not ended, resumed where it had failed, and removed without a rest.
func TestADatabaseFromBefore(t *testing.T) {
	texts := map[string]string{
		"greet":  "inputs: {who: {type: string}}\noutputs: {greeting: '${{ tasks.a.result }}'}\ntasks: {a: {action: core.set, with: {values: 'Hello ${{ inputs.who }}'}}}\n",
		"breaks": "tasks: {a: {action: core.set, with: {values: mended}}}\n",
		"holds":  "inputs: {n: {type: integer, default: 0}}\noutputs: {seen: '${{ tasks.first.result }}', n: '${{ inputs.n }}'}\ntasks: {first: {action: core.set, with: {values: one}, next: wait}, wait: {action: core.delay, with: {duration: 1s}}}\n",
	}
	text, err := os.ReadFile("testdata/before_scale.sql")
	faulttest.Must(t, err)
	began := time.Now()
	b := &bench{t: t, dir: t.TempDir(), now: func() time.Time { return time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC).Add(time.Since(began)) }}
	db, err := store.Open(t.Context(), b.dir, store.Options{}, orgs.Migrations(), migrationsBefore(t, history.Migrations(), "00010"))
	faulttest.Must(t, err)
	faulttest.Must(t, db.Write(t.Context(), func(tx *store.Tx) error {
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "--") {
				continue
			}
			if _, err := tx.Exec(strings.ReplaceAll(line, "@LARGE@", strings.Repeat("0123456789", 30_000))); err != nil {
				return err
			}
		}
		return nil
	}))
	faulttest.Must(t, db.Close())

	b.open(texts)
	ctx := context.Background()
	list := func(f history.Filter) (found []string) {
		runs, err := b.history.Runs(ctx, f)
		faulttest.Must(t, err)
		for i := range runs {
			found = append(found, runs[i].Workflow+" "+string(runs[i].Status))
		}
		return found
	}
	for _, c := range []struct {
		filter history.Filter
		want   []string
	}{
		{history.Filter{}, []string{"holds queued", "holds waiting", "holds waiting", "calls succeeded", "large succeeded", "breaks failed", "greet succeeded"}},
		{history.Filter{Workflow: "greet", Children: true}, []string{"greet succeeded", "greet succeeded"}},
		{history.Filter{Status: flow.Failed}, []string{"breaks failed"}},
		{history.Filter{TriggerType: "webhook", TriggerName: "in"}, []string{"greet succeeded"}},
		{history.Filter{Search: "hold", Status: flow.Waiting}, []string{"holds waiting", "holds waiting"}},
		{history.Filter{Search: "c3fe267adf", Status: flow.Queued}, []string{"holds queued"}},
	} {
		if diff := cmp.Diff(c.want, list(c.filter)); diff != "" {
			t.Errorf("%+v: %s", c.filter, diff)
		}
	}
	the := func(workflow string) string {
		runs, err := b.history.Runs(ctx, history.Filter{Workflow: workflow})
		faulttest.Must(t, err)
		return runs[len(runs)-1].ID
	}
	large := taskOf(b.show(the("large")), "a").Result.(map[string]any)["body"].(string)
	if len(large) != 300_000 || b.show(the("calls")).Outputs["said"] != "Hello Ann" || b.show(the("greet")).Inputs["who"] != "Ann" {
		t.Errorf("a result of %d bytes; %+v", len(large), b.show(the("calls")))
	}
	if d, err := b.history.ShowUpTo(ctx, the("large"), 64<<10); err != nil || d.Tasks[0].Result != nil || d.Tasks[0].Left < 300_000 {
		t.Errorf("%d left out: %v", d.Tasks[0].Left, err)
	}
	if resumed, problems := b.engine.Recover(ctx); len(resumed) != 3 || len(problems) > 0 {
		t.Errorf("%v %v", resumed, problems)
	}
	faulttest.Must(t, b.engine.Resume(ctx, engine.ResumeRequest{Run: the("breaks"), By: "ann", Newest: true}))
	faulttest.Must(t, b.engine.Drain(ctx))
	if got := list(history.Filter{Status: flow.Succeeded}); len(got) != 7 {
		t.Errorf("ended well: %v", got)
	}
	if d := b.show("01a20345-a2ff-7c73-82de-03c3fe267adf"); d.Outputs["n"] != int64(3) || d.Outputs["seen"] != "one" {
		t.Errorf("what waited gave %v", d.Outputs)
	}
	if _, err := b.history.Prune(ctx, history.Retention{Now: b.now().AddDate(1, 0, 0), Rule: func(string) history.Rule { return history.Rule{For: time.Hour} }}); err != nil {
		t.Error(err)
	}
	b.nothingLeft()
}

// nothingLeft looks that no table knows of a run any more: those that there are, and those that will be.
func (b *bench) nothingLeft() {
	b.t.Helper()
	var tables []string
	faulttest.Must(b.t, b.store.Read().Select(&tables, `SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND (m.name = 'runs' OR
		EXISTS (SELECT 1 FROM pragma_table_info(m.name) c WHERE c.name IN ('run', 'run_id')))`))
	if len(tables) < 8 {
		b.t.Fatalf("only %v", tables)
	}
	for _, table := range tables {
		if n := b.count("SELECT count(*) FROM " + table); n > 0 {
			b.t.Errorf("%d rows are left in %s", n, table)
		}
	}
}
