package orgs

import (
	"context"
	"database/sql"
	"errors"

	"gantry/fault"
	"gantry/store"
)

// MappingChange is one organisation to be mapped by SaveMappings.
type MappingChange struct {
	OrganisationID string
	To             MappingTo // Updated is the service's own clock's
	// New refuses an organisation that is mapped already, by whomever.
	New bool
}

// MappingProblem is why a change cannot be saved: the change's place in the list, and what is wrong.
type MappingProblem struct {
	Change int
	Fault  *fault.Error
}

// SaveMappings maps all the organisations or, where something is wrong with one, none: the problems say
// with which and what. Unless shared is set, an entity goes to one organisation only. With dry, nothing is
// saved in any case.
func (s *Service) SaveMappings(ctx context.Context, changes []MappingChange, shared, dry bool) ([]MappingProblem, error) {
	var problems []MappingProblem
	errNone := errors.New("nothing is saved")
	err := s.write(ctx, func(tx *store.Tx) error {
		problems = nil
		t, err := loadTree(tx.Select)
		if err != nil {
			return err
		}
		saving := &mappingSave{s, tx, t, changes, map[string]int{}}
		for i := range changes {
			f, err := saving.put(i)
			if err != nil {
				return err
			}
			if f != nil {
				problems = append(problems, MappingProblem{i, f})
			}
		}
		if !shared {
			found, err := saving.shared()
			if err != nil {
				return err
			}
			problems = append(problems, found...)
		}
		if dry || len(problems) > 0 {
			return errNone
		}
		return nil
	})
	if errors.Is(err, errNone) {
		err = nil
	}
	return problems, err
}

// mappingSave is one transaction of SaveMappings.
type mappingSave struct {
	*Service
	tx      *store.Tx
	tree    *tree
	changes []MappingChange
	byOrg   map[string]int // organisation and integration: the change that is for it
}

// put carries out one change. The fault says what is wrong with it, the error that the database failed.
func (s *mappingSave) put(i int) (*fault.Error, error) {
	c := s.changes[i]
	org, known := s.tree.byID[c.OrganisationID]
	if !known {
		return fault.New(fault.Missing, "There is no organisation with the id %q.", shortened(c.OrganisationID)), nil
	}
	if err := checkMapping(c.To.Integration, c.To.ExternalID, c.To.ExternalName); err != nil {
		return fault.From(err), nil
	}
	if _, twice := s.byOrg[org.ID+" "+c.To.Integration]; twice {
		return invalid("%s is to be mapped twice.", org.Name).WithHint("leave one of the two rows out"), nil
	}
	s.byOrg[org.ID+" "+c.To.Integration] = i
	if err := checkLive(s.tx, org); err != nil {
		return asFault(err)
	}
	if c.To.InstanceID != "" {
		if err := checkReachable(s.tx, s.tree, org, c.To.Integration, c.To.InstanceID); err != nil {
			return asFault(err)
		}
	}
	if c.New {
		if f, err := s.mapped(org, c.To); f != nil || err != nil {
			return f, err
		}
	}
	return nil, s.putMapping(s.tx, org, c.To)
}

// asFault tells what is wrong with a change from a database that fails.
func asFault(err error) (*fault.Error, error) {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Code != fault.Storage {
		return f, nil
	}
	return nil, err
}

func (s *mappingSave) mapped(org Organisation, to MappingTo) (*fault.Error, error) {
	var name string
	err := s.tx.Get(&name, "SELECT external_name FROM mappings WHERE organisation_id = ? AND integration = ?", org.ID, to.Integration)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return fault.New(fault.Conflict, "%s has been mapped to %s meanwhile.", org.Name, orElse(name, "another entity")).
		WithHint("remove that mapping first if it is wrong: `gantry mappings remove %s --org %s`", to.Integration, org.Slug), nil
}

// shared finds, when all changes are in the tables, those whose entity another organisation has as well.
func (s *mappingSave) shared() ([]MappingProblem, error) {
	var problems []MappingProblem
	for i, c := range s.changes {
		var others []string
		err := s.tx.Select(&others, `SELECT o.name || ' (' || o.slug || ')' FROM mappings m JOIN organisations o ON o.id = m.organisation_id
			WHERE m.integration = ? AND m.external_id = ? AND o.id <> ? AND o.deleted_at IS NULL
			AND coalesce(nullif(m.instance_id, ''), (`+rootDefault+`), '') = coalesce(nullif(?, ''), (`+rootDefault+`), '') ORDER BY o.slug`,
			c.To.Integration, c.To.ExternalID, c.OrganisationID, c.To.Integration, c.To.InstanceID, c.To.Integration)
		if err != nil {
			return nil, err
		}
		if len(others) > 0 {
			name := s.tree.byID[c.OrganisationID].Name
			problems = append(problems, MappingProblem{i, fault.New(fault.Conflict, "%s cannot be %s: %s is already.", name, shownMapping(c.To), someOf(others)).
				WithHint("an entity belongs to one organisation; --shared allows several")})
		}
	}
	return problems, nil
}

// rootDefault is the instance that a mapping without one means: the MSP's default.
const rootDefault = `SELECT d.id FROM instances d JOIN organisations r ON r.id = d.organisation_id
	WHERE r.depth = 0 AND d.is_default AND d.integration = ?`

// MappedOrganisation is a mapping with whose it is.
type MappedOrganisation struct {
	OrganisationID string `db:"organisation_id"`
	MappingTo
}

// AllMappings gives the mappings of all live organisations for an integration, or for all where it is empty,
// in one query: by organisation id, then integration.
func (s *Service) AllMappings(ctx context.Context, integration string) ([]MappedOrganisation, error) {
	all := []MappedOrganisation{}
	err := s.read(ctx, &all, `SELECT organisation_id, integration, instance_id, external_id, external_name, rung, score, mapped_by, updated_at
		FROM mappings WHERE (integration = ? OR ? = '') AND organisation_id IN (SELECT id FROM organisations WHERE deleted_at IS NULL)
		ORDER BY organisation_id, integration`, integration, integration)
	return all, err
}
