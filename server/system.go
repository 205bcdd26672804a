package server

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// system tells systemd how this process is; elsewhere nobody listens, and nothing is told.
type system struct {
	cancel context.CancelFunc
	work   sync.WaitGroup
}

// tellSystem says that the process is ready, and from then on that it is alive, as often as the unit's WatchdogSec
// asks for and only while alive says so.
func tellSystem(log *slog.Logger, alive func(context.Context) bool) *system {
	s := &system{}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	if _, err := daemon.SdNotify(false, daemon.SdNotifyReady); err != nil {
		log.Warn("systemd could not be told that Gantry is ready", "error", err)
	}
	if every, err := daemon.SdWatchdogEnabled(false); err == nil && every > 0 {
		s.work.Go(func() { beat(ctx, every/2, alive) })
	}
	return s
}

func beat(ctx context.Context, every time.Duration, alive func(context.Context) bool) {
	for tick := time.NewTicker(every); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
			if alive(ctx) {
				_, _ = daemon.SdNotify(false, daemon.SdNotifyWatchdog) // the watchdog itself tells if this fails
			}
		}
	}
}

// stopping says that the end has begun.
func (s *system) stopping() { _, _ = daemon.SdNotify(false, daemon.SdNotifyStopping) }

// stop ends the beat.
func (s *system) stop() {
	s.cancel()
	s.work.Wait()
}
