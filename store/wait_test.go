package store_test

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"gantry/fault"
	"gantry/store"
)

// TestOpenWaitsForTheOwner: whoever comes second is patient, says so after a second, and goes on as soon as
// the first has ended.
func TestOpenWaitsForTheOwner(t *testing.T) {
	for name, c := range map[string]struct {
		ends    time.Duration // of the owner
		told    time.Duration // when Waiting is called; 0: never
		outcome fault.Code
		after   time.Duration // at least
	}{
		"a moment":     {ends: 300 * time.Millisecond, after: 300 * time.Millisecond},
		"some seconds": {ends: 3 * time.Second, told: time.Second, after: 3 * time.Second},
		"too long":     {ends: time.Hour, told: time.Second, outcome: fault.Locked, after: 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, dir := context.Background(), t.TempDir()
				owner, err := store.Open(ctx, dir, store.Options{}, sets())
				if err != nil {
					t.Fatal(err)
				}
				time.AfterFunc(c.ends, func() { _ = owner.Close() })
				began, told := time.Now(), time.Duration(0)
				s, err := store.Open(ctx, dir, store.Options{Wait: 5 * time.Second, Waiting: func(pid int) {
					if told != 0 || pid != os.Getpid() {
						t.Errorf("told again, or of process %d", pid)
					}
					told = time.Since(began)
				}}, sets())
				waited := time.Since(began)
				switch {
				case c.outcome != "":
					wantCode(t, err, c.outcome)
				case err != nil:
					t.Fatal(err)
				default:
					defer s.Close()
				}
				if told != c.told || waited < c.after || waited > c.after+100*time.Millisecond {
					t.Errorf("told after %s, ended after %s", told, waited)
				}
				if c.outcome != "" {
					time.Sleep(c.ends) // the bubble's clock: the owner ends before the test does
					synctest.Wait()
				}
			})
		})
	}
}

func TestWaitingCanBeStopped(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := store.Open(ctx, dir, store.Options{Wait: time.Hour, Waiting: func(int) { cancel() }}, sets())
	wantCode(t, err, fault.Cancelled)
}
