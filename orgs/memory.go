package orgs

import (
	"context"
	"sync"

	"gantry/store"
)

// maxRemembered bounds how many answers are remembered; beyond it all are forgotten.
const maxRemembered = 10_000

// memory remembers what was read until the next change of anything: runs ask for the same organisation's
// facts thousands of times a second, and admins change something now and then. Clear secrets are never
// in it, only their sealed rows.
type memory struct {
	mu      sync.Mutex
	changes int
	answers map[any]any // by keys of the types below
}

type (
	treeOf      struct{}
	effectiveOf string // organisation id
	factsOf     string
	mappingsOf  string
	instancesOf struct{ organisation, integration string }
	sealedOf    struct{ organisation, kind, owner string }
)

func (m *memory) recall(key any) (answer any, changes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.answers[key], m.changes
}

// keep remembers an answer, unless something has changed since it was asked for.
func (m *memory) keep(key, answer any, changes int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.changes != changes {
		return
	}
	if m.answers == nil || len(m.answers) >= maxRemembered {
		m.answers = make(map[any]any)
	}
	m.answers[key] = answer
}

// forget drops the answers; the tree too if it is that which changed.
func (m *memory) forget(treeChanged bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	kept := m.answers[treeOf{}]
	clear(m.answers)
	if kept != nil && !treeChanged {
		m.answers[treeOf{}] = kept
	}
}

// added keeps the tree through the addition of an organisation: an import adds thousands.
func (m *memory) added(org Organisation) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	kept, known := m.answers[treeOf{}].(*tree)
	clear(m.answers)
	if known {
		m.answers[treeOf{}] = kept.with(org)
	}
}

// remembered gives the answer to key, reading it with load where it is not known. The answer is shared:
// nobody may change it. load looks at everything anew, the tree too: what its caller saw before may be of
// before a change, and would be kept as if it were of now. Beside the owner of a read-only store others write: there nothing is remembered.
func remembered[T any](s *Service, key any, load func() (T, error)) (T, error) {
	known, changes := s.memory.recall(key)
	if answer, ok := known.(T); ok {
		return answer, nil
	}
	answer, err := load()
	if err == nil && !s.store.ReadOnly() {
		s.memory.keep(key, answer, changes)
	}
	return answer, err
}

// write runs a change and forgets what was remembered before its caller hears of it.
func (s *Service) write(ctx context.Context, change func(*store.Tx) error) error {
	return s.changed(false, s.store.Write(ctx, change))
}

// writeTree is write for changes of the organisations themselves.
func (s *Service) writeTree(ctx context.Context, change func(*store.Tx) error) error {
	return s.changed(true, s.store.Write(ctx, change))
}

// changed forgets, and tells of, a change that ended with err, which it gives back.
func (s *Service) changed(tree bool, err error) error {
	s.memory.forget(tree)
	if err == nil {
		s.listeners.tell(tree)
	}
	return err
}
