package orgs

import (
	"context"
	"maps"
	"slices"

	"gantry/fault"
)

const selectInstances = "SELECT id, organisation_id, integration, name, config, is_default FROM instances WHERE organisation_id = ?"

type instanceRow struct {
	ID             string `db:"id"`
	OrganisationID string `db:"organisation_id"`
	Integration    string `db:"integration"`
	Name           string `db:"name"`
	Config         string `db:"config"`
	Default        bool   `db:"is_default"`
}

// Instances gives the organisation's own instances, by integration, the oldest first.
func (s *Service) Instances(ctx context.Context, orgID string) ([]Instance, error) {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return nil, err
	}
	return s.instances(ctx, selectInstances+" ORDER BY integration, created_at, id", org.ID)
}

// Instance gives one of the organisation's own instances by its name, whatever its case.
func (s *Service) Instance(ctx context.Context, orgID, integration, name string) (Instance, error) {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return Instance{}, err
	}
	return s.instance(ctx, org, integration, name)
}

func (s *Service) instance(ctx context.Context, org Organisation, integration, name string) (Instance, error) {
	var rows []instanceRow
	err := s.read(ctx, &rows, selectInstances+" AND integration = ? ORDER BY created_at, id", org.ID, integration)
	if err != nil {
		return Instance{}, err
	}
	at := named(rows, name)
	if at < 0 {
		return Instance{}, unknownInstance(org, integration, name, rows)
	}
	return s.filled(ctx, rows[at])
}

// ofIntegration gives the organisation's instances of one integration, the oldest first. They are shared.
func (s *Service) ofIntegration(ctx context.Context, orgID, integration string) ([]Instance, error) {
	return remembered(s, instancesOf{orgID, integration}, func() ([]Instance, error) {
		return s.instances(ctx, selectInstances+" AND integration = ? ORDER BY created_at, id", orgID, integration)
	})
}

// InstanceName is an instance without what is configured of it.
type InstanceName struct {
	ID             string `db:"id"`
	OrganisationID string `db:"organisation_id"`
	Name           string `db:"name"`
	Default        bool   `db:"is_default"`
}

// InstanceNames gives the instances of an integration that all live organisations have, in one query.
func (s *Service) InstanceNames(ctx context.Context, integration string) ([]InstanceName, error) {
	all := []InstanceName{}
	err := s.read(ctx, &all, `SELECT id, organisation_id, name, is_default FROM instances
		WHERE integration = ? AND organisation_id IN (SELECT id FROM organisations WHERE deleted_at IS NULL) ORDER BY created_at, id`, integration)
	return all, err
}

func (s *Service) instances(ctx context.Context, query string, args ...any) ([]Instance, error) {
	var rows []instanceRow
	if err := s.read(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	instances := make([]Instance, 0, len(rows))
	for _, row := range rows {
		in, err := s.filled(ctx, row)
		if err != nil {
			return nil, err
		}
		instances = append(instances, in)
	}
	return instances, nil
}

// filled makes an instance of its row: configuration read, secret fields named.
func (s *Service) filled(ctx context.Context, row instanceRow) (Instance, error) {
	in := Instance{ID: row.ID, OrganisationID: row.OrganisationID, Integration: row.Integration, Name: row.Name, Default: row.Default}
	value, err := decodeData("the configuration of "+row.Name, row.Config)
	if err != nil {
		return Instance{}, err
	}
	config, ok := value.(map[string]any)
	if !ok {
		return Instance{}, fault.New(fault.Storage, "The configuration of %s cannot be read from the database.", row.Name)
	}
	in.Config, in.SecretFields = config, []string{}
	err = s.read(ctx, &in.SecretFields, "SELECT name FROM secrets WHERE organisation_id = ? AND kind = ? AND owner = ? ORDER BY name",
		in.OrganisationID, kindInstance, in.ID)
	return in, err
}

// copy gives the instance to a reader who may change it.
func (in Instance) copy() Instance {
	in.Config, in.SecretFields = maps.Clone(in.Config), slices.Clone(in.SecretFields)
	return in
}

// InstanceSecrets gives the clear secret fields of an instance. ownerID is Instance.OrganisationID: the
// organisation whose own the instance is, which is not always the one that a run is for.
func (s *Service) InstanceSecrets(ctx context.Context, ownerID, instanceID string) (map[string]string, error) {
	_, owner, err := s.live(ctx, ownerID)
	if err != nil {
		return nil, err
	}
	rows, err := s.sealedOfInstance(ctx, owner, instanceID)
	if err != nil {
		return nil, err
	}
	secrets := make(map[string]string, len(rows))
	for _, row := range rows {
		clear, err := s.ring.open(row.place(), row.sealed)
		if err != nil {
			return nil, err
		}
		secrets[row.Name] = clear
	}
	return secrets, nil
}

func (s *Service) sealedOfInstance(ctx context.Context, owner Organisation, instanceID string) ([]secretRow, error) {
	return remembered(s, sealedOf{owner.ID, kindInstance, instanceID}, func() ([]secretRow, error) {
		var found []string
		if err := s.read(ctx, &found, "SELECT name FROM instances WHERE organisation_id = ? AND id = ?", owner.ID, instanceID); err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fault.New(fault.Tenant, "%s has no instance with that id.", owner.Name).
				WithHint("it may have been removed meanwhile; look with `gantry integrations list --org %s`", owner.Slug)
		}
		return s.sealedRows(ctx, owner.ID, kindInstance, instanceID)
	})
}
