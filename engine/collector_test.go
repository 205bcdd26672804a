package engine

import (
	"runtime/debug"
	"testing"
)

func TestCollectSeldom(t *testing.T) {
	before := debug.SetGCPercent(70)
	defer debug.SetGCPercent(before)
	t.Setenv("GOGC", "70")
	CollectSeldom()
	if got := debug.SetGCPercent(70); got != 70 {
		t.Errorf("the environment says 70, it was set to %d", got)
	}
	t.Setenv("GOGC", "")
	CollectSeldom()
	if got := debug.SetGCPercent(70); got != GarbagePercent {
		t.Errorf("set to %d, want %d", got, GarbagePercent)
	}
}
