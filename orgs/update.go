package orgs

import (
	"context"
	"slices"
	"time"

	"gantry/fault"
	"gantry/store"
)

// Changes say what of an organisation becomes another; nil leaves it.
type Changes struct {
	Name, Slug *string
	Tags       *[]string
	Enabled    *bool
}

// Update changes an organisation and gives it as it is now. The root cannot be disabled (fault.Conflict). A slug that it gives up stays its own: it is
// found by it, and nobody else can take it.
func (s *Service) Update(ctx context.Context, orgID string, c Changes) (org Organisation, err error) {
	err = s.change(ctx, false, func(p *planner) error {
		if org, err = p.liveByID(orgID); err != nil {
			return err
		}
		org, err = p.update(org, c)
		return err
	})
	return org, err
}

// Tag adds tags to an organisation's and takes others away, and gives the organisation as it is now.
func (s *Service) Tag(ctx context.Context, orgID string, add, remove []string) (org Organisation, err error) {
	err = s.change(ctx, false, func(p *planner) error {
		if org, err = p.liveByID(orgID); err != nil {
			return err
		}
		without, err := tidyTags(remove)
		if err != nil {
			return err
		}
		for _, tag := range without {
			if !slices.Contains(org.Tags, tag) {
				return fault.New(fault.Missing, "%s has no tag %q.", org.Name, shortened(tag)).WithHint("its tags: %s", shownTags(org.Tags))
			}
		}
		tags := slices.DeleteFunc(slices.Clone(org.Tags), func(tag string) bool { return slices.Contains(without, tag) })
		tags = append(tags, add...)
		org, err = p.update(org, Changes{Tags: &tags})
		return err
	})
	return org, err
}

// Move puts an organisation, with all that is below it, below another parent. It inherits there what that
// one hands down. Refused are: the root (fault.Conflict), a circle (fault.Conflict), a tree too deep
// (fault.InvalidInput), a variable that the new ancestors hand down with another type (fault.Conflict), and
// a mapping under an instance of an ancestor that would be one no longer (fault.Tenant).
func (s *Service) Move(ctx context.Context, orgID, parentID string) (org Organisation, err error) {
	err = s.change(ctx, true, func(p *planner) error {
		if org, err = p.liveByID(orgID); err != nil {
			return err
		}
		parent, err := p.liveByID(parentID)
		if err != nil {
			return err
		}
		err = p.move(org, parent)
		org = p.byID[orgID].copy()
		return err
	})
	return org, err
}

// CheckRuns gives an error unless runs may begin for the organisation: it lives and is enabled.
func (s *Service) CheckRuns(ctx context.Context, orgID string) error {
	_, org, err := s.live(ctx, orgID)
	if err == nil && !org.Enabled {
		return fault.New(fault.Conflict, "%s is disabled: no runs begin for it.", org.Name).
			WithHint("enable it with `gantry orgs enable %s`", org.Slug)
	}
	return err
}

// FormerSlugs gives the slugs that the organisation had before, in the order of the alphabet.
func (s *Service) FormerSlugs(ctx context.Context, orgID string) ([]string, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return nil, err
	}
	slugs := []string{}
	for slug, id := range t.former {
		if id == orgID {
			slugs = append(slugs, slug)
		}
	}
	slices.Sort(slugs)
	return slugs, nil
}

// PurgeAfter is how long a removed organisation can be restored, at least.
const PurgeAfter = 30 * 24 * time.Hour

// Purge deletes removed organisations for good, with their variables, secrets, instances and mappings: the
// named one with all below it, or, with an empty id, all that were removed PurgeAfter ago or earlier. A
// named one that was removed later gives fault.Conflict, unless atOnce. Runs keep their history, and the
// slugs stay taken. It gives the purged, each before those above it.
func (s *Service) Purge(ctx context.Context, orgID string, atOnce bool) (purged []Organisation, err error) {
	err = s.change(ctx, false, func(p *planner) error {
		if purged, err = p.purgeable(orgID, atOnce); err != nil {
			return err
		}
		for _, org := range purged {
			p.steps = append(p.steps, step{Change: Change{ActionRemove, OfOrganisation, org.Slug, "", org.Name},
				write: func(tx *store.Tx) error { return s.purge(tx, org) }})
		}
		return nil
	})
	return purged, err
}

// Purgeable gives what Purge would delete, and refuses what it would.
func (s *Service) Purgeable(ctx context.Context, orgID string, atOnce bool) ([]Organisation, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return nil, err
	}
	return (&planner{state: &state{tree: t}, s: s}).purgeable(orgID, atOnce)
}

// old gives the organisations that were removed at a time or before it; whatever is below them was, too.
func (p *planner) old(until time.Time) []Organisation {
	var all []Organisation
	for _, id := range slices.Backward(p.subtree(p.root)) {
		if org := p.byID[id]; org.DeletedAt != nil && !org.DeletedAt.After(until) {
			all = append(all, org.copy())
		}
	}
	return all
}

func (p *planner) purgeable(orgID string, atOnce bool) ([]Organisation, error) {
	if orgID == "" {
		return p.old(timeOf(p.s.now()).Add(-PurgeAfter)), nil
	}
	org, ok := p.byID[orgID]
	switch {
	case !ok:
		return nil, fault.New(fault.Missing, "There is no organisation with the id %q.", shortened(orgID))
	case org.DeletedAt == nil:
		return nil, fault.New(fault.Conflict, "%s was not removed.", org.Name).WithHint("only what was removed can be deleted for good: gantry orgs remove %s", org.Slug)
	}
	if due := org.DeletedAt.Add(PurgeAfter); !atOnce && due.After(timeOf(p.s.now())) {
		return nil, fault.New(fault.Conflict, "%s was removed on %s and can be restored until %s.", org.Name, org.DeletedAt.Format(time.DateOnly), due.Format(time.DateOnly)).
			WithHint("wait until then, or delete it for good now with --now")
	}
	var all []Organisation
	for _, id := range slices.Backward(p.subtree(orgID)) {
		all = append(all, p.byID[id].copy())
	}
	return all, nil
}

func (s *Service) purge(tx *store.Tx, org Organisation) error {
	for _, table := range []string{
		"DELETE FROM mappings WHERE organisation_id = ?", "DELETE FROM secrets WHERE organisation_id = ?",
		"DELETE FROM instances WHERE organisation_id = ?", "DELETE FROM variables WHERE organisation_id = ?",
		"DELETE FROM organisations WHERE id = ?",
	} {
		if _, err := tx.Exec(table, org.ID); err != nil {
			return err
		}
	}
	_, err := tx.Exec("INSERT INTO former_slugs (slug, organisation_id, since) VALUES (?, ?, ?)", org.Slug, org.ID, s.now())
	return err
}

// FreeSlug makes a slug of a name that no organisation has or had.
func (s *Service) FreeSlug(ctx context.Context, name string) (string, error) {
	t, err := s.tree(ctx)
	if err != nil {
		return "", err
	}
	slug := ProposeSlug(name, t.taken)
	if slug == "" {
		return "", invalid("No slug can be made of the name %q.", shortened(name)).WithHint("give it one: letters a to z, digits and hyphens")
	}
	return slug, nil
}
