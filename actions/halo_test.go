package actions_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"gantry/actions"
	"gantry/fault"
	"gantry/orgs"
	"gantry/sandbox/halo"
)

// bench is what a test against the simulated Halo needs.
type bench struct {
	t       *testing.T
	halo    *halo.Server
	runtime *actions.Runtime
	config  map[string]any
	secrets map[string]string
	used    map[string]bool
	last    actions.Outcome
}

var loopback = actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}

func setup(t *testing.T, o halo.Options) *bench {
	t.Helper()
	if o.RateLimit == 0 {
		o.RateLimit = -1
	}
	server := halo.New(o)
	base, err := server.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	r := actions.NewRuntime(actions.Options{Network: loopback})
	t.Cleanup(r.Close)
	c := server.Credentials()
	return &bench{t: t, halo: server, runtime: r, used: map[string]bool{},
		config:  map[string]any{"resource_server": base, "client_id": c.ClientID, "tenant": c.Tenant},
		secrets: map[string]string{"client_secret": c.ClientSecret}}
}

func (b *bench) call(id string, inputs map[string]any) actions.Outcome {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), 10*time.Second)
	defer cancel()
	return b.callWithin(ctx, id, inputs)
}

func (b *bench) callWithin(ctx context.Context, id string, inputs map[string]any) actions.Outcome {
	b.t.Helper()
	action, ok := actions.Builtin().Action(id)
	if !ok {
		b.t.Fatalf("no action %s", id)
	}
	b.used[id] = true
	b.last = b.execute(ctx, action, inputs)
	if b.last.Err == nil {
		for _, p := range action.Result.Check(b.last.Result) {
			b.t.Errorf("%s gives what its type does not say: %s", id, p)
		}
	}
	return b.last
}

// execute is safe for concurrent use.
func (b *bench) execute(ctx context.Context, action *actions.Action, inputs map[string]any) actions.Outcome {
	return b.runtime.Execute(ctx, actions.Call{
		Action: action, Inputs: inputs, Organisation: orgs.Organisation{ID: "o1", Name: "Acme MSP"},
		Instance:        &orgs.Instance{ID: "i1", Integration: "halo", Name: "Halo", Config: b.config},
		InstanceSecrets: func() (map[string]string, error) { return b.secrets, nil },
	})
}

func (b *bench) object(id string, inputs map[string]any) map[string]any {
	b.t.Helper()
	out := b.call(id, inputs)
	if out.Err != nil {
		b.t.Fatalf("%s: %v %v", id, out.Err, out.Err.Detail)
	}
	m, ok := out.Result.(map[string]any)
	if !ok {
		b.t.Fatalf("%s gives %T, not an object", id, out.Result)
	}
	return m
}

func (b *bench) list(id string, inputs map[string]any) []map[string]any {
	b.t.Helper()
	out := b.call(id, inputs)
	if out.Err != nil {
		b.t.Fatalf("%s: %v %v", id, out.Err, out.Err.Detail)
	}
	items, ok := out.Result.([]any)
	if !ok {
		b.t.Fatalf("%s gives %T, not a list", id, out.Result)
	}
	list := make([]map[string]any, len(items))
	for i, item := range items {
		if list[i], ok = item.(map[string]any); !ok {
			b.t.Fatalf("%s: item %d is %T", id, i, item)
		}
	}
	return list
}

type values = map[string]any

// Every action of the catalogue, over real HTTP and OAuth2.
func TestHaloActions(t *testing.T) {
	b := setup(t, halo.Options{})
	t.Run("agents", func(t *testing.T) { b.agents(t) })
	t.Run("clients and users", func(t *testing.T) { b.customers(t) })
	t.Run("tickets", func(t *testing.T) { b.tickets(t) })
	t.Run("actions", func(t *testing.T) { b.notes(t) })
	for _, of := range []struct{ list, one, key string }{
		{"statuses", "status", "status_id"}, {"teams", "team", "team_id"}, {"ticket_types", "ticket_type", "ticket_type_id"},
	} {
		t.Run(of.list, func(t *testing.T) { b.kind(t, of.list, of.one, of.key) })
	}
	t.Run("request", func(t *testing.T) { b.request(t) })
	for _, a := range actions.Builtin().Actions() {
		if a.NeedsInstance() && !b.used[a.ID] {
			t.Errorf("%s is not exercised", a.ID)
		}
	}
}

func (b *bench) agents(t *testing.T) {
	b.t = t
	all := b.list("halo.list_agents", nil)
	if len(all) < 3 {
		t.Fatalf("%d agents", len(all))
	}
	me := b.object("halo.get_current_agent", nil)
	same := b.object("halo.get_agent", values{"agent_id": me["id"]})
	if same["name"] != me["name"] || me["name"] == "" {
		t.Errorf("get_agent %v, get_current_agent %v", same["name"], me["name"])
	}
	added := b.list("halo.add_or_update_agents", values{"agents": []any{values{"name": "Sam Field", "email": "sam@acme.example"}}})
	if len(added) != 1 || added[0]["name"] != "Sam Field" {
		t.Fatalf("added %v", added)
	}
	b.gone("halo.delete_agent", "halo.get_agent", "agent_id", added[0]["id"])
}

