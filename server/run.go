package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os/user"
	"runtime/debug"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"gantry/fault"
)

// Bounds of a request's parts, against senders that hold connections open. The webhooks and the API bound bodies.
const (
	headerTime  = 10 * time.Second
	requestTime = 2 * time.Minute
	answerTime  = 10 * time.Minute // a webhook may wait for a run's outputs; streams lift it
	idleTime    = 2 * time.Minute
	maxHeaders  = 64 << 10
)

type accountKey struct{}

// Run takes up what an earlier process left, answers requests and fires triggers until ctx ends. Then nothing new is
// taken, what is under way may end within the grace, the rest stays on disk for the next process, and everything is
// closed. The error tells why it ended otherwise.
func (s *Server) Run(ctx context.Context) error {
	err := s.run(ctx)
	return errors.Join(err, s.Close())
}

func (s *Server) run(ctx context.Context) error {
	if err := s.triggers.Start(ctx, s.engine); err != nil {
		return err
	}
	resumed, problems := s.engine.Recover(ctx)
	for _, err := range problems {
		s.o.Log.Error("a run that was left unfinished could not be taken up", "error", fault.From(err).Message)
	}
	if len(resumed) > 0 {
		s.o.Log.Info("runs were taken up that an earlier process left unfinished", "runs", len(resumed))
	}
	s.tellHeld(ctx)
	s.clocked.start(s.o.Log)
	watching, stopWatching := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() {
		w := &fileWatch{dir: s.o.Project, pace: s.o.pace, log: s.o.Log, reload: s.live.Reload, nudged: s.nudged, stale: s.live.Stale,
			newWatcher: fsnotify.NewWatcher}
		w.run(watching)
	})
	work.Go(func() { s.sweep(watching) })
	work.Go(func() { s.tidy(watching) })
	serving := s.serve()
	if err := s.tell(ctx, len(resumed)); err != nil {
		s.o.Log.Error("what is served could not be told", "error", fault.From(err).Message)
	}
	s.health.ready.Store(true)
	work.Go(debug.FreeOSMemory) // what the start needed
	system := tellSystem(s.o.Log, s.alive)
	var err error
	select {
	case <-ctx.Done():
	case err = <-serving.failed:
	}
	system.stopping()
	s.shutDown(serving)
	stopWatching()
	work.Wait()
	system.stop()
	return err
}

// shutDown ends gently: within the grace, or at once where there is a hurry.
func (s *Server) shutDown(serving *serving) {
	s.health.ending.Store(true)
	s.cut()
	grace, cancel := context.WithTimeout(context.Background(), max(0, s.o.Grace))
	defer cancel()
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-s.o.Hurry:
			cancel()
		case <-stop:
		}
	}()
	s.o.Log.Info("shutting down", "grace", s.o.Grace.String(), "runs", int(s.observer.active()))
	s.clocked.close()
	serving.close(grace)
	s.triggers.Close()
	if err := s.hooks.Close(context.Background()); err != nil {
		s.o.Log.Error("what webhooks have counted could not be kept", "error", fault.From(err).Message)
	}
	s.engine.Park(grace)
	s.tellStopped()
}

// tellStopped says how many runs the next start takes up, those that wait to begin included.
func (s *Server) tellStopped() {
	left, err := s.data.History.Unfinished(context.Background())
	if err != nil {
		s.o.Log.Warn("stopped; how many runs are left for the next start cannot be told", "error", fault.From(err).Message)
		return
	}
	s.o.Log.Info("stopped", "runs_left_for_next_start", len(left)+s.engine.Queued().Total)
}

// serving are the servers of both listeners.
type serving struct {
	servers []*http.Server
	failed  chan error
	work    sync.WaitGroup
}

func (s *Server) serve() *serving {
	v := &serving{failed: make(chan error, 2)}
	v.begin(s.httpServer(s.handler), s.tcp)
	local := s.httpServer(s.local)
	account := "local"
	if u, err := user.Current(); err == nil {
		account = u.Username
	}
	local.BaseContext = func(net.Listener) context.Context {
		return context.WithValue(context.Background(), accountKey{}, account)
	}
	v.begin(local, s.socket)
	return v
}

func (s *Server) httpServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: requestTime, WriteTimeout: answerTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeaders, ErrorLog: quietLog(s.o.Log)}
}

func (v *serving) begin(server *http.Server, l net.Listener) {
	v.servers = append(v.servers, server)
	v.work.Go(func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			v.failed <- fault.Wrap(err, fault.Network, "Gantry can no longer listen on %s: %s", l.Addr(), err)
		}
	})
}

// close takes no new connections, lets answers under way end until ctx does, and cuts off the rest.
func (v *serving) close(ctx context.Context) {
	var all sync.WaitGroup
	for _, server := range v.servers {
		all.Go(func() {
			if server.Shutdown(ctx) != nil {
				_ = server.Close()
			}
		})
	}
	all.Wait()
	v.work.Wait()
}

// sweep tidies what access keeps, now and then.
func (s *Server) sweep(ctx context.Context) {
	for tick := time.NewTicker(time.Hour); ; {
		if err := s.access.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.o.Log.Error("old sessions and entries of the audit log could not be removed", "error", fault.From(err).Message)
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}
