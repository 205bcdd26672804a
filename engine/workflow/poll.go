package workflow

import (
	"time"

	"gantry/actions"
	"gantry/expr"
	"gantry/schema"
)

// Poll is what a poll trigger asks for, checked.
type Poll struct {
	ID     string          // of the declared poll, such as "halo.new_ticket"; "" where the trigger names an action
	Action *actions.Action // a read that gives a list
	// With, Narrow and Newest are maps over org and cursor, which is null as long as nothing has been seen; what
	// comes out null is left out. nil: none. Narrow goes along where the instance is not the organisation's own,
	// Newest once, to find where to begin.
	With, Narrow, Newest *expr.Template
	// ReadsMapping: With holds what the organisation is mapped to. Narrows: Narrow does.
	ReadsMapping, Narrows bool

	Key     string       // the entity's field that tells one from another
	Cursor  string       // the field that grows; "": none
	Kind    CursorKind   // what the cursor is
	Updated string       // the field that changes with each update; "" unless updates count
	All     bool         // the first poll takes what is there already
	Entity  *schema.Type // any where it is not known

	Every time.Duration
	Late  time.Duration // how long entities may come behind their cursor
	Limit int           // events of one poll
}

// CursorKind is how cursors are compared.
type CursorKind int

// The kinds of cursors.
const (
	CursorByValue CursorKind = iota // the type does not tell: whole numbers, times and texts, as they come
	CursorTime
	CursorNumber
	CursorText
)

// Bounds of polls.
const (
	minPollEvery     = 5 * time.Second
	maxPollEvery     = 30 * 24 * time.Hour
	maxPollLate      = 30 * 24 * time.Hour
	defaultPollLimit = 500
	maxPollLimit     = 10_000
)
