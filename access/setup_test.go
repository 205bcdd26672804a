package access_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gantry/access"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	ctx       = context.Background()
	must      = faulttest.Must
	wantFault = faulttest.Want
	local     = access.Local("root")
	home      = access.Origin{Address: "192.0.2.7", Browser: "Firefox"}
)

const goodPassword = "orchid tram basalt nine"

// clock is the time of a test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bundle is an MSP with two clients, one of them with a branch, over a real database.
type bundle struct {
	*access.Service
	tree                         *orgs.Service
	store                        *store.Store
	clock                        *clock
	dir                          string
	msp, contoso, labs, northern orgs.Organisation
}

func setup(t testing.TB) *bundle {
	t.Helper()
	b := &bundle{dir: t.TempDir(), clock: &clock{now: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)}}
	b.open(t)
	b.msp = b.create(t, "acme-msp", "")
	b.contoso = b.create(t, "contoso", "acme-msp")
	b.labs = b.create(t, "contoso-labs", "contoso")
	b.northern = b.create(t, "northwind", "acme-msp")
	return b
}

// open opens the database, again after a restart. Hashes are cheap: what they cost is not tested.
func (b *bundle) open(t testing.TB) {
	t.Helper()
	s, err := store.Open(ctx, b.dir, store.Options{}, orgs.Migrations(), access.Migrations())
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	ring, err := orgs.NewKeyring(bytes.Repeat([]byte{1}, 32))
	must(t, err)
	b.store, b.tree = s, orgs.New(s, ring, b.clock.Now)
	b.Service = access.New(s, b.tree, b.clock.Now, access.WithCost(access.Cost{Memory: 64, Passes: 1}))
}

func (b *bundle) create(t testing.TB, slug, parent string) orgs.Organisation {
	t.Helper()
	org, err := b.tree.Create(ctx, orgs.NewOrganisation{Slug: slug, Name: slug, Parent: parent})
	must(t, err)
	return org
}

// user adds a user with a password and a role over an organisation.
func (b *bundle) user(t testing.TB, login string, role access.Role, org orgs.Organisation) access.User {
	t.Helper()
	u, err := b.AddUser(ctx, local, access.NewUser{Login: login, Password: goodPassword, Grants: []access.Grant{{OrganisationID: org.ID, Role: role}}})
	must(t, err)
	return u
}

// signIn signs a user in and gives them as a caller.
func (b *bundle) signIn(t testing.TB, login string) (*access.Caller, access.SignedIn) {
	t.Helper()
	in, err := b.SignIn(ctx, home, login, goodPassword)
	must(t, err)
	c, err := b.BySession(ctx, in.Secret, home)
	must(t, err)
	return c, in
}

func (b *bundle) may(t testing.TB, c *access.Caller, role access.Role, scope access.Scope, org orgs.Organisation) bool {
	t.Helper()
	path, err := b.tree.Chain(ctx, org.ID)
	must(t, err)
	return c.May(role, scope, path)
}

// log gives the audit log in short, the newest first.
func (b *bundle) log(t testing.TB) (lines []string) {
	t.Helper()
	entries, _, err := b.Audit(ctx, local, access.AuditFilter{})
	must(t, err)
	for _, e := range entries {
		lines = append(lines, fmt.Sprintf("%s %s %s %s %s", e.Kind, e.Login, e.Operation, e.Target, e.Outcome))
	}
	return lines
}
