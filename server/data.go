package server

import (
	"context"
	"errors"
	"time"

	"gantry/access"
	"gantry/authoring"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/project"
	"gantry/store"
	"gantry/triggers"
	"gantry/triggers/poll"
	"gantry/triggers/timers"
	"gantry/triggers/webhook"
)

// Tables are the tables of all rooms, for store.Open.
func Tables() []store.MigrationSet {
	return []store.MigrationSet{orgs.Migrations(), history.Migrations(), project.Migrations(), authoring.Migrations(), access.Migrations(), triggers.Migrations(),
		timers.Migrations(), webhook.Migrations(), poll.Migrations(), Migrations()}
}

// Data is an open data directory.
type Data struct {
	Dir     string
	Sandbox bool // it is the sandbox's
	Store   *store.Store
	Orgs    *orgs.Service
	History *history.History
	Keys    *orgs.Keyring
	Lacking []string // ids of master keys that secrets need and that are not there
}

// DataOptions say how a data directory is opened.
type DataOptions struct {
	Store  store.Options
	Getenv func(string) string
	Now    func() time.Time
	// WithoutKeys, where given, is told of master keys that cannot be had, and the data is opened without: what is only
	// looked at needs no secrets.
	WithoutKeys func(error)
}

// OpenData opens a data directory with the tables of all rooms. Close its Store when it is no longer needed.
func OpenData(ctx context.Context, dir string, o DataOptions) (*Data, error) {
	s, err := store.Open(ctx, dir, o.Store, Tables()...)
	if err != nil {
		return nil, err
	}
	ring, lacking, err := keyring(ctx, dir, s, o.Getenv)
	if err != nil && o.WithoutKeys != nil {
		o.WithoutKeys(err)
		ring, err = orgs.NoKeys(), nil
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &Data{Dir: dir, Store: s, Orgs: orgs.New(s, ring, o.Now), History: history.New(s, ring), Keys: ring, Lacking: lacking}, nil
}

// keyring opens the master keys, and gives the ids of those that secrets need and that are not there.
func keyring(ctx context.Context, dir string, s *store.Store, getenv func(string) string) (*orgs.Keyring, []string, error) {
	used, err := orgs.KeysInUse(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	ring, err := orgs.OpenKeyring(dir, getenv, used...)
	if err != nil {
		return nil, nil, err
	}
	return ring, ring.Lacks(used), nil
}

// Prepare gives a data directory what it needs before anything can be done in it: the root organisation, and in
// the sandbox the simulated ones. It gives the root organisation if it has made one that is not the sandbox's.
func (d *Data) Prepare(ctx context.Context, settings func() (project.Settings, error)) (made *orgs.Organisation, err error) {
	if d.Sandbox {
		return nil, seedSandbox(ctx, d.Orgs)
	}
	_, err = d.Orgs.Root(ctx)
	if err == nil || fault.From(err).Code != fault.Missing {
		return nil, err
	}
	said, err := settings()
	if err != nil {
		return nil, err
	}
	root, err := d.Orgs.Create(ctx, orgs.NewOrganisation{Slug: said.MSP.Slug, Name: said.MSP.Name})
	if err != nil {
		return nil, err
	}
	return &root, nil
}
