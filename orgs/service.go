// Package orgs keeps the organisations that Gantry works for, as a tree with the MSP at its root, and what
// belongs to each: variables, secrets, instances of integrations, and mappings. It is the wall between
// tenants: every read names an organisation, and reaches that organisation, the values it inherits from
// its ancestors, and, where an override says so, an instance that an ancestor lends.
package orgs

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"github.com/google/uuid"

	"gantry/fault"
	"gantry/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are this room's tables, to be given to store.Open.
func Migrations() store.MigrationSet {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name is a constant of this file
	}
	return store.MigrationSet{Name: "orgs", FS: files}
}

// Service answers questions about organisations and changes them. It is safe for concurrent use. One store
// has one Service: it remembers what it read until it changes something itself.
type Service struct {
	store  *store.Store
	ring   *Keyring
	clock  func() time.Time
	newID  func() string
	memory memory

	listeners listeners
}

// Option changes how a Service works.
type Option func(*Service)

// WithIDs makes ids with next instead of as random UUIDs of version 7.
func WithIDs(next func() string) Option { return func(s *Service) { s.newID = next } }

// New makes the service over a store opened with Migrations. clock gives the times that are kept.
func New(s *store.Store, ring *Keyring, clock func() time.Time, options ...Option) *Service {
	service := &Service{store: s, ring: ring, clock: clock, newID: newUUID}
	for _, option := range options {
		option(service)
	}
	return service
}

func newUUID() string { return uuid.Must(uuid.NewV7()).String() }

// now is the time in the unit of the tables.
func (s *Service) now() int64 { return s.clock().UnixMicro() }

func timeOf(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// read runs a query for rows on a reader.
func (s *Service) read(ctx context.Context, dest any, query string, args ...any) error {
	return store.Fault(s.store.Read().SelectContext(ctx, dest, query, args...))
}

// writeLive runs a change of what belongs to the organisation, after looking once more, in the
// transaction, that it has not been removed meanwhile.
func (s *Service) writeLive(ctx context.Context, org Organisation, change func(*store.Tx) error) error {
	return s.write(ctx, func(tx *store.Tx) error {
		if err := checkLive(tx, org); err != nil {
			return err
		}
		return change(tx)
	})
}

func checkLive(tx *store.Tx, org Organisation) error {
	var live int
	err := tx.Get(&live, "SELECT count(*) FROM organisations WHERE id = ? AND deleted_at IS NULL", org.ID)
	if err == nil && live == 0 {
		return removedFault(org)
	}
	return err
}

func invalid(format string, args ...any) *fault.Error {
	return fault.New(fault.InvalidInput, format, args...)
}
