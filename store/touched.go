package store

import (
	"database/sql/driver"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Tables is a set of tables; their Names say which.
type Tables uint64

// othersTable is the table that stands for all for which there is no other number. Rooms have far fewer.
const othersTable = 63

// OnCommit has told called after each transaction that is on disk, for each organisation that ExecOf named in it, with
// the tables in which rows were inserted, changed or deleted; with "" for what Exec changed, which may be anybody's.
// It is called in the writer's goroutine, before those who wrote are answered: it must be quick and never wait. A store that
// is read only tells nothing.
func (s *Store) OnCommit(told func(organisation string, changed Tables)) {
	if s.writer != nil {
		s.writer.touched.add(told)
	}
}

// TableNames gives the names of tables that OnCommit told of; "*" is any.
func (s *Store) TableNames(of Tables) []string {
	if s.writer == nil {
		return nil
	}
	return s.writer.touched.namesOf(of)
}

// touch is what a write function has changed, and of whom.
type touch struct {
	organisation string
	tables       Tables
}

// touched knows the tables by number, and who is told of their changes.
type touched struct {
	mu        sync.Mutex
	names     []string
	listeners atomic.Pointer[[]func(string, Tables)]
	now       []touch // in the present transaction; the writer's goroutine alone uses it
	first     int     // of them that the present function made
}

func (c *touched) add(told func(string, Tables)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []func(string, Tables)
	if old := c.listeners.Load(); old != nil {
		all = slices.Clone(*old)
	}
	all = append(all, told)
	c.listeners.Store(&all)
}

func (c *touched) namesOf(set Tables) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var names []string
	for i, name := range c.names {
		if set&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	if set&(1<<othersTable) != 0 {
		names = append(names, "*")
	}
	return names
}

// changing finds the tables that a statement, or several, may change.
var changing = regexp.MustCompile(`(?i)\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)\s+["\[` + "`" + `]?(\w+)`)

// in gives the tables that a text changes.
func (c *touched) in(query string) (set Tables) {
	for _, found := range changing.FindAllStringSubmatch(query, -1) {
		if name := strings.ToLower(found[1]); name != "set" { // DO UPDATE SET
			set |= 1 << c.number(name)
		}
	}
	return set
}

func (c *touched) number(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := slices.Index(c.names, name)
	if at < 0 && len(c.names) < othersTable {
		at, c.names = len(c.names), append(c.names, name)
	}
	if at < 0 {
		return othersTable
	}
	return at
}

// note notes what a statement has changed, unless its result, where there is one, says that this was nothing.
func (c *touched) note(organisation string, tables Tables, result driver.Result) {
	if tables == 0 || c.listeners.Load() == nil {
		return
	}
	last := len(c.now) - 1
	same := last >= c.first && c.now[last].organisation == organisation
	if same && c.now[last].tables&tables == tables {
		return
	}
	if result != nil {
		if n, err := result.RowsAffected(); err == nil && n == 0 {
			return
		}
	}
	if same {
		c.now[last].tables |= tables
		return
	}
	c.now = append(c.now, touch{organisation, tables})
}

// begin forgets the last transaction.
func (c *touched) begin() {
	clear(c.now)
	c.now, c.first = c.now[:0], 0
}

// tell tells of what the transaction has changed, which is on disk.
func (c *touched) tell() {
	listeners := c.listeners.Load()
	if listeners == nil {
		return
	}
	for _, t := range c.now {
		for _, told := range *listeners {
			told(t.organisation, t.tables)
		}
	}
}
