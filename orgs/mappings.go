package orgs

import (
	"context"
	"slices"
	"time"

	"gantry/fault"
	"gantry/store"
)

// MappingTo says which entity of an outside system (a Halo client) an organisation is. InstanceID is the
// instance whose entity is meant; empty means the MSP's default one.
type MappingTo struct {
	Integration  string `json:"integration" db:"integration"`
	InstanceID   string `json:"instance_id,omitempty" db:"instance_id"`
	ExternalID   string `json:"external_id" db:"external_id"`
	ExternalName string `json:"external_name" db:"external_name"`
	// How it came to be: the rung of the comparison of names that proposed it (empty: set by hand), how sure
	// that was (0 to 1), who saved it, and when, in microseconds since 1970; see MappedAt.
	Rung       string  `json:"rung,omitempty" db:"rung"`
	Confidence float64 `json:"confidence,omitempty" db:"score"`
	By         string  `json:"mapped_by,omitempty" db:"mapped_by"`
	Updated    int64   `json:"-" db:"updated_at"`
	// Shared tells that the entity was another organisation's when it was mapped, and that this was meant.
	Shared bool `json:"shared,omitempty" db:"shared"`
}

// MappedAt is when the mapping was saved; zero for one that is not saved yet.
func (m MappingTo) MappedAt() time.Time {
	if m.Updated == 0 {
		return time.Time{}
	}
	return timeOf(m.Updated)
}

// SetMapping maps the organisation to an entity, also to one that another has. The instance, where given,
// must be the organisation's own or an ancestor's.
func (s *Service) SetMapping(ctx context.Context, orgID, integration, instanceID, externalID, externalName string) error {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return err
	}
	if err := checkMapping(integration, externalID, externalName); err != nil {
		return err
	}
	return s.writeLive(ctx, org, func(tx *store.Tx) error {
		if instanceID != "" {
			t, err := loadBranches(tx.Select, org.ID)
			if err != nil {
				return err
			}
			if err := checkReachable(tx, t, org, integration, instanceID); err != nil {
				return err
			}
		}
		m := MappingTo{Integration: integration, InstanceID: instanceID, ExternalID: externalID, ExternalName: externalName}
		others, err := entityHolders(tx, org.ID, m)
		if err != nil {
			return err
		}
		m.Shared = len(others) > 0
		return s.putMapping(tx, org, m)
	})
}

func checkMapping(integration, externalID, externalName string) error {
	if err := checkIntegration(integration); err != nil {
		return err
	}
	if err := checkText("id of the mapped entity", externalID, maxExternal); err != nil || externalName == "" {
		return err
	}
	return checkText("name of the mapped entity", externalName, maxExternal)
}

// putMapping writes a mapping that was checked.
func (s *Service) putMapping(tx *store.Tx, org Organisation, m MappingTo) error {
	_, err := tx.Exec(`INSERT INTO mappings (organisation_id, integration, instance_id, external_id, external_name, rung, score, mapped_by, updated_at, shared)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (organisation_id, integration) DO UPDATE SET instance_id = excluded.instance_id,
		external_id = excluded.external_id, external_name = excluded.external_name, rung = excluded.rung,
		score = excluded.score, mapped_by = excluded.mapped_by, updated_at = excluded.updated_at, shared = excluded.shared`,
		org.ID, m.Integration, m.InstanceID, m.ExternalID, m.ExternalName, m.Rung, m.Confidence, m.By, s.now(), m.Shared)
	return err
}

func checkReachable(tx *store.Tx, t *tree, org Organisation, integration, instanceID string) error {
	var owners []string
	err := tx.Select(&owners, "SELECT organisation_id FROM instances WHERE id = ? AND integration = ?", instanceID, integration)
	if err != nil {
		return err
	}
	if len(owners) == 0 || !t.reaches(org.ID, owners[0]) {
		return fault.New(fault.Tenant, "%s cannot be mapped under that instance of %s: it has none of that id, nor has an organisation above it.", org.Name, integration).
			WithHint("`gantry integrations list` shows the instances")
	}
	return nil
}

// Mapping gives the id and name of the entity that the organisation itself is mapped to. Mappings are not
// inherited.
func (s *Service) Mapping(ctx context.Context, orgID, integration string) (id, name string, ok bool, err error) {
	found, ok, err := s.mapping(ctx, orgID, integration)
	return found.ExternalID, found.ExternalName, ok, err
}

func (s *Service) mapping(ctx context.Context, orgID, integration string) (MappingTo, bool, error) {
	all, err := s.Mappings(ctx, orgID)
	if err != nil {
		return MappingTo{}, false, err
	}
	for _, m := range all {
		if m.Integration == integration {
			return m, true, nil
		}
	}
	return MappingTo{}, false, nil
}

// Mappings gives the organisation's mappings, by integration.
func (s *Service) Mappings(ctx context.Context, orgID string) ([]MappingTo, error) {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return nil, err
	}
	all, err := remembered(s, mappingsOf(org.ID), func() ([]MappingTo, error) {
		all := []MappingTo{}
		err := s.read(ctx, &all, `SELECT integration, instance_id, external_id, external_name, rung, score, mapped_by, updated_at, shared FROM mappings
			WHERE organisation_id = ? ORDER BY integration`, org.ID)
		return all, err
	})
	return slices.Clone(all), err
}

// RemoveMapping removes the organisation's mapping for the integration.
func (s *Service) RemoveMapping(ctx context.Context, orgID, integration string) error {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return err
	}
	return s.writeLive(ctx, org, func(tx *store.Tx) error {
		result, err := tx.Exec("DELETE FROM mappings WHERE organisation_id = ? AND integration = ?", org.ID, integration)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return fault.New(fault.Missing, "%s is not mapped for %s.", org.Name, shortened(integration)).
				WithHint("`gantry mappings list --org %s` shows its mappings", org.Slug)
		}
		return nil
	})
}
