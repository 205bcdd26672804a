package triggers

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// nearby is how many events of an organisation are held in memory, and nearbyBytes how much their data may be
// together where they are more than one; the others wait on disk alone.
const (
	nearby      = 256
	nearbyBytes = 4 << 20
)

// line is the events that are not decided yet: one lane for each organisation, whose turns go round, so
// that one with ten thousand does not hold up another's one. What cannot be decided now rests, and holds up
// nobody else.
type line struct {
	mu      sync.Mutex
	lanes   map[string]*lane
	turns   []*lane        // those that have something to give, the next first
	resting map[*lane]bool // those that will have something to give
	wake    time.Time      // when the first of those has
	total   int            // pending events, those being decided included
	open    bool           // what is kept is counted and held; before that it is on disk only
	closed  bool
	ring    chan struct{} // holds one token while there may be something to take
}

type lane struct {
	org     string
	events  []eventRow      // by id, those that wait in memory
	bytes   int             // of their data
	held    map[string]bool // ids of those, of those that are being decided, and of those about to be kept
	reading map[string]bool // held when the reading from disk began: they may be decided before it ends
	onDisk  bool            // there may be more on disk
	pending int
	turning bool // it is among the turns
	trouble
}

func newLine() *line {
	return &line{lanes: map[string]*lane{}, resting: map[*lane]bool{}, ring: make(chan struct{}, 1)}
}

func (l *line) lane(org string) *lane {
	if l.lanes[org] == nil {
		l.lanes[org] = &lane{org: org, held: map[string]bool{}}
	}
	return l.lanes[org]
}

// begin takes over what is on disk: how many events of which organisation.
func (l *line) begin(pending map[string]int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = true
	for org, n := range pending {
		a := l.lane(org)
		a.pending, a.onDisk = n, true
		l.total += n
		l.queue(a)
	}
}

// expect counts events that are about to be kept, before they are: reading from disk, which may find them
// before add is called, leaves them alone. add or drop follows for each.
func (l *line) expect(rows []eventRow) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range rows {
		if rows[i].counted = l.open; l.open {
			a := l.lane(rows[i].OrganisationID)
			a.held[rows[i].ID] = true
			a.pending++
			l.total++
		}
	}
}

// add takes an event that has just been kept.
func (l *line) add(row eventRow) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !row.counted {
		return
	}
	a := l.lane(row.OrganisationID)
	if a.onDisk || a.full(row) {
		delete(a.held, row.ID)
		a.onDisk = true
	} else {
		a.put(row)
	}
	l.queue(a)
}

// drop forgets an expected event that was not kept.
func (l *line) drop(row eventRow) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if row.counted {
		l.letGo(l.lane(row.OrganisationID), row)
	}
}

// full tells whether an event more would be too much to hold.
func (a *lane) full(row eventRow) bool {
	return len(a.events) >= nearby || len(a.events) > 0 && a.bytes+len(row.Data) > nearbyBytes
}

// put holds an event in the order of ids, which is that of their coming.
func (a *lane) put(row eventRow) {
	at, _ := slices.BinarySearchFunc(a.events, row.ID, func(r eventRow, id string) int { return strings.Compare(r.ID, id) })
	a.events = slices.Insert(a.events, at, row)
	a.bytes += len(row.Data)
	a.held[row.ID] = true
}

// queue gives a lane that has something a turn, now or when its rest is over.
func (l *line) queue(a *lane) {
	switch at, any := a.ready(len(a.events) > 0 || a.onDisk); {
	case !any || a.turning:
	case at.After(time.Now()):
		l.resting[a] = true
		if l.wake.IsZero() || at.Before(l.wake) {
			l.wake = at
		}
	default:
		a.turning = true
		delete(l.resting, a)
		l.turns = append(l.turns, a)
	}
	l.signal()
}

// awake gives those a turn whose rest is over.
func (l *line) awake() {
	if l.wake.IsZero() || l.wake.After(time.Now()) {
		return
	}
	l.wake = time.Time{}
	for a := range l.resting {
		delete(l.resting, a)
		l.queue(a)
	}
}

func (l *line) signal() {
	select {
	case l.ring <- struct{}{}:
	default:
	}
}

// next takes the event whose turn it is. Where the lane whose turn it is has to be read from disk first, it
// gives that organisation instead. Neither: there is nothing now, and nothing before wake unless more comes; the
// zero time is never.
func (l *line) next() (row eventRow, read string, wake time.Time, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.awake()
	for len(l.turns) > 0 && !l.closed {
		a := l.turns[0]
		l.turns = l.turns[1:]
		a.turning = false
		switch fresh := a.fresh(); {
		case a.over():
			row = a.again()
		case fresh && len(a.events) > 0:
			row = a.events[0]
			a.events[0] = eventRow{} // its data is not kept for the sake of the list
			a.events = a.events[1:]
			a.bytes -= len(row.Data)
		case fresh && a.onDisk:
			return eventRow{}, a.org, time.Time{}, true // endReading gives it its next turn
		default:
			l.queue(a)
			l.forget(a)
			continue
		}
		l.queue(a)
		return row, "", time.Time{}, true
	}
	return eventRow{}, "", l.wake, false
}

// beginReading is called before a lane is read from disk, and says which events are known already: they are left
// out.
func (l *line) beginReading(org string) (known map[string]bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.lane(org)
	a.onDisk = false // what is kept from now on comes by itself
	a.reading = maps.Clone(a.held)
	return a.reading
}

// endReading takes what was read; more: that was not all. An error leaves it all on disk.
func (l *line) endReading(org string, rows []eventRow, more bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.lane(org)
	a.onDisk = a.onDisk || more || err != nil
	for _, row := range rows {
		switch {
		case a.held[row.ID] || a.reading[row.ID]:
		case a.full(row):
			a.onDisk = true
		default:
			a.put(row)
		}
	}
	a.reading = nil
	if err != nil {
		a.rest()
	}
	l.queue(a)
}

// decided lets go of an event. What rests in its lane is tried at once, for it works again.
func (l *line) decided(row eventRow) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.lane(row.OrganisationID)
	if a.end() {
		l.queue(a)
	}
	l.letGo(a, row)
}

func (l *line) letGo(a *lane, row eventRow) {
	delete(a.held, row.ID)
	a.pending--
	l.total--
	l.forget(a)
}

// forget drops a lane that is of no more use.
func (l *line) forget(a *lane) {
	if a.pending <= 0 && len(a.held) == 0 && !a.turning {
		delete(l.lanes, a.org)
		delete(l.resting, a)
	}
}

// putBack takes an event that could not be decided now.
func (l *line) putBack(row eventRow) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.lane(row.OrganisationID)
	a.lay(row)
	l.queue(a)
}

func (l *line) waiting(org string) (total, own int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a := l.lanes[org]; a != nil {
		own = a.pending
	}
	return l.total, own
}

func (l *line) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.signal()
}
