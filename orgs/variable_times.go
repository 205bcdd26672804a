package orgs

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"gantry/fault"
)

// VariableKey is one organisation's own variable.
type VariableKey struct {
	OrganisationID string `db:"organisation_id"`
	Name           string `db:"name"`
}

// VariableTimes tells when the variables of an organisation, and of those above it, were last set.
func (s *Service) VariableTimes(ctx context.Context, orgID string) (map[VariableKey]time.Time, error) {
	t, org, err := s.live(ctx, orgID)
	if err != nil {
		return nil, err
	}
	query, args, err := sqlx.In("SELECT organisation_id, name, updated_at FROM variables WHERE organisation_id IN (?)", t.chain(org.ID))
	if err != nil {
		return nil, fault.From(err)
	}
	var rows []struct {
		VariableKey
		Updated int64 `db:"updated_at"`
	}
	if err := s.read(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	times := make(map[VariableKey]time.Time, len(rows))
	for _, row := range rows {
		times[row.VariableKey] = time.UnixMicro(row.Updated).UTC()
	}
	return times, nil
}
