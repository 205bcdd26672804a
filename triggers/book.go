package triggers

import (
	"slices"
	"strings"

	"gantry/engine/workflow"
	"gantry/orgs"
)

// World is what a Book is made of.
type World struct {
	Workflows     []*workflow.Workflow
	Organisations []orgs.Organisation // the whole tree, in any order
	FormerSlugs   map[string]string   // ids by slugs that organisations had before, as far as workflows name them
	Switches      []Switch
}

// Book is all triggers and for whom they fire, at one moment. It does not change.
type Book struct {
	Organisations []orgs.Organisation // of the whole tree, by slug, disabled ones too

	all       []*Active
	byKey     map[Key]*Active
	byType    map[string][]*Active
	listeners map[string][]*Active // completion triggers by the workflow whose ends they wait for
	byID      map[string]orgs.Organisation
	former    map[string]string
	workflows map[string]*workflow.Workflow
	root      orgs.Organisation
}

// NewBook finds for each trigger the organisations that it fires for.
func NewBook(w World) *Book {
	b := &Book{Organisations: slices.Clone(w.Organisations), byKey: map[Key]*Active{}, byType: map[string][]*Active{}, listeners: map[string][]*Active{}, former: w.FormerSlugs,
		byID: make(map[string]orgs.Organisation, len(w.Organisations)), workflows: make(map[string]*workflow.Workflow, len(w.Workflows))}
	slices.SortFunc(b.Organisations, func(x, y orgs.Organisation) int { return strings.Compare(x.Slug, y.Slug) })
	for _, org := range b.Organisations {
		b.byID[org.ID] = org
		if org.ParentID == "" {
			b.root = org
		}
	}
	coverages := map[string]*coverage{}
	switched := switchesByKey(w.Switches)
	for _, wf := range w.Workflows {
		b.workflows[wf.ID] = wf
		for _, t := range wf.Triggers {
			key := runForKey(t.RunFor)
			if coverages[key] == nil {
				coverages[key] = cover(t.RunFor, b.Organisations, func(slug string) string { return w.FormerSlugs[slug] })
			}
			b.add(newActive(wf, t, coverages[key], switched[Key{wf.ID, t.Name}]))
		}
	}
	slices.SortStableFunc(b.all, func(x, y *Active) int { return strings.Compare(x.Key.Workflow, y.Key.Workflow) })
	return b
}

func (b *Book) add(a *Active) {
	b.all = append(b.all, a)
	b.byKey[a.Key] = a
	b.byType[a.Trigger.Type] = append(b.byType[a.Trigger.Type], a)
	if a.Trigger.Type == Completion {
		if of, ok := a.Trigger.Settings["workflow"].(string); ok {
			b.listeners[of] = append(b.listeners[of], a)
		}
	}
}

func newActive(wf *workflow.Workflow, t *workflow.Trigger, c *coverage, s switches) *Active {
	a := &Active{Key: Key{wf.ID, t.Name}, Trigger: t, Workflow: wf, covered: c, refused: map[string]string{}, changed: s}
	a.off = s.off(t)
	if a.off != "" {
		return a
	}
	if t.Enabled && len(s.organisations) == 0 || s.whole != nil && len(s.organisations) == 0 {
		a.Organisations = c.organisations // shared with all triggers that run for the same
		return a
	}
	for _, org := range c.organisations {
		if why := s.offFor(t, org.ID); why != "" {
			a.refused[org.ID] = why
		} else {
			a.Organisations = append(a.Organisations, org)
		}
	}
	return a
}

// All gives every trigger: by workflow, then in file order. Read only.
func (b *Book) All() []*Active { return b.all }

// Find gives a trigger by its key.
func (b *Book) Find(k Key) (*Active, bool) {
	a, ok := b.byKey[k]
	return a, ok
}

// OfType gives the triggers of the types, those switched off too.
func (b *Book) OfType(types ...string) []*Active {
	var found []*Active
	for _, t := range types {
		found = append(found, b.byType[t]...)
	}
	return found
}

// Root gives the MSP; false while there is none.
func (b *Book) Root() (orgs.Organisation, bool) { return b.root, b.root.ID != "" }

// Organisation gives a live organisation by its id, a disabled one too.
func (b *Book) Organisation(id string) (orgs.Organisation, bool) {
	org, ok := b.byID[id]
	return org, ok
}
