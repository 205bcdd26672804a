package connect_test

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gantry/actions"
	"gantry/connect"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/sandbox/halo"
	"gantry/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

// bundle is an MSP with a simulated Halo, ready for a test. The clients that Halo has from the start are gone.
type bundle struct {
	*connect.Service
	orgs  *orgs.Service
	halo  *halo.Server
	msp   orgs.Organisation
	clock time.Time
	dir   string
}

func setup(t testing.TB, clients ...string) *bundle {
	t.Helper()
	b := &bundle{clock: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), dir: t.TempDir()}
	s, err := store.Open(ctx, b.dir, store.Options{}, orgs.Migrations())
	must(t, err)
	ring, err := orgs.NewKeyring(bytes.Repeat([]byte{1}, 32))
	must(t, err)
	b.orgs = orgs.New(s, ring, func() time.Time { return b.clock })
	b.msp, err = b.orgs.Create(ctx, orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"})
	must(t, err)
	runtime := actions.NewRuntime(actions.Options{Network: actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	b.halo = halo.New(halo.Options{RateLimit: -1})
	_, err = b.halo.Start("127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() {
		runtime.Close()
		must(t, b.halo.Close())
		must(t, s.Close())
	})
	b.Service = connect.New(b.orgs, actions.Builtin(), runtime)
	b.instance(t, "main")
	for _, c := range b.halo.Clients() {
		b.deleteClient(t, c.ID)
	}
	for _, name := range clients {
		b.client(t, name)
	}
	return b
}

// instance adds an instance of the MSP that reaches the simulated Halo.
func (b *bundle) instance(t testing.TB, name string) orgs.Instance {
	t.Helper()
	c := b.halo.Credentials()
	in, err := b.orgs.AddInstance(ctx, b.msp.ID, "halo", name, map[string]any{"resource_server": c.BaseURL, "client_id": c.ClientID, "tenant": c.Tenant, "on_premise": false},
		map[string]string{"client_secret": c.ClientSecret}, false)
	must(t, err)
	return in
}

func (b *bundle) target(t testing.TB, instance string) connect.Target {
	t.Helper()
	target, err := b.Target(ctx, "halo", b.msp, instance)
	must(t, err)
	return target
}

func (b *bundle) call(t testing.TB, action string, inputs map[string]any) any {
	t.Helper()
	out, err := b.Call(ctx, action, inputs, b.msp, b.target(t, "main").Instance)
	must(t, err)
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	return out.Result
}

// client adds a client to the simulated Halo and gives its id.
func (b *bundle) client(t testing.TB, name string) string {
	t.Helper()
	return b.clients(t, name)[0]
}

func (b *bundle) clients(t testing.TB, names ...string) []string {
	t.Helper()
	var list []any
	for _, name := range names {
		list = append(list, map[string]any{"name": name, "toplevel_id": 1})
	}
	b.call(t, "halo.api_request", map[string]any{"method": "POST", "path": "Client", "body": list})
	byName := map[string]string{}
	for _, c := range b.halo.Clients() {
		byName[c.Name] = fmt.Sprint(c.ID)
	}
	ids := make([]string, len(names))
	for i, name := range names {
		ids[i] = byName[name]
	}
	return ids
}

func (b *bundle) renameClient(t testing.TB, id, name string) {
	t.Helper()
	b.call(t, "halo.api_request", map[string]any{"method": "POST", "path": "Client", "body": []any{map[string]any{"id": id, "name": name}}})
}

func (b *bundle) deleteClient(t testing.TB, id any) {
	t.Helper()
	b.call(t, "halo.api_request", map[string]any{"method": "DELETE", "path": fmt.Sprintf("Client/%v", id)})
}

func (b *bundle) org(t testing.TB, name string, tags ...string) orgs.Organisation {
	t.Helper()
	org, err := b.orgs.Create(ctx, orgs.NewOrganisation{Slug: orgs.SlugOf(name), Name: name, Tags: tags})
	must(t, err)
	return org
}

func (b *bundle) refresh(t testing.TB) connect.Target {
	t.Helper()
	target := b.target(t, "main")
	_, err := b.RefreshOptions(ctx, target)
	must(t, err)
	return target
}

var (
	must      = faulttest.Must
	wantFault = faulttest.Want
)
