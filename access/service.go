// Package access knows who may do what: people, programs, their roles over organisations, and keeps the record
// of what they did.
package access

import (
	"context"
	"embed"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"gantry/orgs"
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
	return store.MigrationSet{Name: "access", FS: files}
}

// Service knows users, grants, sessions, tokens and the audit log. It is safe for concurrent use.
type Service struct {
	store     *store.Store
	orgs      *orgs.Service
	clock     func() time.Time
	limits    Limits
	hasher    func() (*hasher, error) // made at the first password: most commands need none
	strangers *strangers
	ready     atomic.Bool // there is an administrator, and there will always be one
}

// New makes the service over a store opened with Migrations. clock gives the times that are kept and compared.
func New(s *store.Store, tree *orgs.Service, clock func() time.Time, options ...Option) *Service {
	service := &Service{store: s, orgs: tree, clock: clock, limits: DefaultLimits(), strangers: newStrangers()}
	WithCost(DefaultCost)(service)
	for _, option := range options {
		option(service)
	}
	return service
}

// Option changes how a Service works.
type Option func(*Service)

// WithLimits uses other limits than DefaultLimits.
func WithLimits(limits Limits) Option { return func(s *Service) { s.limits = limits } }

// WithCost makes the hashes of passwords as costly as said. DefaultCost is meant for people's passwords.
func WithCost(cost Cost) Option {
	return func(s *Service) {
		s.hasher = sync.OnceValues(func() (*hasher, error) { return newHasher(cost) })
	}
}

// Limits are how long things hold.
type Limits struct {
	SessionIdle  time.Duration // a session that is not used ends after this
	SessionTotal time.Duration // every session ends after this
	TokenDefault time.Duration // a token expires after this unless it says otherwise
	TokenMost    time.Duration // the latest expiry that a token can have, unless an administrator writes never
	SetUpLink    time.Duration // the link that makes the first administrator holds this long
	AuditKept    time.Duration // entries of the audit log are removed after this
}

const day = 24 * time.Hour

// DefaultLimits are the limits where nothing else is said.
func DefaultLimits() Limits {
	return Limits{SessionIdle: 12 * time.Hour, SessionTotal: 7 * day, TokenDefault: 90 * day, TokenMost: 365 * day,
		SetUpLink: day, AuditKept: 365 * day}
}

func (s *Service) now() time.Time { return s.clock().UTC() }

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func timeOf(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// read runs a query for rows on a reader.
func (s *Service) read(ctx context.Context, dest any, query string, args ...any) error {
	return store.Fault(s.store.Read().SelectContext(ctx, dest, query, args...))
}

// shortened keeps a wrong text from flooding the message about it.
func shortened(text string) string {
	const longest = 60
	if utf8.RuneCountInString(text) <= longest {
		return text
	}
	return string([]rune(text)[:longest]) + "…"
}
