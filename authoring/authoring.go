// Package authoring changes the workflows of a project on behalf of people: it keeps their drafts, publishes texts into
// the project's files, and remembers every text that a workflow ever had, with who changed it, when and why.
package authoring

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/project"
	"gantry/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are this room's tables, to be given to store.Open.
func Migrations() store.MigrationSet {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return store.MigrationSet{Name: "authoring", FS: files}
}

// Project is the project whose files are changed: project.Live.
type Project interface {
	Checked() []*workflow.Workflow
	IDs() []string
	FileOf(id string) (file string, there bool)
	UsersOf(id string) []string
	Try(project.Trial) ([]project.Break, error)
	Reload(ctx context.Context) (project.Change, error)
	ReloadTaken(ctx context.Context, file string) (project.Change, error)
	OnChange(changed func())
}

var _ Project = (*project.Live)(nil)

// Options are what a Service is made of. Dir, Store and Project are needed.
type Options struct {
	Dir        string       // the project's folder
	Store      *store.Store // with Migrations
	Project    Project
	Publishing project.Publishing
	Now        func() time.Time // time.Now unless said
	Log        *slog.Logger     // nowhere unless said

	moment func(string) // tests end a process here
}

// Service keeps drafts and versions, and publishes. It is safe for concurrent use, and the only one of its project.
type Service struct {
	o          Options
	publishing sync.Mutex // held by the one who changes files

	recording sync.Mutex
	seen      map[string]string // workflows to the hashes of their texts in use, as they are kept
}

// New opens the room: what a killed process had begun is ended or taken back, and what changed meanwhile is kept. From
// then on it follows the project.
func New(ctx context.Context, o Options) (*Service, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.moment == nil {
		o.moment = func(string) {}
	}
	s := &Service{o: o, seen: map[string]string{}}
	if o.Store.ReadOnly() {
		return s, nil
	}
	if err := s.settleAll(ctx); err != nil {
		return nil, err
	}
	if err := s.readSeen(ctx); err != nil {
		return nil, err
	}
	if err := s.record(ctx); err != nil {
		return nil, err
	}
	o.Project.OnChange(func() {
		if err := s.record(context.Background()); err != nil {
			s.o.Log.Error("changes of workflows could not be kept as versions yet", "error", fault.From(err).Message)
		}
	})
	return s, nil
}

// Allowed tells whether people publish here, and else why not.
func (s *Service) Allowed() error {
	if s.o.Publishing.FilesOnly {
		return fault.New(fault.Conflict, "this project is published from its files: gantry.yaml says publishing.console: false").
			WithHint("change the file where the project is kept, in its git repository say, and bring it here as usual")
	}
	return nil
}

// UsersOf gives the workflows in use that lead to one: as long as there are any it is neither moved nor removed.
func (s *Service) UsersOf(id string) []string { return s.o.Project.UsersOf(id) }

// NeedsComment tells whether a change without a comment is refused.
func (s *Service) NeedsComment() bool { return s.o.Publishing.NeedsComment }

func (s *Service) now() time.Time { return s.o.Now().UTC() }

func timeOf(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
