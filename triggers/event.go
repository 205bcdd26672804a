package triggers

import (
	"time"

	"gantry/fault"
)

// Event is something that happened and may start a run of one workflow for one organisation.
type Event struct {
	ID string `json:"id"` // UUID v7, made by Accept
	Key
	Type           string    `json:"type"` // of the trigger
	OrganisationID string    `json:"organisation_id"`
	At             time.Time `json:"at"` // when it happened, or was due; zero: when it is accepted

	// Once makes two events of a trigger and organisation one: the second is a duplicate. "" is never
	// the same as another. It is remembered until OnceUntil, and where that is zero, as long as the event is kept.
	Once      string    `json:"-"`
	OnceUntil time.Time `json:"-"`

	// Data is what the trigger's expressions see beside org: body, headers, query, method | due | entity |
	// completed. JSON data. It is kept and shown, so no secret may be in it.
	Data map[string]any `json:"data"`

	// Causes are the workflows from whose ends this event descends by completion triggers, oldest first.
	Causes []string `json:"causes,omitempty"`

	By       string `json:"by,omitempty"`        // who fired it by hand
	Again    string `json:"again,omitempty"`     // the event that it repeats, by hand
	SkipWhen bool   `json:"skip_when,omitempty"` // fired by hand, whatever its condition says
}

// Accepted tells what became of an event that was handed in.
type Accepted struct {
	ID        string // of a duplicate: the earlier event's
	Duplicate bool
}

// Status is what became of an event.
type Status string

// The statuses of events. Each event leaves Pending once, and only Started ones have a run.
const (
	Pending  Status = "pending"
	Started  Status = "started"
	Filtered Status = "filtered" // its condition does not hold
	Skipped  Status = "skipped"  // overlap, a limit, a circle, or a trigger that is switched off by now
	Failed   Status = "failed"   // an expression failed, inputs do not fit, the workflow has gone; can be fired again
)

// Decision is what became of an event, and why.
type Decision struct {
	Status Status       `json:"status"`
	Run    string       `json:"run,omitempty"` // id of the run that it started
	Why    string       `json:"why,omitempty"` // of a filtered or skipped event
	Saw    []Seen       `json:"saw,omitempty"` // of a filtered event: what its condition looked at
	Error  *fault.Error `json:"error,omitempty"`
}

// Seen is a value that a condition looked at: its path, such as body.priority, and the value as JSON,
// shortened. Secrets are masked.
type Seen struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}
