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
	// Was is the entity that the organisation is to be mapped to so far: with another one by now it is refused.
	// Empty means whatever it is mapped to.
	Was string
	// Remove takes the organisation's mapping of To.Integration away; the rest of To is not looked at.
	Remove bool
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
		found, err := saving.shared(shared)
		if err != nil {
			return err
		}
		problems = append(problems, found...)
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
	if err := checkChange(c); err != nil {
		return fault.From(err), nil
	}
	if _, twice := s.byOrg[org.ID+" "+c.To.Integration]; twice {
		return invalid("%s is to be mapped twice.", org.Name).WithHint("leave one of the two rows out"), nil
	}
	s.byOrg[org.ID+" "+c.To.Integration] = i
	if err := checkLive(s.tx, org); err != nil {
		return asFault(err)
	}
	if c.Remove {
		_, err := s.tx.Exec("DELETE FROM mappings WHERE organisation_id = ? AND integration = ?", org.ID, c.To.Integration)
		return nil, err
	}
	if c.To.InstanceID != "" {
		if err := checkReachable(s.tx, s.tree, org, c.To.Integration, c.To.InstanceID); err != nil {
			return asFault(err)
		}
	}
	if c.New || c.Was != "" {
		if f, err := s.meanwhile(org, c); f != nil || err != nil {
			return f, err
		}
	}
	return nil, s.putMapping(s.tx, org, c.To)
}

func checkChange(c MappingChange) error {
	if c.Remove {
		return checkIntegration(c.To.Integration)
	}
	return checkMapping(c.To.Integration, c.To.ExternalID, c.To.ExternalName)
}

// asFault tells what is wrong with a change from a database that fails.
func asFault(err error) (*fault.Error, error) {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Code != fault.Storage {
		return f, nil
	}
	return nil, err
}

// meanwhile refuses a change that was made against another mapping than there is by now.
func (s *mappingSave) meanwhile(org Organisation, c MappingChange) (*fault.Error, error) {
	var now struct {
		ID   string `db:"external_id"`
		Name string `db:"external_name"`
	}
	err := s.tx.Get(&now, "SELECT external_id, external_name FROM mappings WHERE organisation_id = ? AND integration = ?", org.ID, c.To.Integration)
	switch {
	case errors.Is(err, sql.ErrNoRows) && c.New, err == nil && !c.New && now.ID == c.Was:
		return nil, nil
	case errors.Is(err, sql.ErrNoRows):
		return fault.New(fault.Conflict, "%s is not mapped any more.", org.Name).WithHint("look at it once more, and map it if that is still meant"), nil
	case err != nil:
		return nil, err
	}
	return fault.New(fault.Conflict, "%s has been mapped to %s meanwhile.", org.Name, orElse(now.Name, "another entity")).
		WithHint("if it is wrong, remove that mapping first: `gantry mappings remove %s --org %s`", c.To.Integration, org.Slug), nil
}

// shared finds, when all changes are in the tables, those whose entity another organisation has as well. Where
// that is meant it is noted with them.
func (s *mappingSave) shared(meant bool) ([]MappingProblem, error) {
	var problems []MappingProblem
	for i, c := range s.changes {
		if c.Remove {
			continue
		}
		others, err := entityHolders(s.tx, c.OrganisationID, c.To)
		switch {
		case err != nil:
			return nil, err
		case len(others) == 0:
		case meant:
			if _, err := s.tx.Exec("UPDATE mappings SET shared = TRUE WHERE organisation_id = ? AND integration = ?", c.OrganisationID, c.To.Integration); err != nil {
				return nil, err
			}
		default:
			problems = append(problems, MappingProblem{i, takenEntity(s.tree.byID[c.OrganisationID], c.To, others).
				WithHint("an entity belongs to one organisation; --shared allows several")})
		}
	}
	return problems, nil
}

// entityHolders names the other live organisations that have the entity of a mapping.
func entityHolders(tx *store.Tx, orgID string, m MappingTo) (others []string, err error) {
	err = tx.Select(&others, `SELECT o.name || ' (' || o.slug || ')' FROM mappings m JOIN organisations o ON o.id = m.organisation_id
		WHERE m.integration = ? AND m.external_id = ? AND o.id <> ? AND o.deleted_at IS NULL
		AND coalesce(nullif(m.instance_id, ''), (`+rootDefault+`), '') = coalesce(nullif(?, ''), (`+rootDefault+`), '') ORDER BY o.slug`,
		m.Integration, m.ExternalID, orgID, m.Integration, m.InstanceID, m.Integration)
	return others, err
}

func takenEntity(org Organisation, m MappingTo, others []string) *fault.Error {
	return fault.New(fault.Conflict, "%s cannot be %s: %s is already.", org.Name, shownMapping(m), someOf(others))
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
	err := s.read(ctx, &all, `SELECT organisation_id, integration, instance_id, external_id, external_name, rung, score, mapped_by, updated_at, shared
		FROM mappings WHERE (integration = ? OR ? = '') AND organisation_id IN (SELECT id FROM organisations WHERE deleted_at IS NULL)
		ORDER BY organisation_id, integration`, integration, integration)
	return all, err
}
