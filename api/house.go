package api

import (
	"context"
	"log/slog"
	"time"

	"gantry/access"
	"gantry/actions"
	"gantry/authoring"
	"gantry/backup"
	"gantry/connect"
	"gantry/crates"
	"gantry/engine"
	"gantry/engine/assist"
	"gantry/engine/history"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/project"
	"gantry/source"
	"gantry/triggers"
)

// Workflows are a project's files as an API sees them: project.Live in a server, Files in a command.
type Workflows interface {
	// Workflow gives what runs now under an id: the last good version, where the file has become wrong since.
	Workflow(id string) (*workflow.Workflow, error)
	// Compile checks a text as a version of a workflow, beside everything else as it is now.
	Compile(id string, text []byte) (*workflow.Workflow, error)
	// IDs are those of all workflows, also of those that do not check, in order.
	IDs() []string
	// Checked are the workflows that run now, in the order of their ids.
	Checked() []*workflow.Workflow
	// Catalogue has the actions.
	Catalogue() *actions.Catalogue
	// Crates are the project's own and those that ship, by name.
	Crates() []*crates.Crate
	// Assistant answers for those who write workflows.
	Assistant() *assist.Assistant
	// Refused is the error of running a text that does not check.
	Refused(id string, ds source.Diagnostics) *fault.Error
	// Broken are the files that are not in use as they lie there.
	Broken() []project.Broken
}

var _ Workflows = (*project.Live)(nil)

// House is what an API works with. Its parts open when they are first asked for, so that the same API serves a
// server, and in memory a command without one.
type House struct {
	Orgs     func() *orgs.Service // nil: there is no data, and what needs none can be done
	History  func() *history.History
	Access   func() *access.Service // nil: only callers that are known by their connection
	Project  func(ctx context.Context) (Workflows, error)
	Runtime  func(ctx context.Context) (*actions.Runtime, error)
	Connect  func(ctx context.Context) (*connect.Service, error)
	Engine   func(ctx context.Context) (*engine.Engine, error)
	Triggers func(ctx context.Context) (*triggers.Service, error)

	// Authoring changes workflows; nil: nobody does here.
	Authoring func(ctx context.Context) (*authoring.Service, error)
	// RotateAddress gives a webhook another address; nil: there are no addresses here.
	RotateAddress func(ctx context.Context, key triggers.Key, organisationID string) (string, error)
	// Feed tells of changes; nil: nobody can follow them here.
	Feed *Feed
	// Resealers have secrets of their own beside the organisations' and the history's.
	Resealers func() []orgs.Resealer
	// Settings gives what gantry.yaml said when this process began; nil: there are none here.
	Settings func() (SettingsInUse, error)
	// BackUp prepares a backup of the data; nil: there is none. BackedUp, where given, is told of one that was sent whole.
	BackUp   func(ctx context.Context, withKey, unchecked bool) (*backup.Prepared, error)
	BackedUp func(backup.Last)
	// Forget, where given, is told of instances that are gone, so that nothing more is sent with their sign-in.
	Forget func(instanceID string)
	// SignIn tells who sent a request, by its cookie or token; nil: nobody did. It is Access's; an API without it
	// knows callers by their connection alone (WithCaller).
	SignIn SignIn
	// Doors say how people and programs come in over the network; their Authenticate is the SignIn of a server.
	Doors Doors
	// Unrecorded tells that the data is open for reading alone: nothing that is done changes it, and the audit log has
	// nothing of it.
	Unrecorded bool
	// Link, where given, makes the links of questions in place of the Engine, which changes what it works on; "": there
	// is none.
	Link func(ctx context.Context, run, task string) (string, error)
	// Closed, where given, refuses everything that is not Public, as long as nobody has set Gantry up.
	Closed func(ctx context.Context) error

	Version Version
	Now     func() time.Time // time.Now unless said
	Log     *slog.Logger     // nowhere unless said
	// Heartbeat is how often a stream says that it is alive; 15 seconds unless said.
	Heartbeat time.Duration
}

// Version is what program answers, and since when.
type Version struct {
	Version   string    `json:"version"`
	Commit    string    `json:"commit,omitempty"`
	Go        string    `json:"go,omitempty"`
	StartedAt time.Time `json:"started_at" doc:"When this process began to serve"`
	Server    bool      `json:"server" doc:"false: a command answers itself, without a server"`
	Sandbox   bool      `json:"sandbox,omitempty" doc:"Other systems are simulated: nothing that is done reaches anybody"`
}

func (h House) completed() House {
	if h.Now == nil {
		h.Now = time.Now
	}
	if h.Log == nil {
		h.Log = slog.New(slog.DiscardHandler)
	}
	if h.Heartbeat <= 0 {
		h.Heartbeat = 15 * time.Second
	}
	return h
}
