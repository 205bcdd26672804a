package poll_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gantry/actions"
	"gantry/engine/workflow"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/sandbox/halo"
	"gantry/schema"
	"gantry/store"
	"gantry/triggers"
	"gantry/triggers/poll"
)

func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "12"); err != nil { // each has a data directory and a Halo of its own; the flag can say more
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

var ctx = context.Background()

// bench is a data directory with an MSP and a client that is mapped, a simulated Halo without tickets, and the
// triggers on it. Nothing decides events: they are counted as they lie on disk.
type bench struct {
	t        testing.TB
	dir      string
	store    *store.Store
	orgs     *orgs.Service
	actions  *actions.Runtime
	triggers *triggers.Service
	poller   *poll.Poller
	halo     *halo.Server
	project  project
	now      *clock // ours
	remote   *clock // Halo's
	instance orgs.Instance

	msp, client, unmapped orgs.Organisation
	clientID              int64 // of the client in Halo
	token                 string
	close                 func()
	accept                func(poll.Triggers) poll.Triggers // nil: as it is
}

// clock is a time that the test sets and others read.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// project is workflows that do not change.
type project struct{ lib *workflow.Library }

func (p project) Checked() []*workflow.Workflow { return p.lib.All() }
func (p project) OnChange(func())               {}

// watching is a workflow w whose trigger t is a poll with these keys.
func watching(keys string) string {
	return "inputs: {entity: any}\ntriggers:\n  - name: t\n    type: poll\n    inputs: {entity: \"${{ entity }}\"}\n    run_for: {this: true, all_managed: true}\n" +
		"    integrations: {halo: default}\n" + keys + "tasks: {a: {action: core.noop}}\n"
}

func setup(t testing.TB, keys string) *bench {
	t.Helper()
	begin := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	b := &bench{t: t, dir: t.TempDir(), now: &clock{at: begin}, remote: &clock{at: begin}}
	b.workflow(keys)
	b.halo = halo.New(halo.Options{RateLimit: -1, Now: b.remote.read})
	_, err := b.halo.Start("127.0.0.1:0")
	faulttest.Must(t, err)
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		faulttest.Must(t, b.halo.Close())
	})
	b.open()
	t.Cleanup(func() { b.close() })
	b.msp, err = b.orgs.Create(ctx, orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"})
	faulttest.Must(t, err)
	b.client, err = b.orgs.Create(ctx, orgs.NewOrganisation{Slug: "northwind", Name: "Northwind", Parent: "acme-msp"})
	faulttest.Must(t, err)
	b.unmapped, err = b.orgs.Create(ctx, orgs.NewOrganisation{Slug: "contoso", Name: "Contoso", Parent: "acme-msp"})
	faulttest.Must(t, err)
	c := b.halo.Credentials()
	b.instance, err = b.orgs.AddInstance(ctx, b.msp.ID, "halo", "main", map[string]any{"resource_server": c.BaseURL, "client_id": c.ClientID, "tenant": c.Tenant, "on_premise": false},
		map[string]string{"client_secret": c.ClientSecret}, true)
	faulttest.Must(t, err)
	b.clientID = b.halo.Clients()[1].ID
	faulttest.Must(t, b.orgs.SetMapping(ctx, b.client.ID, "halo", b.instance.ID, fmt.Sprint(b.clientID), "Northwind"))
	return b
}

func (b *bench) workflow(keys string) {
	b.t.Helper()
	lib, ds := workflow.LoadAll([]workflow.File{{ID: "w", Name: "w.yaml", Text: []byte(watching(keys))}}, workflow.World{Catalogue: actions.Builtin()})
	if ds.HasErrors() {
		b.t.Fatal(ds.Err())
	}
	b.project = project{lib}
}

