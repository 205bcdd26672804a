package history

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
)

// Keys are changed again and again while runs go on: whatever was sealed on the way opens under the key that is left.
func TestRotatedKeysOpenWhatRunsKeptMeanwhile(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	none := func(string) string { return "" }
	db, err := store.Open(ctx, dir, store.Options{}, orgs.Migrations(), Migrations())
	faulttest.Must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	ring, err := orgs.OpenKeyring(dir, none)
	faulttest.Must(t, err)
	h := New(db, ring)
	const writers, runs = 4, 100
	result := map[string]any{"token": "clear"}
	var work sync.WaitGroup
	for w := range writers {
		work.Go(func() {
			for n := w; n < writers*runs; n += writers {
				entry := begun(n, "w", "a", flow.Running)
				entry.Redact = func(int) []string { return []string{"result.token"} }
				entry.Events = append(entry.Events, flow.AttemptEnded{At: morning, Unit: flow.Unit{Exec: 0, Item: flow.NoItem}, Outcome: flow.Outcome{Result: result}})
				kept := make(chan error)
				h.Append(&Chain{}, []Entry{entry}, func(err error) { kept <- err })
				if err := <-kept; err != nil {
					t.Error(err)
				}
			}
		})
	}
	all := make(chan struct{})
	go func() { work.Wait(); close(all) }()
	service := orgs.New(db, ring, time.Now)
	for going := true; going; {
		_, err := service.Rotate(ctx, h)
		faulttest.Must(t, err)
		select {
		case <-all:
			going = false
		default:
		}
	}
	left, err := orgs.OpenKeyring(dir, none) // as the next process has it
	faulttest.Must(t, err)
	for n := range writers * runs {
		log, err := New(db, left).Load(ctx, id(n))
		faulttest.Must(t, err)
		if diff := cmp.Diff(any(result), log.Events[1].(flow.AttemptEnded).Outcome.Result); diff != "" {
			t.Fatal(n, diff)
		}
	}
}
