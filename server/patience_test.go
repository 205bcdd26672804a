package server

import (
	"os"
	"testing"
	"time"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/store"
)

// TestAServerWaitsForTheOneBeforeIt: a process that was killed a moment ago has the data folder until the kernel has taken
// it apart. The next one waits for that, as long as it has patience, and says so.
func TestAServerWaitsForTheOneBeforeIt(t *testing.T) {
	o := testOptions(t.TempDir())
	faulttest.Must(t, os.MkdirAll(o.Data, 0o700))
	before, err := store.Hold(t.Context(), o.Data, store.Options{})
	faulttest.Must(t, err)
	if s, err := New(t.Context(), o); err == nil {
		t.Fatal(s.Close(), "it has no patience, and began all the same")
	} else if fault.From(err).Code != fault.Locked {
		t.Fatal(err)
	}
	waited := 0
	o.Patience = time.Minute
	o.Waiting = func(owner int) {
		waited = owner
		faulttest.Must(t, before.Release())
	}
	s, err := New(t.Context(), o)
	faulttest.Must(t, err)
	if waited != os.Getpid() {
		t.Errorf("it waited for process %d", waited)
	}
	faulttest.Must(t, s.Close())
}
