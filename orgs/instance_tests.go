package orgs

import (
	"context"
	"time"

	"gantry/store"
)

// InstanceTest is how the last test of an instance's connection went.
type InstanceTest struct {
	InstanceID string `db:"instance_id"`
	Tested     int64  `db:"tested_at"` // microseconds since 1970 UTC
	OK         bool   `db:"ok"`
	Message    string `db:"message"` // for people; it holds no secret
}

// At is when it was tested.
func (t InstanceTest) At() time.Time { return time.UnixMicro(t.Tested).UTC() }

// RecordTest keeps how a test of an instance went, in place of the test before. One that was removed meanwhile is let be.
func (s *Service) RecordTest(ctx context.Context, instanceID string, ok bool, message string) error {
	return s.write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`INSERT INTO instance_tests (instance_id, tested_at, ok, message) SELECT id, ?, ?, ? FROM instances WHERE id = ?
			ON CONFLICT (instance_id) DO UPDATE SET tested_at = excluded.tested_at, ok = excluded.ok, message = excluded.message`,
			s.now(), ok, message, instanceID)
		return err
	})
}

// LastTests gives how the last tests of all instances went, by the instances' ids.
func (s *Service) LastTests(ctx context.Context) (map[string]InstanceTest, error) {
	var all []InstanceTest
	if err := s.read(ctx, &all, "SELECT instance_id, tested_at, ok, message FROM instance_tests"); err != nil {
		return nil, err
	}
	tests := make(map[string]InstanceTest, len(all))
	for _, t := range all {
		tests[t.InstanceID] = t
	}
	return tests, nil
}

// AllInstances gives the instances that all live organisations have, of one integration or, with "", of all.
func (s *Service) AllInstances(ctx context.Context, integration string) ([]Instance, error) {
	return s.instances(ctx, `SELECT id, organisation_id, integration, name, config, is_default FROM instances
		WHERE (integration = ? OR ? = '') AND organisation_id IN (SELECT id FROM organisations WHERE deleted_at IS NULL)
		ORDER BY integration, created_at, id`, integration, integration)
}
