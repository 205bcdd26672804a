package orgs

import (
	"context"
	"fmt"

	"gantry/fault"
	"gantry/source"
	"gantry/store"
)

// Remove takes an organisation out of use; its data stays, so that Restore can bring it back. The root is
// never removed, and one with live children gives fault.Conflict.
func (s *Service) Remove(ctx context.Context, orgID string) error {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return err
	}
	if org.ParentID == "" {
		return fault.New(fault.Conflict, "%s is the root organisation and cannot be removed.", org.Name).
			WithHint("everything belongs to it; use another data directory to begin anew")
	}
	return s.writeTree(ctx, func(tx *store.Tx) error {
		if err := checkLive(tx, org); err != nil {
			return err
		}
		var children []string
		if err := tx.Select(&children, "SELECT slug FROM organisations WHERE parent_id = ? AND deleted_at IS NULL ORDER BY slug", org.ID); err != nil {
			return err
		}
		if len(children) > 0 {
			return fault.New(fault.Conflict, "%s has organisations below it: %s.", org.Name, someOf(children)).
				WithHint("remove those first")
		}
		_, err := tx.Exec("UPDATE organisations SET deleted_at = ? WHERE id = ?", s.now(), org.ID)
		return err
	})
}

// Removed finds a removed organisation by its slug, for Restore. One that was not removed gives
// fault.Conflict; an unknown slug fault.Missing, with the nearest of the removed ones.
func (s *Service) Removed(ctx context.Context, slug string) (Organisation, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return Organisation{}, err
	}
	org, known := t.byID[t.bySlug[slug]]
	switch {
	case !known:
		return Organisation{}, fault.New(fault.Missing, "No organisation %q was removed.", shortened(slug)).
			WithHint("%s", hintOr(source.DidYouMean(slug, t.removedSlugs()), "none was removed so far"))
	case org.DeletedAt == nil:
		return Organisation{}, fault.New(fault.Conflict, "%s was not removed.", org.Name)
	}
	return org.copy(), nil
}

// Restore brings a removed organisation back with everything it had. Its parent must live.
func (s *Service) Restore(ctx context.Context, orgID string) error {
	t, err := s.tree(ctx)
	if err != nil {
		return err
	}
	org, ok := t.byID[orgID]
	if !ok {
		return fault.New(fault.Missing, "There is no organisation with the id %q.", shortened(orgID))
	}
	return s.writeTree(ctx, func(tx *store.Tx) error {
		err := checkParent(tx, org)
		if fault.From(err) != nil && fault.From(err).Code == fault.Missing {
			return fault.Wrap(err, fault.Conflict, "The parent of %s is removed.", org.Name).WithHint("restore the parent first")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE organisations SET deleted_at = NULL WHERE id = ?", org.ID)
		return err
	})
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
