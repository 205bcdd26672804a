//go:build failpoints

package failpoint

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// On tells whether the program was built with fail-points.
const On = true

// armed is where this process kills itself; set before anything can be hit.
var (
	armed string
	left  atomic.Int64 // times that it is still passed, with the last
)

func init() {
	name, nth, err := parse(os.Getenv(Variable))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	armed = name
	left.Store(nth)
}

// parse reads name[:nth]; "" is nowhere.
func parse(text string) (name string, nth int64, err error) {
	if text == "" {
		return "", 0, nil
	}
	name, count, said := strings.Cut(text, ":")
	nth = 1
	if said {
		nth, err = strconv.ParseInt(count, 10, 64)
	}
	if err != nil || nth < 1 || !slices.Contains(Names(), name) {
		return "", 0, fmt.Errorf("%s=%s: want one of %s, and a number from 1 behind a colon", Variable, text, strings.Join(Names(), ", "))
	}
	return name, nth, nil
}

// Hit kills the process by SIGKILL if this is the point, and the time, that the environment names. What it writes
// to standard error before tells a crash that was meant from any other end.
func Hit(name string) {
	if name != armed || left.Add(-1) != 0 {
		return
	}
	_, _ = syscall.Write(2, []byte("killed at fail-point "+name+"\n"))
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
	select {} // this goroutine goes no further, whatever the others still do
}
