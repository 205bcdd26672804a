package workflow

import (
	"sync"

	"gantry/schema"
)

// sharedTypes are types that all files of one World have in common. Sharing them is what makes checking
// many files quick: expr knows types again by their pointer.
type sharedTypes struct {
	org        *schema.Type // nil: it differs from file to file
	taskFacts  sync.Map     // *schema.Type of a result -> *schema.Type of tasks.<name>
	itemResult sync.Map     // *schema.Type of a result -> *schema.Type of the list of a for_each
}

// share prepares a World for many files.
func (w World) share() World {
	w.shared = &sharedTypes{}
	if w.OrgVarsKnown {
		w.shared.org = orgType(w, nil)
	}
	return w
}

func memoised(m *sync.Map, t *schema.Type, build func(*schema.Type) *schema.Type) *schema.Type {
	if known, ok := m.Load(t); ok {
		return known.(*schema.Type)
	}
	made, _ := m.LoadOrStore(t, build(t))
	return made.(*schema.Type)
}
