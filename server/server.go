package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"gantry/access"
	"gantry/actions"
	"gantry/api"
	"gantry/authoring"
	"gantry/engine"
	"gantry/fault"
	"gantry/project"
	"gantry/sandbox/halo"
	"gantry/store"
	"gantry/triggers"
	"gantry/triggers/timers"
	"gantry/triggers/webhook"
)

// DefaultGrace is how long work under way may go on once the process is told to end.
const DefaultGrace = 30 * time.Second

// Options are what a Server is made of. Project, Data and Settings are needed.
type Options struct {
	Project  string // the project's folder
	Data     string // the data folder; the sandbox's with Sandbox
	Sandbox  bool   // start the simulators, and seed their organisations
	Settings project.Settings

	Getenv  func(string) string // os.Getenv outside of tests
	Now     func() time.Time    // time.Now unless said
	Log     *slog.Logger        // nowhere unless said
	Grace   time.Duration       // DefaultGrace unless said; less than 0: none
	Hurry   <-chan struct{}     // closed when the process is to end at once; nil: never
	Version api.Version
	// Patience is how long New waits for another process to end that owns the data directory: one that was killed a moment
	// ago still ends. Zero gives up at once. Waiting is told after a second of it, with the owner's id (0: not known); may be nil.
	Patience time.Duration
	Waiting  func(owner int)
	// Serving is called once, when requests are answered.
	Serving func(Serving)
	// Migrated is told of the root organisation, if one had to be made; may be nil.
	Migrated func(slug, name string)

	pace pace // for tests
}

// Serving tells how a server can be reached, and what it found.
type Serving struct {
	Address       string // host:port
	URL           string // under which people reach it
	Socket        string // path of the unix socket
	SetUpLink     string // with the one-time secret; "" where somebody administers already
	Organisations int
	Workflows     int
	Broken        []project.Broken
	Triggers      int // that fire for somebody
	NextFire      time.Time
	NextTrigger   triggers.Key // which fires next; zero: none does by a clock
	Resumed       int          // runs that an earlier process left
}

// Server is one process of Gantry: everything that fires, runs and answers.
type Server struct {
	o        Options
	data     *Data
	access   *access.Service
	live     *project.Live
	authors  *authoring.Service
	nudged   chan struct{} // when what organisations have may have changed
	halo     *halo.Server  // nil without Sandbox
	runtime  *actions.Runtime
	engine   *engine.Engine
	triggers *triggers.Service
	hooks    *webhook.Hooks
	timers   *timers.Room
	clocked  clocked
	metrics  *metrics
	observer *observer
	traces   *tracer
	health   *health
	secret   string // the token of /metrics
	tcp      net.Listener
	socket   net.Listener
	url      string // under which people and senders reach it
	handler  http.Handler
	local    http.Handler // for the unix socket

	streams context.Context //nolint:containedctx // ended when streams are to end
	cut     context.CancelFunc
	closing sync.Once
	closed  error
}

