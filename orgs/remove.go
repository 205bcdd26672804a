package orgs

import (
	"context"
	"fmt"
	"slices"

	"gantry/fault"
	"gantry/source"
	"gantry/store"
)

// Remove takes an organisation out of use; its data stays, so that Restore can bring it back. The root is
// never removed, and one with live children gives fault.Conflict: RemoveTree takes those along.
func (s *Service) Remove(ctx context.Context, orgID string) error {
	return s.change(ctx, false, func(p *planner) error {
		org, err := p.liveByID(orgID)
		if err != nil {
			return err
		}
		if err := notRoot(org); err != nil {
			return err
		}
		var children []string
		for _, id := range p.children[org.ID] {
			children = append(children, p.byID[id].Slug)
		}
		if len(children) > 0 {
			slices.Sort(children)
			return fault.New(fault.Conflict, "%s has organisations below it: %s.", org.Name, someOf(children)).
				WithHint("remove those first, or all of them at once: gantry orgs remove %s --with-children", org.Slug)
		}
		_, err = p.remove(org)
		return err
	})
}

// RemoveTree removes an organisation with all that are below it, and gives them, each after its parent.
// Restore brings them back together.
func (s *Service) RemoveTree(ctx context.Context, orgID string) (removed []Organisation, err error) {
	err = s.change(ctx, false, func(p *planner) error {
		org, err := p.liveByID(orgID)
		if err != nil {
			return err
		}
		removed, err = p.remove(org)
		return err
	})
	return removed, err
}

func (t *tree) liveByID(id string) (Organisation, error) {
	org, ok := t.byID[id]
	switch {
	case !ok:
		return org, fault.New(fault.Missing, "There is no organisation with the id %q.", shortened(id))
	case org.DeletedAt != nil:
		return org, removedFault(org)
	}
	return org.copy(), nil
}

func notRoot(org Organisation) error {
	if org.ParentID != "" {
		return nil
	}
	return fault.New(fault.Conflict, "%s is the root organisation and cannot be removed.", org.Name).
		WithHint("everything belongs to it; use another data directory to begin anew")
}

// remove plans the removal of an organisation and of those below it that live.
func (p *planner) remove(org Organisation) ([]Organisation, error) {
	if err := notRoot(org); err != nil {
		return nil, err
	}
	at := timeOf(p.s.now())
	var all []Organisation
	for _, id := range p.subtree(org.ID) {
		each := p.byID[id]
		if each.DeletedAt != nil {
			continue
		}
		each.DeletedAt, each.RemovedWith = &at, org.ID
		all = append(all, each)
		p.put(each, ActionRemove, each.Name, func(tx *store.Tx) error {
			_, err := tx.Exec("UPDATE organisations SET deleted_at = ?, removed_with = ? WHERE id = ?", at.UnixMicro(), org.ID, each.ID)
			return err
		})
	}
	return all, nil
}

// Removed finds a removed organisation by its slug, for Restore. One that was not removed gives
// fault.Conflict; an unknown slug fault.Missing, with the nearest of the removed ones.
func (s *Service) Removed(ctx context.Context, slug string) (Organisation, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return Organisation{}, err
	}
	id, _ := t.find(slug)
	org, known := t.byID[id]
	switch {
	case !known:
		return Organisation{}, fault.New(fault.Missing, "No organisation %q was removed.", shortened(slug)).
			WithHint("%s", hintOr(source.DidYouMean(slug, t.removedSlugs()), "`gantry orgs list --deleted` shows those that were removed"))
	case org.DeletedAt == nil:
		return Organisation{}, fault.New(fault.Conflict, "%s was not removed.", org.Name)
	}
	return org.copy(), nil
}

// Restored is what Restore brought back: the organisations, each after its parent, and what they did not get back.
type Restored struct {
	Organisations []Organisation
	LeftOut       []LeftOut
}

// Restore brings a removed organisation back with everything it had, and with those that were removed
// together with it. One that was not removed is left as it is. Its parent must live. A mapping whose entity
// became another's meanwhile is left out: two tenants would be one there without anybody having said so.
func (s *Service) Restore(ctx context.Context, orgID string) (restored Restored, err error) {
	err = s.change(ctx, true, func(p *planner) error {
		org, ok := p.byID[orgID]
		if !ok {
			return fault.New(fault.Missing, "There is no organisation with the id %q.", shortened(orgID))
		}
		all, err := p.restore(org)
		if err != nil {
			return err
		}
		restored = Restored{all, p.leaveOut(all, func(string, string) bool { return false })}
		return nil
	})
	return restored, err
}

// restore plans that an organisation comes back with those below it that went with it.
func (p *planner) restore(org Organisation) ([]Organisation, error) {
	if org.DeletedAt == nil {
		return nil, nil
	}
	if parent := p.byID[org.ParentID]; parent.DeletedAt != nil {
		top := parent
		for p.byID[top.ParentID].DeletedAt != nil {
			top = p.byID[top.ParentID]
		}
		return nil, fault.New(fault.Conflict, "The parent of %s is removed.", org.Name).
			WithHint("restore the parent first: gantry orgs restore %s", top.Slug)
	}
	together := org.RemovedWith
	var all []Organisation
	for _, id := range p.subtree(org.ID) {
		each := p.byID[id]
		if each.DeletedAt == nil || id != org.ID && (together == "" || each.RemovedWith != together) {
			continue
		}
		each.DeletedAt, each.RemovedWith = nil, ""
		all = append(all, each)
		p.put(each, ActionRestore, each.Name, func(tx *store.Tx) error {
			_, err := tx.Exec("UPDATE organisations SET deleted_at = NULL, removed_with = NULL WHERE id = ?", each.ID)
			return err
		})
	}
	return all, nil
}

// someOf lists names for a message, the first five at most.
func someOf(names []string) string {
	const shown = 5
	text := ""
	for i, name := range names {
		if i == shown {
			return text + fmt.Sprintf(" and %d more", len(names)-shown)
		}
		if i > 0 {
			text += ", "
		}
		text += name
	}
	return text
}
