// Package history keeps what happened: an append-only event log for each run, which is the truth, and
// rows of runs and tasks, kept in the same transactions, which lists read. Workflow versions are kept by
// their content, so that a run can always say what it ran.
package history

import (
	"cmp"
	"embed"
	"io/fs"
	"time"

	"gantry/engine/flow"
	"gantry/fault"
	"gantry/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations gives the tables of this package.
func Migrations() store.MigrationSet {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	return store.MigrationSet{Name: "history", FS: sub}
}

// Sealer encrypts values that a workflow asks to redact, so that a run can go on with them after a
// restart while nobody reads them in the history.
type Sealer interface {
	Seal(plain []byte, boundTo string) (string, error)
	Open(sealed string, boundTo string) ([]byte, error)
}

// History is the record of all runs in one data directory.
type History struct {
	db      *store.Store
	seals   Sealer
	sealing underWay
	groups  groups
}

// New gives the history in a store that was opened with Migrations.
func New(db *store.Store, seals Sealer) *History { return &History{db: db, seals: seals} }

// Run is a run as lists show it.
type Run struct {
	ID               string         `json:"id"`
	Workflow         string         `json:"workflow"`
	Version          string         `json:"version"`
	Organisation     string         `json:"organisation"` // slug
	OrganisationID   string         `json:"-"`
	Status           flow.Status    `json:"status"`
	TriggerType      string         `json:"trigger_type"`
	TriggerName      string         `json:"trigger"`
	Parent           string         `json:"parent,omitempty"`
	Outputs          map[string]any `json:"outputs"`
	Error            *fault.Error   `json:"error"`
	CreatedAt        time.Time      `json:"created_at"`
	StartedAt        *time.Time     `json:"started_at"`
	FinishedAt       *time.Time     `json:"finished_at"`
	parentExec, item int
	first            string
}

// FirstVersion is the version that the run's log begins with: another than Version where the run was resumed with a
// newer one.
func (r *Run) FirstVersion() string { return cmp.Or(r.first, r.Version) }

// Task is one execution of a task.
type Task struct {
	Name       string       `json:"name"`
	Instance   int          `json:"instance"`
	Status     flow.Status  `json:"status"`
	Attempts   int          `json:"attempts"`
	Result     any          `json:"result"`
	Error      *fault.Error `json:"error"`
	StartedAt  *time.Time   `json:"started_at"`
	FinishedAt *time.Time   `json:"finished_at"`
	Subrun     string       `json:"run,omitempty"`          // of a sub-workflow
	Left       int          `json:"result_bytes,omitempty"` // about how large the result is that was left out for its size; 0: it is there
	Requests   []Request    `json:"requests,omitempty"`
	Exec       int          `json:"exec"` // its number among the executions of the run, from 0
	items      int
	itemEnds   map[int]flow.Outcome
}

// Request is one HTTP request that an attempt made.
type Request struct {
	Item     *int   `json:"item,omitempty"` // of a for_each
	Attempt  int    `json:"attempt"`
	Method   string `json:"method"`
	URL      string `json:"url"`
	Status   int    `json:"status"` // 0: no answer
	Micros   int64  `json:"duration_us"`
	Sent     int64  `json:"bytes_sent"`
	Received int64  `json:"bytes_received"`
	Error    string `json:"error,omitempty"`
	Waited   int64  `json:"waited_us,omitempty"` // held back before it was sent, to keep to a rate limit

	At time.Time `json:"-"` // when it was sent; for traces, not kept
}

// Detail is a run with its tasks, in the order they started; those that never ran are left out.
type Detail struct {
	Run
	Inputs      map[string]any `json:"inputs"`
	Tasks       []Task         `json:"tasks"`
	RerunOf     string         `json:"rerun_of,omitempty"`    // the run that it repeats
	Resumptions []Resumption   `json:"resumptions,omitempty"` // of it after it had ended, the first one first
	Resolutions []Resolution   `json:"resolutions,omitempty"` // what people said of its writes, the first one first
}

// Called tells whether a task of another run called it, and not only the failure of one.
func (r *Run) Called() bool { return r.Parent != "" && r.parentExec >= 0 }

// ParentUnit is the task of the parent, and the item of that, which called the run.
func (r *Run) ParentUnit() flow.Unit { return flow.Unit{Exec: r.parentExec, Item: r.item} }
