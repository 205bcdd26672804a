package orgs_test

import (
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"gantry/orgs"
	"gantry/store"
)

// The first version's tables with data in them become this version's, and nothing of it is lost.
func TestDataOfTheFirstVersion(t *testing.T) {
	dir := t.TempDir()
	first, err := fs.ReadFile(orgs.Migrations().FS, "00001_start.sql")
	must(t, err)
	old, err := store.Open(ctx, dir, store.Options{}, store.MigrationSet{Name: "orgs", FS: fstest.MapFS{"00001_start.sql": {Data: first}}})
	must(t, err)
	must(t, old.Write(ctx, func(tx *store.Tx) error {
		for _, statement := range []string{
			`INSERT INTO organisations VALUES ('m', NULL, 0, 'msp', 'MSP', '["a"]', 1, NULL), ('c', 'm', 1, 'client', 'Client', '[]', 2, NULL),
				('r', 'm', 1, 'removed', 'Removed', '[]', 3, 4), ('b', 'r', 2, 'below', 'Below', '[]', 3, 4)`,
			`INSERT INTO variables VALUES ('m', 'v', 'string', '"text"', FALSE, 5)`,
			`INSERT INTO instances VALUES ('i', 'm', 'halo', 'main', '{"tenant":"x"}', TRUE, 6)`,
			`INSERT INTO mappings VALUES ('c', 'halo', 'i', '12', 'Client Ltd', 7), ('m', 'halo', 'i', '12', 'Client Ltd', 7), ('r', 'halo', 'i', '12', 'Client Ltd', 7)`,
		} {
			if _, err := tx.Exec(statement); err != nil {
				return err
			}
		}
		return nil
	}))
	must(t, old.Close())

	_, err = store.Open(ctx, dir, store.Options{ReadOnly: true}, orgs.Migrations())
	if err == nil {
		t.Error("tables of before are read as if they were of now")
	}
	now, err := store.Open(ctx, dir, store.Options{}, orgs.Migrations())
	must(t, err)
	defer func() { must(t, now.Close()) }()
	s := orgs.New(now, ring(t, 1), func() time.Time { return start })
	all, err := s.List(ctx)
	must(t, err)
	if len(all) != 2 || !all[0].Enabled || !all[1].Enabled || all[0].Tags[0] != "a" {
		t.Errorf("%+v", all)
	}
	mappings, err := s.Mappings(ctx, "c")
	must(t, err)
	if len(mappings) != 1 || mappings[0].ExternalID != "12" || mappings[0].InstanceID != "i" || mappings[0].Rung != "" || mappings[0].By != "" || !mappings[0].Shared {
		t.Errorf("%+v", mappings)
	}
	facts, err := s.Facts(ctx, "c")
	must(t, err)
	if facts.Vars["v"] != "text" || facts.Integrations["halo"].ID != "12" {
		t.Errorf("%+v", facts)
	}
	_, err = s.SaveOptions(ctx, "m", "i", []orgs.Entity{{ID: "12", Name: "Client Ltd"}})
	must(t, err)
	restored, err := s.Restore(ctx, "r") // what was below it was removed by itself then
	must(t, err)
	if len(restored.Organisations) != 1 {
		t.Errorf("%+v", restored)
	}
	if restored, err = s.Restore(ctx, "b"); err != nil || len(restored.Organisations) != 1 {
		t.Errorf("%+v (%v)", restored, err)
	}
}
