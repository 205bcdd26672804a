package orgs

import (
	"context"

	"gantry/store"
)

// OpenAll tries every secret of organisations and instances, and tells how many open, and of those that do not where
// they are: never what is in them.
func OpenAll(ctx context.Context, s *store.Store, ring *Keyring) (opened int, closed []string, err error) {
	rows, err := s.Read().QueryxContext(ctx, "SELECT organisation_id, kind, owner, name, key_id, sealed FROM secrets ORDER BY organisation_id, kind, owner, name")
	if err != nil {
		return 0, nil, store.Fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		var p place
		var box sealed
		if err := rows.Scan(&p.organisation, &p.kind, &p.owner, &p.name, &box.KeyID, &box.Text); err != nil {
			return opened, closed, store.Fault(err)
		}
		if _, err := ring.open(p, box); err != nil {
			closed = append(closed, p.name+" (key "+box.KeyID+")")
			continue
		}
		opened++
	}
	return opened, closed, store.Fault(rows.Err())
}