// open opens the data directory as a new process would.
func (b *bench) open() {
	b.t.Helper()
	var err error
	b.store, err = store.Open(ctx, b.dir, store.Options{}, orgs.Migrations(), triggers.Migrations(), poll.Migrations())
	faulttest.Must(b.t, err)
	ring, err := orgs.OpenKeyring(b.dir, func(string) string { return "" })
	faulttest.Must(b.t, err)
	now := b.now.read
	b.orgs = orgs.New(b.store, ring, now)
	b.actions = actions.NewRuntime(actions.Options{Network: actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	b.triggers = triggers.New(triggers.Options{Store: b.store, Organisations: b.orgs, Workflows: b.project, Now: now})
	var to poll.Triggers = b.triggers
	if b.accept != nil {
		to = b.accept(to)
	}
	b.poller = poll.New(poll.Options{Store: b.store, Triggers: to, Organisations: b.orgs, Actions: b.actions, Now: now})
	b.close = sync.OnceFunc(func() {
		b.triggers.Close()
		b.actions.Close()
		faulttest.Must(b.t, b.store.Close())
	})
}

// again closes everything and opens it as the next process does.
func (b *bench) again() {
	b.t.Helper()
	b.close()
	b.open()
}

// poll polls once for an organisation.
func (b *bench) poll(org orgs.Organisation) poll.Result {
	b.t.Helper()
	active, ok := b.triggers.Book().Find(key)
	if !ok {
		b.t.Fatal("the trigger is not active")
	}
	return b.poller.Once(ctx, active, org)
}

var key = triggers.Key{Workflow: "w", Trigger: "t"}

// polls polls once and fails the test when the poll fails.
func (b *bench) polls(org orgs.Organisation) int {
	b.t.Helper()
	r := b.poll(org)
	if r.Err != nil {
		b.t.Fatalf("%v\nhint: %s\n%v", r.Err, r.Err.Hint, r.Err.Detail)
	}
	return r.Found
}

// call calls an action of Halo as the MSP.
func (b *bench) call(action string, inputs map[string]any) any {
	b.t.Helper()
	a, _ := actions.Builtin().Action(action)
	out := b.actions.Execute(ctx, actions.Call{Action: a, Inputs: inputs, Organisation: b.msp, Instance: &b.instance,
		InstanceSecrets: func() (map[string]string, error) { return b.orgs.InstanceSecrets(ctx, b.msp.ID, b.instance.ID) }})
	if out.Err != nil {
		b.t.Fatal(out.Err, out.Err.Detail)
	}
	return out.Result
}

// ticket creates a ticket of the client that occurred at a time, and gives its number.
func (b *bench) ticket(occurred time.Time) int64 { return b.tickets(b.clientID, occurred)[0] }

func (b *bench) ticketOf(client int64, occurred time.Time) int64 {
	return b.tickets(client, occurred)[0]
}

// tickets creates tickets in one request, which go past our own rate limit.
func (b *bench) tickets(client int64, occurred ...time.Time) []int64 {
	b.t.Helper()
	var list []any
	for _, at := range occurred {
		list = append(list, map[string]any{"summary": "x", "details": "x", "client_id": client, "tickettype_id": 1, "dateoccurred": at.Format(time.RFC3339Nano), "_novalidate": true})
	}
	var made []struct{ ID int64 }
	b.post("/api/Tickets?returnall=true", list, &made)
	var ids []int64
	for _, m := range made {
		ids = append(ids, m.ID)
	}
	return ids
}

// post sends a request as somebody else than Gantry.
func (b *bench) post(path string, body, answer any) {
	b.t.Helper()
	c := b.halo.Credentials()
	if b.token == "" {
		got, err := http.PostForm(c.BaseURL+"/auth/token?tenant="+c.Tenant, url.Values{"grant_type": {"client_credentials"}, "client_id": {c.ClientID},
			"client_secret": {c.ClientSecret}, "scope": {"all"}})
		faulttest.Must(b.t, err)
		defer got.Body.Close()
		var token struct {
			Token string `json:"access_token"`
		}
		faulttest.Must(b.t, json.NewDecoder(got.Body).Decode(&token))
		b.token = token.Token
	}
	text, err := json.Marshal(body)
	faulttest.Must(b.t, err)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.BaseURL+path, bytes.NewReader(text))
	faulttest.Must(b.t, err)
	req.Header.Set("Authorization", "Bearer "+b.token)
	req.Header.Set("Content-Type", "application/json")
	got, err := http.DefaultClient.Do(req)
	faulttest.Must(b.t, err)
	defer got.Body.Close()
	if got.StatusCode != http.StatusCreated {
		b.t.Fatalf("%s answers %d", path, got.StatusCode)
	}
	faulttest.Must(b.t, json.NewDecoder(got.Body).Decode(answer))
}

// events counts the events of an organisation by the number of the ticket.
func (b *bench) events(org orgs.Organisation) map[int64]int {
	b.t.Helper()
	counts := map[int64]int{}
	for _, ticket := range b.entities(org) {
		counts[ticket["id"].(int64)]++
	}
	return counts
}

// versions gives the last change of each ticket that an event told, and how often each version came.
func (b *bench) versions() (latest map[int64]string, times map[string]int) {
	b.t.Helper()
	latest, times = map[int64]string{}, map[string]int{}
	for _, ticket := range b.entities(b.client) {
		id, at := ticket["id"].(int64), ticket["last_update"].(string)
		latest[id] = max(latest[id], at)
		times[fmt.Sprintf("%d as of %s", id, at)]++
	}
	return latest, times
}

func (b *bench) entities(org orgs.Organisation) (all []map[string]any) {
	b.t.Helper()
	var rows []string
	faulttest.Must(b.t, b.store.Read().SelectContext(ctx, &rows, "SELECT data FROM trigger_events WHERE organisation_id = ? AND type = 'poll'", org.ID))
	for _, row := range rows {
		v, err := schema.DecodeBytes([]byte(row))
		faulttest.Must(b.t, err)
		all = append(all, v.(map[string]any)["entity"].(map[string]any))
	}
	return all
}
