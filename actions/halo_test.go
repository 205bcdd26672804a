package actions_test

import (
	"context"
	"net/netip"
	"slices"
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
	return &bench{t: t, halo: server, runtime: r,
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

// api_request reaches nothing but what lies below the API's address. What each action does stands in testdata/halo.
func TestHaloRequestStaysBelowTheAPI(t *testing.T) {
	b := setup(t, halo.Options{})
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

// The test of a configuration looks at every permission to read that the shipped actions need, and says of
// each probe the permission that its action declares.
func TestHaloProbesCoverTheScopes(t *testing.T) {
	i, _ := actions.Builtin().Integration("halo")
	probed := map[string]bool{}
	for _, p := range i.Test {
		a, _ := actions.Builtin().Action(p.Action)
		if p.Needs != "" && !slices.Contains(a.Scopes, p.Needs) {
			t.Errorf("the probe %q needs %s, its action says %q", p.Title, p.Needs, a.Scopes)
		}
		probed[p.Needs] = true
	}
	for _, a := range actions.Builtin().Actions() {
		for _, scope := range a.Scopes {
			if strings.HasPrefix(scope, "read:") && !probed[scope] {
				t.Errorf("%s needs %s, which no probe looks at", a.ID, scope)
				probed[scope] = true
			}
		}
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
