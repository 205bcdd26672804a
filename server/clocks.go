package server

import (
	"context"
	"log/slog"
	"sync"

	"gantry/fault"
	"gantry/triggers/poll"
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
	poller := poll.New(poll.Options{Store: s.data.Store, Triggers: s.triggers, Organisations: s.data.Orgs, Actions: s.runtime, Now: s.o.Now, Log: s.o.Log})
	s.clocked.parts = map[string]func(context.Context) error{"polls": poller.Run}
}
