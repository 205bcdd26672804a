package orgs_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	ctx   = context.Background()
	start = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
)

// bundle is an MSP with clients, ready for a test.
type bundle struct {
	*orgs.Service
	store                                *store.Store
	dir                                  string
	msp, northwind, contoso, contosoLabs orgs.Organisation
}

func setup(t testing.TB) *bundle {
	t.Helper()
	b := &bundle{dir: t.TempDir()}
	s, err := store.Open(ctx, b.dir, store.Options{}, orgs.Migrations())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	b.store = s
	b.Service = orgs.New(s, ring(t, 1), func() time.Time { return start }, orgs.WithIDs(counter()))
	b.msp = b.create(t, "acme-msp", "Acme MSP", "")
	b.northwind = b.create(t, "northwind-dental", "Northwind Dental", "")
	b.contoso = b.create(t, "contoso", "Contoso", "acme-msp")
	b.contosoLabs = b.create(t, "contoso-labs", "Contoso Labs", "contoso")
	return b
}

func ring(t testing.TB, keys ...byte) *orgs.Keyring {
	t.Helper()
	var raw [][]byte
	for _, key := range keys {
		raw = append(raw, bytes.Repeat([]byte{key}, 32))
	}
	r, err := orgs.NewKeyring(raw...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func counter() func() string {
	n := 0
	return func() string { n++; return fmt.Sprintf("id-%04d", n) }
}

func (b *bundle) create(t testing.TB, slug, name, parent string) orgs.Organisation {
	t.Helper()
	org, err := b.Create(ctx, orgs.NewOrganisation{Slug: slug, Name: name, Parent: parent})
	must(t, err)
	return org
}

func (b *bundle) set(t testing.TB, org orgs.Organisation, name, kind string, value any) {
	t.Helper()
	must(t, b.SetVariable(ctx, org.ID, orgs.Variable{Name: name, Type: kind, Value: value}))
}

func (b *bundle) halo(t testing.TB, org orgs.Organisation, name string) orgs.Instance {
	t.Helper()
	in, err := b.AddInstance(ctx, org.ID, "halo", name, map[string]any{"host": "https://" + org.Slug + ".example"},
		map[string]string{"client_secret": "clear-" + name}, false)
	must(t, err)
	return in
}

var (
	must      = faulttest.Must
	wantFault = faulttest.Want
)

// restored restores an organisation that was removed alone.
func restored(t testing.TB, b *bundle, org orgs.Organisation) {
	t.Helper()
	all, err := b.Restore(ctx, org.ID)
	must(t, err)
	if len(all.Organisations) != 1 || all.Organisations[0].ID != org.ID || all.Organisations[0].DeletedAt != nil || len(all.LeftOut) > 0 {
		t.Errorf("restored %+v, want only %s", all, org.Slug)
	}
}
