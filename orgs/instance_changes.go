package orgs

import (
	"context"
	"fmt"

	"gantry/fault"
	"gantry/store"
)

// RenameInstance gives an instance another name. Mappings under it go along; overrides in workflows that
// name it do not.
func (s *Service) RenameInstance(ctx context.Context, orgID, integration, name, newName string) (Instance, error) {
	if err := checkText("name of an instance", newName, maxName); err != nil {
		return Instance{}, err
	}
	err := s.changeInstance(ctx, orgID, integration, name, func(tx *store.Tx, in Instance) error {
		others, err := instancesIn(tx, in.OrganisationID, integration)
		if err != nil {
			return err
		}
		if at := named(others, newName); at >= 0 && others[at].ID != in.ID {
			return fault.New(fault.Exists, "There is an instance %q of %s already.", others[at].Name, integration).WithHint("choose another name")
		}
		_, err = tx.Exec("UPDATE instances SET name = ? WHERE id = ?", newName, in.ID)
		return err
	})
	if err != nil {
		return Instance{}, err
	}
	return s.Instance(ctx, orgID, integration, newName)
}

// ClearDefault leaves the organisation without a default instance of the integration: its tasks then need
// an override that names one.
func (s *Service) ClearDefault(ctx context.Context, orgID, integration string) error {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return err
	}
	return s.writeLive(ctx, org, func(tx *store.Tx) error {
		rows, err := instancesIn(tx, org.ID, integration)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.Default {
				return clearDefault(tx, org.ID, integration)
			}
		}
		return fault.New(fault.Missing, "%s has no default instance of %s.", org.Name, shortened(integration)).
			WithHint("`gantry integrations list --org %s` shows those it has", org.Slug)
	})
}

// RemoveInstance removes an instance with its secrets. If it was the default, the oldest that is left
// becomes it. While organisations are mapped under it that is fault.Conflict, unless force says to do it
// all the same: their mappings stay, and an override by mapping finds nothing then.
func (s *Service) RemoveInstance(ctx context.Context, orgID, integration, name string, force bool) error {
	t, err := s.tree(ctx)
	if err != nil {
		return err
	}
	return s.changeInstance(ctx, orgID, integration, name, func(tx *store.Tx, in Instance) error {
		if !force {
			if err := checkUnused(tx, t, in); err != nil {
				return err
			}
		}
		return deleteInstance(tx, in)
	})
}

func deleteInstance(tx *store.Tx, in Instance) error {
	if _, err := tx.Exec("DELETE FROM instances WHERE id = ?", in.ID); err != nil {
		return err
	}
	if err := dropSecrets(tx, in.OrganisationID, kindInstance, in.ID); err != nil || !in.Default {
		return err
	}
	_, err := tx.Exec(`UPDATE instances SET is_default = ? WHERE id =
		(SELECT id FROM instances WHERE organisation_id = ? AND integration = ? ORDER BY created_at, id LIMIT 1)`,
		true, in.OrganisationID, in.Integration)
	return err
}

// checkUnused refuses to remove an instance under which organisations are mapped. A mapping without an
// instance was made under the root's default one: it counts while no other could take that place.
func checkUnused(tx *store.Tx, t *tree, in Instance) error {
	others, err := instancesIn(tx, in.OrganisationID, in.Integration)
	if err != nil {
		return err
	}
	unnamed := in.OrganisationID == t.root && in.Default && len(others) == 1
	var slugs []string
	err = tx.Select(&slugs, `SELECT o.slug FROM mappings m JOIN organisations o ON o.id = m.organisation_id
		WHERE o.deleted_at IS NULL AND m.integration = ? AND (m.instance_id = ? OR m.instance_id = '' AND ?) ORDER BY o.slug`,
		in.Integration, in.ID, unnamed)
	if err != nil || len(slugs) == 0 {
		return err
	}
	what := "organisations are"
	if len(slugs) == 1 {
		what = "organisation is"
	}
	return fault.New(fault.Conflict, "%s is in use: %d %s mapped under it (%s).", in.Name, len(slugs), what, someOf(slugs)).
		WithHint("%s", fmt.Sprintf("map them under another one first, or remove it all the same with --force; `gantry mappings list %s` shows them", in.Integration))
}
