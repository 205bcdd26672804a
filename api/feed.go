package api

import (
	"slices"
	"sync"
	"time"

	"gantry/access"
	"gantry/store"
)

// kind is what a client may have a list of.
type kind struct {
	name   string
	role   access.Role // over an organisation, to be told of its changes
	scope  access.Scope
	tables []string // whose rows are what is listed
	below  bool     // what an organisation has, those below it have as well
}

// kinds are those that change. What only notes that something was looked at is none of their tables: a client that reads its
// list again because of that would do so for ever.
var kinds = []kind{
	{"runs", access.Viewer, access.RunsRead, []string{"runs", "queued_runs", "held_runs"}, false},
	{"asks", access.Viewer, access.RunsRead, []string{"open_waits"}, false},
	{"triggers", access.Viewer, access.TriggersRead, []string{"trigger_events", "trigger_switches", "webhook_addresses"}, false},
	{"workflows", access.Viewer, access.WorkflowsRead, []string{"published", "authoring_drafts", "authoring_versions", "authoring_heads"}, false},
	{"organisations", access.Viewer, access.OrganisationsRead, []string{"organisations", "former_slugs"}, false},
	{"integrations", access.Viewer, access.IntegrationsRead, []string{"instances", "secrets"}, true},
	{"mappings", access.Viewer, access.IntegrationsRead, []string{"mappings", "options", "option_reads"}, false},
	{"variables", access.Viewer, access.VariablesRead, []string{"variables", "secrets"}, true},
	{"users", access.Admin, access.UsersRead, []string{"users", "grants", "tokens"}, false},
}

// kindSet is a set of kinds, by their places in the list.
type kindSet uint32

func kindNamed(name string) kindSet {
	return 1 << slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
}

// gatherFor is how long changes are gathered before they are told, so that many are told as one.
const gatherFor = 250 * time.Millisecond

// Feed tells its listeners what has changed, once that is on disk: not how, but of which kind and whose. It is for a store
// that one server writes to. While nobody listens it costs nothing.
type Feed struct {
	store *store.Store

	mu        sync.Mutex
	listeners map[*listener]struct{}
	tables    map[string]store.Tables // by organisation; "": anybody's
	known     map[string]kindSet      // what was told by Changed
	gathering bool
}

// NewFeed makes the feed of a store's changes.
func NewFeed(s *store.Store) *Feed {
	f := &Feed{store: s, listeners: map[*listener]struct{}{}, tables: map[string]store.Tables{}, known: map[string]kindSet{}}
	s.OnCommit(f.touched)
	return f
}

// Changed tells of a change that is not, or not only, in the store: of a kind such as workflows, to everybody.
func (f *Feed) Changed(kind string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.listeners) > 0 {
		f.known[""] |= kindNamed(kind)
		f.gather()
	}
}

// touched is called in the writer's goroutine.
func (f *Feed) touched(organisation string, changed store.Tables) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.listeners) > 0 {
		f.tables[organisation] |= changed
		f.gather()
	}
}

// gather has what has changed told in a moment. Whoever calls it holds the lock.
func (f *Feed) gather() {
	if !f.gathering {
		f.gathering = true
		time.AfterFunc(gatherFor, f.tell)
	}
}

func (f *Feed) tell() {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.known
	for organisation, tables := range f.tables {
		if changed := f.kindsOf(tables); changed != 0 {
			all[organisation] |= changed
		}
	}
	f.known, f.tables, f.gathering = map[string]kindSet{}, map[string]store.Tables{}, false
	if len(all) == 0 {
		return
	}
	for l := range f.listeners {
		l.put(all)
	}
}

// kindsOf gives the kinds that have rows in tables.
func (f *Feed) kindsOf(tables store.Tables) (set kindSet) {
	names := f.store.TableNames(tables)
	for i, k := range kinds {
		if slices.ContainsFunc(names, func(name string) bool { return name == "*" || slices.Contains(k.tables, name) }) {
			set |= 1 << i
		}
	}
	return set
}

// listener is one who is told. What it has not taken yet is kept for it, as a set.
type listener struct {
	mu   sync.Mutex
	news map[string]kindSet // by organisation
	wake chan struct{}      // holds one token while there are news
}

// listen has everything told that is on disk from now on. Call leave when nobody listens any more.
func (f *Feed) listen() (l *listener, leave func()) {
	l = &listener{news: map[string]kindSet{}, wake: make(chan struct{}, 1)}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.listeners[l] = struct{}{}
	return l, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.listeners, l)
	}
}

func (l *listener) put(all map[string]kindSet) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for organisation, set := range all {
		l.news[organisation] |= set
	}
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *listener) take() map[string]kindSet {
	l.mu.Lock()
	defer l.mu.Unlock()
	news := l.news
	l.news = map[string]kindSet{}
	return news
}
