package history

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/orgs"
	"gantry/store"
)

// A run that waits has redacted values in its log. When the master key is changed meanwhile, it must be able
// to go on: its values open under the new key, although the old one is gone.
func TestRotatedKeysOpenUnfinishedRuns(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	none := func(string) string { return "" }
	db, err := store.Open(ctx, dir, store.Options{}, orgs.Migrations(), Migrations())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	ring, err := orgs.OpenKeyring(dir, none)
	if err != nil {
		t.Fatal(err)
	}
	h := New(db, ring)
	want := map[int]any{}
	const runs = resealBatch + 7 // more than one part
	for n := 1; n <= runs; n++ {
		entry := begun(n, "w", "a", flow.Running)
		entry.Redact = func(int) []string { return []string{"result.token", "result.list.pin"} }
		result := map[string]any{"token": fmt.Sprintf("clear-%d", n), "list": []any{map[string]any{"pin": 1.5}, map[string]any{"pin": int64(n)}}, "open": `"$sealed":"00.QUJD"`}
		want[n] = result
		entry.Events = append(entry.Events, flow.AttemptEnded{At: morning, Unit: flow.Unit{Exec: 0, Item: flow.NoItem}, Outcome: flow.Outcome{Result: result}})
		h.mustAppend(t, entry)
	}
	service := orgs.New(db, ring, time.Now)
	count, err := service.Rotate(ctx, h)
	if err != nil || count != 3*runs {
		t.Fatal(count, err)
	}
	key, err := os.ReadFile(filepath.Join(dir, orgs.KeyFile))
	if err != nil || strings.Count(string(key), "\n") != 2 {
		t.Fatalf("one line of explanation and one key are left: %q %v", key, err)
	}
	fresh, err := orgs.OpenKeyring(dir, none)
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= runs; n++ {
		log, err := New(db, fresh).Load(ctx, id(n))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[n], log.Events[1].(flow.AttemptEnded).Outcome.Result); diff != "" {
			t.Fatal(diff)
		}
	}
	if again, err := h.Reseal(ctx, func(string) bool { return false }); again != 0 || err != nil {
		t.Error(again, err)
	}
}

func TestWhatDoesNotOpenIsNotResealed(t *testing.T) {
	h, _ := open(t)
	fake := map[string]any{sealKey: "00ff.QUJD"}
	entry := begun(1, "w", "a", flow.Running)
	entry.Events = append(entry.Events, flow.AttemptEnded{At: morning, Unit: flow.Unit{Exec: 0, Item: flow.NoItem}, Outcome: flow.Outcome{Result: fake}})
	h.mustAppend(t, entry)
	n, err := h.Reseal(context.Background(), func(string) bool { return true })
	if n != 0 || err != nil {
		t.Fatal(n, err)
	}
	log, err := h.Load(context.Background(), id(1))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(any(fake), log.Events[1].(flow.AttemptEnded).Outcome.Result); diff != "" {
		t.Error(diff)
	}
}
