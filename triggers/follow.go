package triggers

import (
	"context"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
)

// Book gives the triggers of now. Before Start it is made when it is first asked for, and not again.
func (s *Service) Book() *Book {
	if b := s.book.Load(); b != nil {
		return b
	}
	b, err := s.makeBook(s.halt)
	if err != nil {
		s.Log.Error("the triggers could not be read", "error", err)
		return NewBook(World{})
	}
	s.book.CompareAndSwap(nil, b)
	return s.book.Load()
}

// OnChange calls told with the Book of now before it returns, and then after each change of workflows,
// organisations and switches: one call at a time, changes that come together as one. It must not switch
// triggers itself.
func (s *Service) OnChange(told func(*Book)) {
	s.rebuild.Lock()
	defer s.rebuild.Unlock()
	s.listeners = append(s.listeners, told)
	told(s.Book())
}

// touch says that something has changed. It never waits.
func (s *Service) touch() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// follow makes the Book anew whenever something has changed.
func (s *Service) follow() {
	for {
		select {
		case <-s.halt.Done():
			return
		case <-s.changed:
			if err := s.remake(s.halt); err != nil && s.halt.Err() == nil {
				s.Log.Error("the triggers could not be read; those of before go on", "error", err)
			}
		}
	}
}

// remake makes the Book anew and tells the listeners.
func (s *Service) remake(ctx context.Context) error {
	s.rebuild.Lock()
	defer s.rebuild.Unlock()
	b, err := s.makeBook(ctx)
	if err != nil {
		return err
	}
	s.book.Store(b)
	for _, told := range s.listeners {
		told(b)
	}
	return nil
}

func (s *Service) makeBook(ctx context.Context) (*Book, error) {
	var w World
	var err error
	if s.Workflows != nil {
		w.Workflows = s.Workflows.Checked()
	}
	if w.Organisations, err = s.Organisations.List(ctx); err != nil {
		return nil, err
	}
	if w.FormerSlugs, err = s.formerSlugs(ctx, w.Workflows, w.Organisations); err != nil {
		return nil, err
	}
	if w.Switches, err = s.switches(ctx, nil); err != nil {
		return nil, err
	}
	return NewBook(w), nil
}

// formerSlugs finds the organisations that workflows name by a slug which they had before.
func (s *Service) formerSlugs(ctx context.Context, all []*workflow.Workflow, tree []orgs.Organisation) (map[string]string, error) {
	current := make(map[string]bool, len(tree))
	for _, org := range tree {
		current[org.Slug] = true
	}
	former := map[string]string{}
	for _, wf := range all {
		for _, t := range wf.Triggers {
			for _, slug := range namedIn(t) {
				if current[slug] || former[slug] != "" {
					continue
				}
				org, err := s.Organisations.BySlug(ctx, slug)
				if err != nil && fault.From(err).Code != fault.Missing {
					return nil, err
				}
				if err == nil {
					former[slug] = org.ID
				}
			}
		}
	}
	return former, nil
}

// namedIn lists the slugs that a trigger names: of those it runs for, and of those whose runs it waits for.
func namedIn(t *workflow.Trigger) []string {
	return append(texts(t.Settings["organisations"]), t.RunFor.Organisations...)
}

func texts(list any) []string {
	items, _ := list.([]any)
	var all []string
	for _, item := range items {
		if text, ok := item.(string); ok {
			all = append(all, text)
		}
	}
	return all
}
