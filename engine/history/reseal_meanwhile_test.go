package history

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
)

// slow holds a value back between its sealing and its keeping.
type slow struct {
	*orgs.Keyring
	sealed, goOn chan struct{}
}

func (s slow) Seal(plain []byte, boundTo string) (string, error) {
	text, err := s.Keyring.Seal(plain, boundTo)
	if s.sealed != nil {
		close(s.sealed)
		<-s.goOn
	}
	return text, err
}

// whenAsked lets that value go on when a rotation has come to the history.
type whenAsked struct {
	*History
	goOn chan struct{}
}

func (w whenAsked) Reseal(ctx context.Context, stale func(string) bool) (int, error) {
	close(w.goOn)
	return w.History.Reseal(ctx, stale)
}

// A value that was sealed under the old key while the key was changed, and came to disk later, is sealed anew as well.
func TestRotatedKeysOpenWhatWasOnItsWay(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	none := func(string) string { return "" }
	db, err := store.Open(ctx, dir, store.Options{}, orgs.Migrations(), Migrations())
	faulttest.Must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	ring, err := orgs.OpenKeyring(dir, none)
	faulttest.Must(t, err)
	held := slow{ring, make(chan struct{}), make(chan struct{})}
	h := New(db, held)
	entry, result := begun(1, "w", "a", flow.Running), map[string]any{"token": "clear"}
	entry.Redact = func(int) []string { return []string{"result.token"} }
	entry.Events = append(entry.Events, flow.AttemptEnded{At: morning, Unit: flow.Unit{Exec: 0, Item: flow.NoItem}, Outcome: flow.Outcome{Result: result}})
	kept := make(chan error, 1)
	go h.Append(&Chain{}, []Entry{entry}, func(err error) { kept <- err })
	<-held.sealed
	plain := whenAsked{&History{db: db, seals: ring}, held.goOn}
	plain.sealing.now = h.sealing.now // the same history, whose later values nobody holds back
	_, err = orgs.New(db, ring, time.Now).Rotate(ctx, plain)
	faulttest.Must(t, err)
	faulttest.Must(t, <-kept)
	left, err := orgs.OpenKeyring(dir, none) // as the next process has it
	faulttest.Must(t, err)
	log, err := New(db, left).Load(ctx, id(1))
	faulttest.Must(t, err)
	if diff := cmp.Diff(any(result), log.Events[1].(flow.AttemptEnded).Outcome.Result); diff != "" {
		t.Error(diff)
	}
}