// New opens the data directory, which no other process may own (fault.Locked names it, after Patience), and puts the parts together.
// Nothing runs and nobody is answered until Run. Close the server if Run is not called.
func New(ctx context.Context, o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Grace == 0 {
		o.Grace = DefaultGrace
	}
	if o.pace == (pace{}) {
		o.pace = defaultPace
	}
	s := &Server{o: o, metrics: newMetrics()}
	s.streams, s.cut = context.WithCancel(context.Background())
	for _, open := range []func(context.Context) error{s.openData, s.listen, s.openSecrets, s.openProject, s.openAuthoring, s.openRuntime, s.openTraces, s.openTriggers, s.openAPI} {
		if err := open(ctx); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	return s, nil
}

func (s *Server) openData(ctx context.Context) error {
	d, err := OpenData(ctx, s.o.Data, DataOptions{Store: store.Options{Wait: s.o.Patience, Waiting: s.o.Waiting}, Getenv: s.o.Getenv, Now: s.o.Now})
	if err != nil {
		return err
	}
	s.data, d.Sandbox = d, s.o.Sandbox
	if len(d.Lacking) > 0 {
		s.o.Log.Warn("some secrets were sealed with a master key that is not there, so they do not open", "keys", d.Lacking)
	}
	made, err := d.Prepare(ctx, func() (project.Settings, error) { return s.o.Settings, nil })
	if made != nil && s.o.Migrated != nil {
		s.o.Migrated(made.Slug, made.Name)
	}
	s.access = access.New(d.Store, d.Orgs, s.o.Now)
	s.metrics.watchStore(d.Store)
	return err
}

func (s *Server) openSecrets(context.Context) error {
	ref := s.o.Settings.Server.Metrics.Token
	if !ref.Set() {
		return nil
	}
	var err error
	s.secret, err = ref.Read(s.o.Project, s.o.Getenv)
	return err
}

func (s *Server) openProject(ctx context.Context) error {
	live, err := project.OpenLive(ctx, project.LiveOptions{Dir: s.o.Project, Store: s.data.Store, OrgVars: s.data.Orgs.Guaranteed,
		Getenv: s.o.Getenv, Now: s.o.Now, Log: s.o.Log})
	s.live, s.nudged = live, make(chan struct{}, 1)
	s.data.Orgs.OnChange(func() {
		select {
		case s.nudged <- struct{}{}:
		default: // one waits already
		}
	})
	s.metrics.gauge("broken_files", "Files of the project that are not in use as they lie there.", func() float64 { return float64(len(s.live.Broken())) })
	return err
}

func (s *Server) openAuthoring(ctx context.Context) error {
	var err error
	s.authors, err = authoring.New(ctx, authoring.Options{Dir: s.o.Project, Store: s.data.Store, Project: s.live, Publishing: s.o.Settings.Publishing, Now: s.o.Now, Log: s.o.Log})
	return err
}

func (s *Server) openRuntime(ctx context.Context) error {
	policy := actions.Policy{Allow: s.o.Settings.Network.Allow}
	if s.o.Sandbox {
		server, block, err := StartSandbox(ctx, s.data.Orgs, s.o.Now)
		if err != nil {
			return err
		}
		s.halo = server
		policy.Allow = append(policy.Allow[:len(policy.Allow):len(policy.Allow)], block)
	}
	s.runtime = actions.NewRuntime(actions.Options{Clock: s.o.Now, Network: policy, UserAgent: "Gantry/" + s.o.Version.Version,
		Log: func(format string, args ...any) {
			s.o.Log.Error("an action made Gantry panic", "cause", fmt.Sprintf(format, args...))
		}})
	return nil
}

func (s *Server) openTraces(ctx context.Context) error {
	var err error
	if s.traces, err = openTracer(ctx, s.o.Settings.Server.Traces.Endpoint, s.o.Version.Version, s.o.Getenv, s.o.Log); err != nil {
		return fault.Wrap(err, fault.NotChecked, "traces cannot be sent: %s", err).WithHint("check %s, and server.traces.endpoint in gantry.yaml", EndpointVariable)
	}
	s.observer = newObserver(s.metrics, s.traces)
	return nil
}

// openTriggers makes the engine and what fires it: each knows the other.
func (s *Server) openTriggers(ctx context.Context) error {
	settings := s.o.Settings
	s.triggers = triggers.New(triggers.Options{Store: s.data.Store, Organisations: s.data.Orgs, Workflows: s.live, Now: s.o.Now, URL: s.runURL, Log: s.o.Log,
		Observe: s.decided, Queue: triggers.Queue{Limit: settings.Queue.Limit, PerOrganisation: settings.Queue.PerOrganisation}})
	s.engine = engine.New(engine.Options{History: s.data.History, Organisations: s.data.Orgs, Actions: s.runtime, Workflows: s.live, Now: s.o.Now, URL: s.runURL, Address: s.url, Log: s.o.Log,
		Recovers: true, Ended: s.triggers.RunEnded, Observe: s.observer.observe, Room: engine.Room{Runs: settings.Runs.SideBySide, Own: settings.Runs.OfOneOrganisation},
		Bounds: engine.Bounds(settings.Limits)})
	s.metrics.gauge("asks_open", "Questions that runs wait for.", func() float64 {
		n, err := s.data.History.CountWaits(context.Background(), actions.ForAnswer)
		if err != nil {
			s.o.Log.Error("open questions cannot be counted", "error", fault.From(err).Error())
		}
		return float64(n)
	})
	s.metrics.gauge("runs_queued", "Runs that are kept and wait to begin.", func() float64 { return float64(s.engine.Queued().Total) })
	var err error
	if s.hooks, err = webhook.New(ctx, webhook.Options{Store: s.data.Store, Sealer: s.data.Keys, Organisations: s.data.Orgs, Events: s.triggers, Runs: s.engine,
		History: s.data.History, URL: s.url, Now: s.o.Now, Log: s.o.Log}); err != nil {
		return err
	}
	s.openClocks()
	return nil
}

// runURL is where a run can be looked at.
func (s *Server) runURL(id string) string { return s.url + "/runs/" + id }

// decided is told of each event that was decided.
func (s *Server) decided(triggerType string, at time.Time, status triggers.Status) {
	s.metrics.events.WithLabelValues(triggerType, string(status)).Inc()
	if triggerType == timers.Schedule || triggerType == timers.Interval {
		s.metrics.lateness.Observe(max(0, s.o.Now().Sub(at)).Seconds())
	}
}

// Close ends everything that New and Run have begun, and gives the data directory free.
func (s *Server) Close() error {
	s.closing.Do(func() { s.closed = s.close() })
	return s.closed
}

func (s *Server) close() error {
	s.cut()
	var errs []error
	for _, l := range []net.Listener{s.tcp, s.socket} {
		if l != nil {
			_ = l.Close() // it may be closed already
		}
	}
	if s.engine != nil {
		s.engine.Close()
	}
	if s.traces != nil {
		s.sendTraces()
	}
	if s.runtime != nil {
		s.runtime.Close()
	}
	if s.halo != nil {
		errs = append(errs, s.halo.Close())
	}
	if s.data != nil {
		errs = append(errs, s.data.Store.Close())
	}
	return errors.Join(errs...)
}

// sendTraces sends what is left, for a few seconds: whoever takes it may be away.
func (s *Server) sendTraces() {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if err := s.observer.close(ctx); err != nil {
		s.o.Log.Warn("the last traces could not be sent", "error", err)
	}
}
