package server

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"path/filepath"

	"gantry/api"
	"gantry/triggers"
)

// setUpPath is the console's page on which the first administrator is made.
const setUpPath = "/set-up"

// tell says how the server is reached and what it serves.
func (s *Server) tell(ctx context.Context, resumed int) error {
	info := Serving{Address: s.tcp.Addr().String(), URL: s.url, Socket: filepath.Join(s.data.Dir, api.SocketFile),
		Workflows: len(s.live.Checked()), Broken: s.live.Broken(), Resumed: resumed}
	book := s.triggers.Book()
	info.Organisations = len(book.Organisations)
	for _, a := range book.All() {
		if len(a.Organisations) > 0 && a.Trigger.Type != triggers.AlwaysPass { // a person fires those
			info.Triggers++
		}
	}
	next, at, first := s.nextFire(ctx)
	info.NextTrigger, info.NextFire = next, at
	secret, second := s.access.RenewSetUpLink(ctx)
	if secret != "" {
		info.SetUpLink = s.url + setUpPath + "#" + secret // what stands behind # is not sent, so no log has it
	}
	s.o.Log.Info("serving", "address", info.Address, "url", info.URL, "workflows", info.Workflows, "organisations", info.Organisations, "triggers", info.Triggers)
	if s.o.Serving != nil {
		s.o.Serving(info)
	}
	return errors.Join(first, second)
}

// alive tells whether the parts that everything needs answer.
func (s *Server) alive(ctx context.Context) bool {
	s.engine.Queued()
	var one int
	return s.data.Store.Read().GetContext(ctx, &one, "SELECT 1") == nil
}

// quietLog takes what net/http has to say: broken connections and handshakes of strangers.
func quietLog(l *slog.Logger) *log.Logger { return slog.NewLogLogger(l.Handler(), slog.LevelDebug) }
