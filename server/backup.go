package server

import (
	"context"

	"gantry/backup"
	"gantry/fault"
)

// backUp prepares a backup of this server's data, beside the work that goes on.
func (s *Server) backUp(ctx context.Context, withKey, unchecked bool) (*backup.Prepared, error) {
	return backup.Prepare(ctx, backup.Options{Dir: s.data.Dir, Sandbox: s.o.Sandbox, WithKey: withKey, Unchecked: unchecked,
		Version: s.o.Version.Version, Getenv: s.o.Getenv, Now: s.o.Now, Sets: Tables()})
}

// backedUp keeps when the last backup was made.
func (s *Server) backedUp(l backup.Last) {
	s.o.Log.Info("a backup was made", "bytes", l.Size)
	if err := backup.NoteLast(s.data.Dir, l); err != nil {
		s.o.Log.Error("when the backup was made could not be noted", "error", err)
	}
}

// tellHeld says in the log that there are runs which wait for somebody's word.
func (s *Server) tellHeld(ctx context.Context) {
	held, err := s.data.History.Held(ctx)
	if err != nil {
		s.o.Log.Error("runs that are held could not be read", "error", fault.From(err).Message)
	} else if len(held) > 0 {
		s.o.Log.Warn("runs are held since a backup was restored: what they do next may have been done already; `gantry runs resume` or `gantry runs cancel` decides each",
			"runs", len(held), "why", held[0].Why)
	}
}
