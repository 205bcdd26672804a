package store

import (
	"context"
	"os"
	"time"

	"gantry/fault"
)

const (
	lockPause   = 50 * time.Millisecond // between two looks at a lock that somebody else has
	waitingNote = time.Second           // after which Options.Waiting is told
)

// waitForLock takes the directory's lock, waiting as long as the options say for an owner to end: commands
// that take a moment each are started side by side, by hand and by cron.
func waitForLock(ctx context.Context, dir string, opts Options) (lock *os.File, unclean bool, err error) {
	began, told := time.Now(), opts.Waiting == nil
	for {
		lock, unclean, err := takeLock(dir)
		if err == nil || fault.From(err).Code != fault.Locked {
			return lock, unclean, err
		}
		waited := time.Since(began)
		if waited >= opts.Wait {
			return nil, false, err
		}
		if !told && waited >= waitingNote {
			told = true
			opts.Waiting(ownerIn(err))
		}
		select {
		case <-ctx.Done():
			return nil, false, fault.Wrap(context.Cause(ctx), fault.Cancelled, "stopped while waiting for the data directory %s", dir)
		case <-time.After(lockPause):
		}
	}
}

// ownerIn gives the process id that a fault of takeLock names, or 0.
func ownerIn(err error) int {
	detail, _ := fault.From(err).Detail.(map[string]any)
	pid, _ := detail["pid"].(int64)
	return int(pid)
}