// gone deletes something and proves that it is no longer there.
func (b *bench) gone(remove, get, key string, id any) {
	b.t.Helper()
	if out := b.call(remove, values{key: id}); out.Err != nil {
		b.t.Fatalf("%s: %v", remove, out.Err)
	}
	if out := b.call(get, values{key: id}); out.Err == nil || out.Err.Code != fault.NotFound {
		b.t.Errorf("after %s, %s gives %v", remove, get, out.Err)
	}
}

func (b *bench) customers(t *testing.T) {
	b.t = t
	clients := b.list("halo.list_clients", values{"includeinactive": true})
	if len(clients) != len(b.halo.Clients()) {
		t.Errorf("%d clients of %d", len(clients), len(b.halo.Clients()))
	}
	if got := b.list("halo.list_clients", values{"limit": int64(2)}); len(got) != 2 {
		t.Errorf("limit 2 gives %d", len(got))
	}
	first := b.object("halo.get_client", values{"client_id": clients[0]["id"]})
	if first["name"] != clients[0]["name"] {
		t.Errorf("get_client %v", first["name"])
	}
	two := b.list("halo.add_or_update_clients", values{"clients": []any{
		values{"name": "Alpha Dental", "toplevel_id": first["toplevel_id"]}, values{"name": "Beta Law", "toplevel_id": first["toplevel_id"]}}})
	if len(two) != 2 || two[0]["name"] != "Alpha Dental" || two[1]["name"] != "Beta Law" {
		t.Fatalf("two clients: %v", two)
	}
	users := b.list("halo.list_users", values{"client_id": clients[0]["id"]})
	if len(users) == 0 {
		t.Fatal("no users")
	}
	if _, ok := users[0]["site_id"].(int64); !ok {
		t.Errorf("site_id is %T: Halo's 18.0 must become a whole number", users[0]["site_id"])
	}
	user := b.object("halo.get_user", values{"user_id": users[0]["id"]})
	added := b.list("halo.add_or_update_users", values{"users": []any{values{"name": "Jo New", "site_id": user["site_id"]}}})
	if len(added) != 1 {
		t.Fatalf("added users %v", added)
	}
	b.gone("halo.delete_user", "halo.get_user", "user_id", added[0]["id"])
	b.gone("halo.delete_client", "halo.get_client", "client_id", two[1]["id"])
}

func (b *bench) tickets(t *testing.T) {
	b.t = t
	all := b.list("halo.list_tickets", nil)
	if len(all) <= 100 {
		t.Fatalf("%d tickets: the list does not go over a page", len(all))
	}
	ids := map[any]bool{}
	for _, one := range all {
		ids[one["id"]] = true
	}
	if len(ids) != len(all) {
		t.Errorf("%d tickets, %d of them different", len(all), len(ids))
	}
	if got := b.list("halo.list_tickets", values{"limit": int64(120), "open_only": true}); len(got) > 120 {
		t.Errorf("limit 120 gives %d", len(got))
	}
	made := b.object("halo.create_ticket", values{"summary": "Printer offline", "details": "It blinks.",
		"tickettype_id": int64(1), "client_id": all[0]["client_id"], "skip_validation": true, "fields": values{"impact": int64(3)}})
	id := made["id"]
	got := b.object("halo.get_ticket", values{"ticket_id": id})
	if got["summary"] != "Printer offline" || got["impact"] != int64(3) {
		t.Errorf("the created ticket: %v", got)
	}
	if _, ok := got["assets"].([]any); !ok {
		t.Errorf("assets is %T, not a list", got["assets"])
	}
	teams := b.list("halo.list_teams", values{"showall": true})
	changed := b.object("halo.update_ticket", values{"ticket_id": id, "team": teams[0]["name"]})
	if changed["team"] != teams[0]["name"] || changed["summary"] != "Printer offline" {
		t.Errorf("the changed ticket: team %v, summary %v", changed["team"], changed["summary"])
	}
	both := b.list("halo.add_or_update_tickets", values{"tickets": []any{values{"id": id, "summary": "A"},
		values{"summary": "B", "tickettype_id": int64(1), "client_id": all[0]["client_id"], "_novalidate": true}}})
	if len(both) != 2 || both[0]["summary"] != "A" || both[1]["summary"] != "B" {
		t.Errorf("both tickets: %v", both)
	}
	closed := b.object("halo.close_ticket", values{"ticket_id": id})
	if closed["status_id"] != int64(9) {
		t.Errorf("the closed ticket: status %v", closed["status_id"])
	}
	b.gone("halo.delete_ticket", "halo.get_ticket", "ticket_id", id)
}

