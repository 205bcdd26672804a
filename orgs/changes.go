package orgs

import "sync"

// listeners are told of changes that are on disk.
type listeners struct {
	mu        sync.Mutex
	all, tree []func()
}

// OnChange has changed called after each change of anything that is kept here: organisations, variables,
// instances, mappings. It is called by whoever made the change, before that one hears of it, so it must be
// quick and change nothing itself.
func (s *Service) OnChange(changed func()) {
	s.listeners.mu.Lock()
	defer s.listeners.mu.Unlock()
	s.listeners.all = append(s.listeners.all, changed)
}

// OnTreeChange is OnChange for the organisations themselves only: one that is added, renamed, tagged, moved,
// enabled, disabled, removed or restored.
func (s *Service) OnTreeChange(changed func()) {
	s.listeners.mu.Lock()
	defer s.listeners.mu.Unlock()
	s.listeners.tree = append(s.listeners.tree, changed)
}

// tell is called when a change is on disk and what was remembered of before is forgotten.
func (l *listeners) tell(treeChanged bool) {
	l.mu.Lock()
	told := l.all[:len(l.all):len(l.all)]
	if treeChanged {
		told = append(told, l.tree...)
	}
	l.mu.Unlock()
	for _, changed := range told {
		changed()
	}
}
