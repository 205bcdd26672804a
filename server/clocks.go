package server

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"gantry/fault"
	"gantry/triggers"
	"gantry/triggers/poll"
	"gantry/triggers/timers"
)

// clocked are the parts that fire by themselves: they run until they are stopped.
type clocked struct {
	parts  map[string]func(context.Context) error // by what they are
	cancel context.CancelFunc
	work   sync.WaitGroup
}

// start begins them. One that gives up is logged: the others, and the runs, go on.
func (c *clocked) start(log *slog.Logger) {
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	for name, part := range c.parts {
		c.work.Go(func() {
			if err := part(ctx); err != nil && ctx.Err() == nil {
				log.Error("what fires "+name+" has ended; a restart begins it again", "error", fault.From(err).Message)
			}
		})
	}
}

// close stops them, and waits.
func (c *clocked) close() {
	if c.cancel != nil {
		c.cancel()
		c.work.Wait()
	}
}

// openClocks makes what fires by the time and what asks other systems.
func (s *Server) openClocks() {
	s.timers = timers.New(timers.Options{Store: s.data.Store, Triggers: s.triggers, Now: s.o.Now, Log: s.o.Log})
	poller := poll.New(poll.Options{Store: s.data.Store, Triggers: s.triggers, Organisations: s.data.Orgs, Actions: s.runtime, Now: s.o.Now, Log: s.o.Log})
	s.clocked.parts = map[string]func(context.Context) error{"schedules and intervals": s.timers.Run, "polls": poller.Run}
	s.triggers.Describe(s.timers, timers.Schedule, timers.Interval)
	s.triggers.Describe(poll.Detail{Store: s.data.Store, Poller: poller}, poll.Type)
	s.triggers.Describe(s.hooks, "webhook")
}

// nextFire finds the schedule or interval that fires next, by the first organisation of each: a zero time where none
// does, or where it is not known yet, as with the first interval ever.
func (s *Server) nextFire(ctx context.Context) (next triggers.Key, at time.Time, err error) {
	for _, a := range s.triggers.Book().OfType(timers.Schedule, timers.Interval) {
		if len(a.Organisations) == 0 {
			continue
		}
		fires, err := s.timers.NextFires(ctx, a.Key, a.Organisations[0].ID, 1)
		if err != nil {
			return next, at, err
		}
		if len(fires) > 0 && (at.IsZero() || fires[0].At.Before(at)) {
			next, at = a.Key, fires[0].At
		}
	}
	return next, at, nil
}
