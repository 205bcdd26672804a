package orgs

import (
	"context"

	"gantry/fault"
	"gantry/store"
)

// RenameInstance gives an instance another name. Mappings under it go along; overrides in workflows that
// name it do not.
func (s *Service) RenameInstance(ctx context.Context, orgID, integration, name, newName string) (Instance, error) {
	newName, err := tidyName("name of an instance", newName, maxName)
	if err != nil {
		return Instance{}, err
	}
	err = s.changeInstance(ctx, orgID, integration, name, func(tx *store.Tx, in Instance) error {
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
// becomes it. While organisations are mapped under it that is fault.Conflict, unless force says to remove
// their mappings with it.
func (s *Service) RemoveInstance(ctx context.Context, orgID, integration, name string, force bool) error {
	t, err := s.tree(ctx)
	if err != nil {
		return err
	}
	return s.changeInstance(ctx, orgID, integration, name, func(tx *store.Tx, in Instance) error {
		slugs, err := mappedUnder(tx, t, in)
		if err != nil {
			return err
		}
		if len(slugs) > 0 && !force {
			return inUse(in, slugs)
		}
		if err := deleteMappingsUnder(tx, t, in); err != nil {
			return err
		}
		return deleteInstance(tx, in)
	})
}

// deleteMappingsUnder removes what is mapped under an instance: 12 in this Halo is another client in the next.
func deleteMappingsUnder(tx *store.Tx, t *tree, in Instance) error {
	_, err := tx.Exec("DELETE FROM mappings WHERE integration = ? AND (instance_id = ? OR instance_id = '' AND ?)",
		in.Integration, in.ID, meantByNone(t, in))
	return err
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

// meantByNone tells whether a mapping without an instance was made under this one, the root's default.
func meantByNone(t *tree, in Instance) bool { return in.OrganisationID == t.root && in.Default }

// mappedUnder gives the slugs of the organisations that are mapped under an instance.
func mappedUnder(tx *store.Tx, t *tree, in Instance) (slugs []string, err error) {
	err = tx.Select(&slugs, `SELECT o.slug FROM mappings m JOIN organisations o ON o.id = m.organisation_id
		WHERE o.deleted_at IS NULL AND m.integration = ? AND (m.instance_id = ? OR m.instance_id = '' AND ?) ORDER BY o.slug`,
		in.Integration, in.ID, meantByNone(t, in))
	return slugs, err
}

func inUse(in Instance, slugs []string) *fault.Error {
	what := "organisations are"
	if len(slugs) == 1 {
		what = "organisation is"
	}
	return fault.New(fault.Conflict, "%s is in use: %d %s mapped under it (%s).", in.Name, len(slugs), what, someOf(slugs)).
		WithHint("map them under another one first, or remove it with their mappings: --force; `gantry mappings list %s` shows them", in.Integration)
}
