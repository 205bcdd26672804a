package main

import (
	"slices"
	"sync"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
)

// feed carries a run's updates from the engine, which must not wait, to whoever shows them.
type feed struct {
	mu      sync.Mutex
	updates []engine.Update
	ring    chan struct{} // holds one token while there are updates
}

func newFeed() *feed { return &feed{ring: make(chan struct{}, 1)} }

// watch is what the engine calls.
func (f *feed) watch(u engine.Update) {
	f.mu.Lock()
	f.updates = append(f.updates, u)
	f.mu.Unlock()
	select {
	case f.ring <- struct{}{}:
	default:
	}
}

func (f *feed) take() []engine.Update {
	f.mu.Lock()
	defer f.mu.Unlock()
	taken := f.updates
	f.updates = nil
	return taken
}

// runTree is a run and the runs that it started, as far as they are known.
type runTree struct {
	root     *runNode
	handlers []*runNode // of on_failure
	byID     map[string]*runNode
}

// runNode is one run in the tree.
type runNode struct {
	ID, Workflow string
	Task         string // of the parent, that called it
	Note         string // what the headline adds: the organisation, the trigger
	Status       flow.Status
	Error        *fault.Error
	Started      time.Time
	Finished     time.Time
	Resumed      time.Time              // when it last went on after it had ended
	Steps        []engine.Step          // in the order they came up
	Waiting      map[int]engine.Waiting // for a rate limit, by the step's ID
	parent       *runNode
	children     []*runNode
}

func newRunTree() *runTree { return &runTree{byID: map[string]*runNode{}} }

// take adds an update; at is when it came. The first one is of the run itself.
func (t *runTree) take(u engine.Update, at time.Time) *runNode {
	n, known := t.byID[u.Run]
	if !known {
		n = t.add(u, at)
	}
	if n.Status.Ended() {
		n.reopen(u, at)
	}
	n.Status, n.Error = u.Status, u.Error
	if u.Status.Ended() && n.Finished.IsZero() {
		n.Finished = at
	}
	for _, s := range u.Changed {
		n.change(s)
	}
	for _, w := range u.Waiting {
		n.wait(w)
	}
	return n
}

// reopen notes that a run that had ended goes on, if it does, and since when as far as that is known. One that ends
// again at once may tell both in one update.
func (n *runNode) reopen(u engine.Update, at time.Time) {
	goesOn := !u.Status.Ended()
	for _, s := range u.Changed {
		if s.Finished.After(n.Finished) {
			goesOn = true
			if s.Finished.Before(at) {
				at = s.Finished
			}
		}
	}
	if !goesOn {
		return
	}
	if !n.Resumed.After(n.Finished) {
		n.Resumed = at
	}
	n.Finished = time.Time{}
}

func (n *runNode) wait(w engine.Waiting) {
	if n.Waiting == nil {
		n.Waiting = map[int]engine.Waiting{}
	}
	n.Waiting[w.Step] = w
	if w.Attempts == 0 {
		delete(n.Waiting, w.Step)
	}
}

func (t *runTree) add(u engine.Update, at time.Time) *runNode {
	n := &runNode{ID: u.Run, Workflow: u.Workflow, Task: u.Task, Started: at}
	t.byID[u.Run] = n
	parent := t.byID[u.Parent]
	switch {
	case parent != nil && u.Task != "":
		n.parent = parent
		parent.children = append(parent.children, n)
	case t.root == nil:
		t.root = n
	default:
		t.handlers = append(t.handlers, n)
	}
	return n
}

func (n *runNode) change(s engine.Step) {
	if !s.Started.IsZero() && s.Started.Before(n.Started) {
		n.Started = s.Started // updates come a little later than what they tell of
	}
	at, found := slices.BinarySearchFunc(n.Steps, s.ID, func(have engine.Step, id int) int { return have.ID - id })
	if found {
		n.Steps[at] = s
		return
	}
	n.Steps = slices.Insert(n.Steps, at, s)
}

// callsOf gives the runs that a step's sub-workflow made. An execution without for_each has one.
func (n *runNode) callsOf(s engine.Step) []*runNode {
	var calls []*runNode
	for _, child := range n.children {
		if child.ID == s.Subrun || s.Subrun == "" && child.Task == s.Name {
			calls = append(calls, child)
		}
	}
	return calls
}

// unended gives the runs that can be cancelled: the run itself and its handlers, not what they called.
func (t *runTree) unended() []string {
	var ids []string
	for _, n := range append([]*runNode{t.root}, t.handlers...) {
		if n != nil && !n.Status.Ended() {
			ids = append(ids, n.ID)
		}
	}
	return ids
}

// took is how long a step has taken until now, or took. What was done before its run was resumed does not count for one
// that is done again since, nor does the time in between.
func (n *runNode) took(s engine.Step, now time.Time) time.Duration {
	from := s.Started
	if from.Before(n.Resumed) && !from.IsZero() && (s.Finished.IsZero() || !s.Finished.Before(n.Resumed)) {
		from = n.Resumed
	}
	return lasted(from, s.Finished, now)
}

// lasted is how long something has taken until now, or took. What has not begun took nothing.
func lasted(from, to, now time.Time) time.Duration {
	if from.IsZero() {
		return 0
	}
	if to.IsZero() {
		to = now
	}
	return max(to.Sub(from), 0)
}
