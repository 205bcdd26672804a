package engine

import (
	"os"
	"runtime/debug"
)

// GarbagePercent is how much garbage may gather, in percent of what is in use, before it is collected. A run leaves a
// few dozen KB behind and little stays in use, so that at Go's own 100 a busy engine collects dozens of times a second,
// which took a third of its time. In memory it costs at most four times what is in use.
const GarbagePercent = 400

// CollectSeldom sets the process's garbage collector for an engine that is busy, unless the environment says how it is
// to be (GOGC).
func CollectSeldom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(GarbagePercent)
	}
}
