package orgs

import (
	"context"

	"gantry/fault"
)

// Chain gives the ids from an organisation up to the root, its own first: it is these whose rights reach it. Also
// of one that was removed. An id that names none gives fault.Missing.
func (s *Service) Chain(ctx context.Context, id string) ([]string, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return nil, err
	}
	if _, ok := t.byID[id]; !ok {
		return nil, fault.New(fault.Missing, "There is no organisation with the id %q.", shortened(id))
	}
	return t.chain(id), nil
}