func (b *bench) notes(t *testing.T) {
	b.t = t
	ticket := b.list("halo.list_tickets", values{"limit": int64(1)})[0]["id"]
	note := b.object("halo.add_note", values{"ticket_id": ticket, "note": "Called back.", "timetaken": 0.25})
	if note["hiddenfromuser"] != true || note["outcome"] != "Private Note" || note["timetaken"] != 0.25 {
		t.Errorf("the note: %v", note)
	}
	one := b.object("halo.get_action", values{"ticket_id": ticket, "action_id": note["id"]})
	if one["note"] != "Called back." {
		t.Errorf("the note again: %v", one["note"])
	}
	more := b.list("halo.add_or_update_actions", values{"actions": []any{values{"ticket_id": ticket, "outcome": "Private Note", "note": "x"}}})
	all := b.list("halo.list_actions", values{"ticket_id": ticket})
	if len(more) != 1 || len(all) < 2 {
		t.Errorf("%d added, %d in all", len(more), len(all))
	}
	if out := b.call("halo.delete_action", values{"ticket_id": ticket, "action_id": more[0]["id"]}); out.Err != nil {
		t.Error(out.Err)
	}
	out := b.call("halo.add_or_update_actions", values{"actions": []any{values{"ticket_id": ticket, "note": "x"}}})
	if out.Err == nil || out.Err.Code != fault.BadRequest || !strings.Contains(out.Err.Hint, "outcome") {
		t.Errorf("without an outcome: %v", out.Err)
	}
}

func (b *bench) kind(t *testing.T, many, one, key string) {
	b.t = t
	all := b.list("halo.list_"+many, nil)
	if len(all) < 2 {
		t.Fatalf("%d %s", len(all), many)
	}
	same := b.object("halo.get_"+one, values{key: all[0]["id"]})
	if same["name"] != all[0]["name"] {
		t.Errorf("get_%s: %v", one, same["name"])
	}
	added := b.list("halo.add_or_update_"+many, values{many: []any{values{"name": "Made by a test"}}})
	if len(added) != 1 || added[0]["name"] != "Made by a test" {
		t.Fatalf("added %v", added)
	}
	b.gone("halo.delete_"+one, "halo.get_"+one, key, added[0]["id"])
}

func (b *bench) request(t *testing.T) {
	b.t = t
	out := b.call("halo.api_request", values{"path": "/Tickets", "query": values{"pageinate": true, "page_size": int64(2), "page_no": int64(1)}})
	if out.Err != nil {
		t.Fatal(out.Err)
	}
	if m := out.Result.(values); len(m["tickets"].([]any)) != 2 {
		t.Errorf("two tickets: %v", m)
	}
	for _, path := range []string{"../auth/token", "Tickets/../../x", "https://evil.example/", "Tickets?x=1", "%2e%2e/x", "a//b"} {
		out := b.call("halo.api_request", values{"path": path})
		if out.Err == nil || out.Err.Code != fault.InvalidInput {
			t.Errorf("path %q: %v", path, out.Err)
		}
	}
	if len(b.last.Requests) != 0 {
		t.Error("a refused path was asked for")
	}
}

func TestHaloMappingGivesIDAndName(t *testing.T) {
	b := setup(t, halo.Options{})
	i, _ := actions.Builtin().Integration("halo")
	for _, item := range b.list(i.Mapping.Action, i.Mapping.With) {
		if item[i.Mapping.ID] == nil || item[i.Mapping.Name] == nil {
			t.Errorf("no id or name in %v", item)
		}
	}
	for _, p := range i.Test {
		if out := b.call(p.Action, p.With); out.Err != nil || len(p.Warnings(out.Result)) > 0 {
			t.Errorf("the probe %q: %v, %v", p.Title, out.Err, p.Warnings(out.Result))
		}
	}
}

func TestHaloAddressesAsPasted(t *testing.T) {
	b := setup(t, halo.Options{})
	base := b.config["resource_server"].(string)
	for _, pasted := range []string{base, base + "/", base + "/api", base + "/api/", "  " + base + "/API  ", strings.ToUpper(base[:4]) + base[4:]} {
		b.config["resource_server"] = pasted
		if out := b.call("halo.get_current_agent", nil); out.Err != nil {
			t.Errorf("%q: %v", pasted, out.Err)
		}
	}
	b.config["resource_server"] = base
	for _, pasted := range []string{"", base, base + "/auth", base + "/auth/", base + "/auth/token"} {
		b.config["auth_server"] = pasted
		if out := b.call("halo.get_current_agent", nil); out.Err != nil {
			t.Errorf("auth server %q: %v", pasted, out.Err)
		}
	}
	for _, wrong := range []string{"ftp://x", "not an address", "https://", "https://user:pw@x.example"} {
		b.config["resource_server"] = wrong
		if out := b.call("halo.get_current_agent", nil); out.Err == nil || out.Err.Code != fault.InvalidInput {
			t.Errorf("%q: %v", wrong, out.Err)
		}
	}
}
