package orgs

import (
	"context"
	"time"

	"gantry/fault"
	"gantry/store"
)

// Entity is something in an outside system that an organisation can be mapped to, such as a client in Halo.
type Entity struct {
	ID   string `json:"id" db:"external_id"`
	Name string `json:"name" db:"external_name"`
}

// SaveOptions keeps the entities that were just read through an instance of the organisation, in place of
// those read before. Ids must be unique.
func (s *Service) SaveOptions(ctx context.Context, orgID, instanceID string, entities []Entity) (readAt time.Time, err error) {
	_, org, err := s.live(ctx, orgID)
	if err != nil {
		return time.Time{}, err
	}
	at := s.now()
	err = s.writeLive(ctx, org, func(tx *store.Tx) error {
		if err := checkOwns(tx, org, instanceID); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO option_reads (instance_id, read_at) VALUES (?, ?)
			ON CONFLICT (instance_id) DO UPDATE SET read_at = excluded.read_at`, instanceID, at); err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM options WHERE instance_id = ?", instanceID); err != nil {
			return err
		}
		for i, e := range entities {
			if _, err := tx.Exec("INSERT INTO options (instance_id, external_id, external_name, position) VALUES (?, ?, ?, ?)",
				instanceID, e.ID, e.Name, i); err != nil {
				return err
			}
		}
		return nil
	})
	return timeOf(at), err
}

func checkOwns(tx *store.Tx, org Organisation, instanceID string) error {
	var found int
	err := tx.Get(&found, "SELECT count(*) FROM instances WHERE id = ? AND organisation_id = ?", instanceID, org.ID)
	if err == nil && found == 0 {
		return fault.New(fault.Missing, "%s has no such instance: it may have been removed meanwhile.", org.Name).
			WithHint("`gantry integrations list --org %s` shows those it has", org.Slug)
	}
	return err
}

// Options gives the entities as they were last read through an instance of the organisation, in the order
// in which they came, and when that was; known is false where they never were.
func (s *Service) Options(ctx context.Context, orgID, instanceID string) (entities []Entity, readAt time.Time, known bool, err error) {
	if _, _, err := s.live(ctx, orgID); err != nil {
		return nil, time.Time{}, false, err
	}
	var read []int64
	err = s.read(ctx, &read, `SELECT r.read_at FROM option_reads r JOIN instances i ON i.id = r.instance_id
		WHERE r.instance_id = ? AND i.organisation_id = ?`, instanceID, orgID)
	if err != nil || len(read) == 0 {
		return nil, time.Time{}, false, err
	}
	entities = []Entity{}
	err = s.read(ctx, &entities, "SELECT external_id, external_name FROM options WHERE instance_id = ? ORDER BY position", instanceID)
	return entities, timeOf(read[0]), true, err
}
