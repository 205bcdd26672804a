// Package triggers starts runs when something happens: it knows which triggers are active for which
// organisations, keeps every event on disk before anyone is told that it was accepted, and decides in the
// background what becomes of it. What makes events (clocks, requests, polls) lies in the rooms below.
package triggers

import (
	"embed"
	"io/fs"

	"gantry/engine/workflow"
	"gantry/orgs"
	"gantry/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are this room's tables, to be given to store.Open.
func Migrations() store.MigrationSet {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name is a constant of this file
	}
	return store.MigrationSet{Name: "triggers", FS: files}
}

// Types of triggers, as workflows name them.
const (
	AlwaysPass = "always_pass"
	Completion = "completion"
	formType   = "form" // and the name of what was filled in among an event's data
)

// Key names a trigger: the workflow's id, and the trigger's name in it.
type Key struct {
	Workflow string `json:"workflow"`
	Trigger  string `json:"trigger"`
}

func (k Key) String() string { return k.Workflow + " / " + k.Trigger }

// Active is one trigger of one checked workflow, and for whom it fires at the moment of its Book.
type Active struct {
	Key
	Trigger  *workflow.Trigger
	Workflow *workflow.Workflow
	// Organisations for which it fires now, by slug; none when it is switched off. Read only.
	Organisations []orgs.Organisation

	off     string // why it fires for nobody; "" unless it is switched off altogether
	covered *coverage
	refused map[string]string // why it does not fire for organisations that run_for covers, by their ids
	changed switches
}

// For gives the organisation if the trigger fires for it now.
func (a *Active) For(orgID string) (orgs.Organisation, bool) {
	org, ok := a.covered.organisation(orgID)
	return org, ok && a.WhyNot(orgID) == ""
}

// WhyNot says why the trigger does not fire for an organisation; "" where it does.
func (a *Active) WhyNot(orgID string) string {
	if a.off != "" {
		return a.off
	}
	if _, ok := a.covered.organisation(orgID); !ok {
		return "its run_for does not cover the organisation, or the organisation is disabled or gone"
	}
	return a.refused[orgID]
}
