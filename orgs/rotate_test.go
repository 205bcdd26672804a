package orgs_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// resealing is the history, or what becomes of it.
type resealing func() error

func (r resealing) Reseal(context.Context, func(string) bool) (int, error) { return 0, r() }

func keysIn(t *testing.T, dir string) int {
	t.Helper()
	path := filepath.Join(dir, orgs.KeyFile)
	text, err := os.ReadFile(path)
	must(t, err)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has %v (%v)", info.Mode(), err)
	}
	return bytes.Count(text, []byte("\n")) - 1 // a line of explanation
}

// Wherever a rotation is cut off, what is on disk then opens everything, and another one finishes it.
func TestRotationIsCutOff(t *testing.T) {
	errCut := errors.New("cut off")
	for name, cut := range map[string]struct {
		ctx   func(dir string) context.Context
		other func() error
	}{
		"when the new key is on disk, before anything is under it": {func(dir string) context.Context {
			return &cutOff{ctx, func() bool { return keysIn(t, dir) > 1 }}
		}, func() error { return nil }},
		"when the secrets are under it, before the history is": {func(string) context.Context { return ctx }, func() error { return errCut }},
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t)
			open := func() *orgs.Service {
				keys, err := orgs.OpenKeyring(b.dir, noEnvironment)
				must(t, err)
				return orgs.New(b.store, keys, time.Now)
			}
			service := open()
			must(t, service.SetVariable(ctx, b.msp.ID, orgs.Variable{Name: "token", Type: orgs.TypeSecret, Value: "clear"}))
			if _, err := service.Rotate(cut.ctx(b.dir), resealing(cut.other)); err == nil {
				t.Fatal("it was not cut off")
			}
			if n := keysIn(t, b.dir); n != 2 {
				t.Errorf("%d keys are kept", n)
			}
			service = open() // after the crash
			if got, err := service.OpenSecret(ctx, b.msp.ID, "token"); err != nil || got != "clear" {
				t.Errorf("%q, %v", got, err)
			}
			_, err := service.Rotate(ctx, resealing(func() error { return nil }))
			must(t, err)
			if n := keysIn(t, b.dir); n != 1 {
				t.Errorf("%d keys are left", n)
			}
			if got, err := open().OpenSecret(ctx, b.msp.ID, "token"); err != nil || got != "clear" {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// cutOff is a context that ends at a moment.
type cutOff struct {
	context.Context
	now func() bool
}

func (c *cutOff) Err() error {
	if c.now() {
		return context.Canceled
	}
	return c.Context.Err()
}

// However often a rotation is tried that cannot open everything, no key is added for it.
func TestRotationThatCannotBeginAddsNoKey(t *testing.T) {
	b := setup(t)
	keys, err := orgs.OpenKeyring(b.dir, noEnvironment)
	must(t, err)
	service := orgs.New(b.store, keys, time.Now)
	must(t, service.SetVariable(ctx, b.msp.ID, orgs.Variable{Name: "token", Type: orgs.TypeSecret, Value: "clear"}))
	must(t, b.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE secrets SET sealed = 'AAAA'")
		return err
	}))
	for range 3 {
		_, err := service.Rotate(ctx)
		wantFault(t, err, fault.Secret, "token")
	}
	if n := keysIn(t, b.dir); n != 1 {
		t.Errorf("%d keys are kept", n)
	}
}
