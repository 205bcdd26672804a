package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"gantry/access"
	"gantry/actions"
	"gantry/api"
	"gantry/authoring"
	"gantry/connect"
	"gantry/console"
	"gantry/engine"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/triggers"
	"gantry/triggers/webhook"
)

// openAPI makes everything that answers.
func (s *Server) openAPI(context.Context) error {
	s.health = &health{store: s.data.Store, now: s.o.Now, details: s.details, mayAsk: s.mayLook}
	house := api.House{
		Orgs: func() *orgs.Service { return s.data.Orgs }, History: func() *history.History { return s.data.History }, Access: func() *access.Service { return s.access },
		Project: func(context.Context) (api.Workflows, error) { return s.live, nil },
		Runtime: func(context.Context) (*actions.Runtime, error) { return s.runtime, nil },
		Connect: func(context.Context) (*connect.Service, error) {
			return connect.New(s.data.Orgs, s.live.Catalogue(), s.runtime), nil
		},
		Authoring:     func(context.Context) (*authoring.Service, error) { return s.authors, nil },
		Engine:        func(context.Context) (*engine.Engine, error) { return s.engine, nil },
		Triggers:      func(context.Context) (*triggers.Service, error) { return s.triggers, nil },
		RotateAddress: s.hooks.Rotate, Resealers: func() []orgs.Resealer { return []orgs.Resealer{s.hooks.Resealer()} }, Forget: s.runtime.Forget, BackUp: s.backUp, BackedUp: s.backedUp,
		Closed: s.notSetUp, Feed: s.feed(), Version: s.o.Version, Now: s.o.Now, Log: s.o.Log,
	}
	house.Version.Sandbox = s.o.Sandbox
	house.Settings = func() (api.SettingsInUse, error) {
		inUse := s.o.Settings
		inUse.Data = s.o.Data
		return api.SettingsInUse{Settings: inUse, Dir: s.o.Project, Getenv: s.o.Getenv}, nil
	}
	var err error
	if house.Doors, err = s.doors(); err != nil {
		return err
	}
	house.SignIn = house.Doors.Authenticate
	serve := api.New(house).Handler()
	s.handler = s.outside(s.routes(serve, s.metrics.handler(s.secret, s.o.Settings.Server.BehindProxy)))
	s.local = s.common(s.routes(locally(serve), s.metrics.open()))
	return nil
}

// feed tells of what changes: in the store, and in what is made of it, which comes a little later.
func (s *Server) feed() *api.Feed {
	feed := api.NewFeed(s.data.Store)
	s.data.Orgs.OnTreeChange(func() { feed.Changed("organisations") })
	s.live.OnChange(func() { feed.Changed("workflows") })
	s.triggers.OnChange(func(*triggers.Book) { feed.Changed("triggers") })
	return feed
}

// routes are all addresses that a server answers.
func (s *Server) routes(serve, metrics http.Handler) http.Handler {
	r := mux.NewRouter().UseEncodedPath().SkipClean(true)
	r.Path("/healthz/live").Methods(http.MethodGet, http.MethodHead).HandlerFunc(s.health.live)
	r.Path("/healthz/ready").Methods(http.MethodGet, http.MethodHead).HandlerFunc(s.health.readiness)
	r.Path("/metrics").Methods(http.MethodGet).Handler(metrics)
	r.PathPrefix(webhook.Path).Handler(counting(s.metrics.answers, s.taking(s.hooks)))
	r.PathPrefix(api.Base + "/").Handler(counting(s.metrics.apiAnswers, logged(s.o.Log, shownPath, readably(s.streaming(serve)))))
	r.PathPrefix(engine.LinkPath).Handler(counting(s.metrics.answers, s.taking(http.HandlerFunc(s.waits))))
	r.NotFoundHandler = console.Handler(func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, fault.New(fault.Missing, "there is nothing at %s", r.URL.Path).WithHint("the API lies below %s/", api.Base))
	})
	r.MethodNotAllowedHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusMethodNotAllowed, fault.New(fault.Usage, "%s does not take %s", r.URL.Path, r.Method))
	})
	return r
}

// common is what every request passes.
func (s *Server) common(next http.Handler) http.Handler { return named(guarded(s.o.Log, next)) }

// outside is common for requests over the network.
func (s *Server) outside(next http.Handler) http.Handler {
	return clientAddresses(s.o.Settings.Server.TrustedProxies, s.common(next))
}

// shownPath is a path as logs may have it. Only the API's are logged: they hold no secrets.
func shownPath(r *http.Request) string { return r.URL.Path }

// locally answers requests over the unix socket with the rights of whoever may open it.
func locally(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		account, _ := r.Context().Value(accountKey{}).(string)
		next.ServeHTTP(w, r.WithContext(api.WithCaller(r.Context(), access.Local(account))))
	})
}

// notSetUp refuses everything as long as nobody administers Gantry.
func (s *Server) notSetUp(ctx context.Context) error {
	needed, err := s.access.NeedsSetUp(ctx)
	if err == nil && needed {
		command := "gantry users add"
		if s.o.Sandbox {
			command += " --sandbox"
		}
		err = fault.New(fault.Interrupted, "Gantry has no administrator yet").
			WithHint("open the set-up link that the server printed when it started, or run `%s` on the server", command)
	}
	return err
}

// taking refuses what comes for webhooks while nothing can be taken: before somebody administers Gantry, unless all
// of it is a try in the sandbox, and while the process ends.
func (s *Server) taking(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := error(nil)
		if !s.o.Sandbox {
			err = s.notSetUp(r.Context())
		}
		if err == nil && s.health.ending.Load() {
			err = fault.New(fault.Interrupted, "Gantry is shutting down")
		}
		if err != nil {
			w.Header().Set("Retry-After", "30")
			if byPerson := strings.HasPrefix(r.URL.Path, engine.LinkPath) && strings.Contains(r.Header.Get("Accept"), "text/html"); byPerson {
				notYet(w)
				return
			}
			refuse(w, http.StatusServiceUnavailable, fault.From(err))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// streaming ends streams when the process begins to end: they would outlast it.
func (s *Server) streaming(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
			next.ServeHTTP(w, r)
			return
		}
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // a stream lasts as long as what it shows
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(s.streams, cancel)()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// details are what readiness says to those who may know.
func (s *Server) details() map[string]any {
	broken := []string{}
	for _, b := range s.live.Broken() {
		broken = append(broken, b.File)
	}
	return map[string]any{"version": s.o.Version.Version, "workflows": len(s.live.Checked()), "broken_files": broken,
		"runs_active": int(s.observer.active()), "runs_queued": s.engine.Queued().Total}
}

// mayLook tells who is shown details: this machine, and who has the token of the metrics.
func (s *Server) mayLook(r *http.Request) bool {
	_, local := r.Context().Value(accountKey{}).(string)
	return local || fromThisMachine(r, s.o.Settings.Server.BehindProxy) || bears(r, s.secret)
}
