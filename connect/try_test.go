package connect_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"gantry/actions"
	"gantry/connect"
	"gantry/orgs"
	"gantry/sandbox/halo"
)

const appSecret = "app-secret-canary"

// app is an API application of the simulated Halo, for a case to change.
func app(change func(*halo.Application)) halo.Application {
	a := halo.Application{Name: "Gantry", ClientID: "gantry-app", ClientSecret: appSecret}
	if change != nil {
		change(&a)
	}
	return a
}

// What an admin reads about each way in which a connection can be wrong. Every case says which probe fails,
// and words of the message and of the hint.
func TestDiagnosis(t *testing.T) {
	login := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/login" {
			http.Redirect(w, r, "/login", http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html><title>Please sign in</title></html>")
	}))
	defer login.Close()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html><title>Welcome to nginx!</title></html>")
	}))
	defer page.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	secure.Config.ErrorLog = nil
	closed := httptest.NewServer(nil)
	closed.Close()

	for _, c := range []struct {
		name    string
		options halo.Options
		app     func(*halo.Application)
		config  map[string]any
		secret  string
		policy  actions.Policy
		failed  string   // the probe that fails; empty: the connection works
		says    string   // in the message
		hint    string   // in the hint
		missing []string // permissions
		warns   string   // in a warning, of a connection that works
	}{
		{name: "all is well"},
		{name: "wrong secret", secret: "not-this-one", failed: "Sign in as an agent", says: "does not accept the client id and secret", hint: "new client secret"},
		{name: "wrong client id", config: map[string]any{"client_id": "nobody"}, failed: "Sign in as an agent", says: "does not accept the client id", hint: "compare the client id"},
		{name: "expired secret", app: func(a *halo.Application) { a.SecretExpires = time.Now().Add(-time.Hour) }, failed: "Sign in as an agent", says: "does not accept the client id and secret", hint: "expired"},
		{name: "disabled application", app: func(a *halo.Application) { a.Disabled = true }, failed: "Sign in as an agent", says: "does not accept", hint: "Active"},
		{name: "wrong tenant", config: map[string]any{"tenant": "acme-msq"}, failed: "Sign in as an agent", says: "does not know the tenant", hint: "API Details"},
		{name: "not all scopes", app: func(a *halo.Application) { a.Scopes = []string{"read:tickets", "read:customers"} }, failed: "Sign in as an agent",
			says: "edit:tickets", hint: `ask only for what it is allowed, with --set scope="read:customers read:tickets"`, missing: []string{"edit:tickets", "edit:customers", "admin"}},
		{name: "only what is allowed is asked for", app: func(a *halo.Application) { a.Scopes = []string{"read:tickets", "read:customers"} },
			config: map[string]any{"scope": "read:tickets read:customers"}, warns: "read:contracts is missing", missing: []string{"read:contracts", "read:assets"}},
		{name: "no agent to log in as", app: func(a *halo.Application) { a.NoAgent = true }, failed: "Sign in as an agent", says: "no agent to log in as", hint: "Login Type"},
		{name: "an agent that may see no tickets", app: func(a *halo.Application) { a.Permissions = []string{"read:customers"} }, failed: "Read tickets",
			says: "read:tickets is missing (403)", hint: "view support tickets", missing: []string{"read:tickets", "read:contracts"}},
		{name: "an agent that may see no clients", app: func(a *halo.Application) { a.Permissions = []string{"read:tickets"} }, failed: "Read clients",
			says: "read:customers is missing (403)", hint: "view customers", missing: []string{"read:customers"}},
		{name: "an agent restricted to no client", options: halo.Options{Agents: []halo.Agent{{ID: 3, Clients: []int64{}}}},
			app: func(a *halo.Application) { a.AgentID = 3 }, warns: "Allow use of all Customers to Yes"},
		{name: "an agent in no team", options: halo.Options{Faults: []halo.Fault{{Path: "/api/team", Kind: halo.FaultStatus, Status: 200, Body: "[]", Times: -1, Header: map[string]string{"Content-Type": "application/json"}}}},
			warns: "add all teams"},
		{name: "a part of Halo that is not there", options: halo.Options{Faults: []halo.Fault{{Path: "/api/kbarticle", Kind: halo.FaultStatus, Status: 404, Times: -1}}}, warns: "does not know this"},
		{name: "unknown name", config: map[string]any{"resource_server": "https://does-not-exist.invalid"}, failed: "Sign in as an agent", says: "does-not-exist.invalid", hint: "check"},
		{name: "nobody listens", config: map[string]any{"resource_server": closed.URL}, failed: "Sign in as an agent", says: "refuses connections", hint: "reachable"},
		{name: "a certificate that is not trusted", config: map[string]any{"resource_server": secure.URL}, failed: "Sign in as an agent", says: "certificate that is not trusted", hint: "issuer"},
		{name: "plain http behind https", config: map[string]any{"resource_server": strings.Replace(page.URL, "http:", "https:", 1)}, failed: "Sign in as an agent", says: "does not speak https", hint: "http://"},
		{name: "a private address", policy: actions.Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.9/32")}}, failed: "Sign in as an agent", says: "is not called", hint: "network: {allow: [127.0.0.1/32]}"},
		{name: "another web server", config: map[string]any{"resource_server": page.URL}, failed: "Sign in as an agent", says: "not with an access token", hint: "leads to something else"},
		{name: "a sign-in page for people", config: map[string]any{"resource_server": login.URL}, failed: "Sign in as an agent", says: "redirects the POST", hint: "a page for people to sign in"},
		{name: "a web server that takes no POST", options: halo.Options{Faults: []halo.Fault{{Path: "/auth/token", Kind: halo.FaultStatus, Status: 501, Body: "Unsupported method ('POST')", Times: -1}}},
			failed: "Sign in as an agent", says: "another web server answers at that address (501)", hint: "not the address of a Halo"},
		{name: "a page copied from the browser", config: map[string]any{"resource_server": "@base/tickets?id=1"}, failed: "Sign in as an agent", says: "no sign-in page", hint: "without what follows"},
		{name: "something without a sign-in", config: map[string]any{"resource_server": "@base/nothing"}, failed: "Sign in as an agent", says: "no sign-in page at that address", hint: "auth server"},
		{name: "Halo is down", options: halo.Options{Faults: []halo.Fault{{Path: "/auth/token", Kind: halo.FaultStatus, Status: 503, Times: -1}}}, failed: "Sign in as an agent", says: "503", hint: "later"},
		{name: "a clock that is wrong", options: halo.Options{Faults: []halo.Fault{{Path: "/api/agent/me", Kind: halo.FaultStatus, Status: 200, Body: `{"id":1,"name":"API"}`,
			Header: map[string]string{"Date": time.Now().Add(-42 * time.Minute).UTC().Format(http.TimeFormat), "Content-Type": "application/json"}}}}, warns: "42m0s ahead of that of HaloPSA"},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := diagnose(t, c.options, app(c.app), c.config, c.secret, c.policy)
			text, _ := json.Marshal(report)
			if strings.Contains(string(text), appSecret) || c.secret != "" && strings.Contains(string(text), c.secret) {
				t.Errorf("leaks the secret: %s", text)
			}
			for _, permission := range c.missing {
				if !slices.Contains(report.Missing, permission) {
					t.Errorf("%s is not told among the missing %q", permission, report.Missing)
				}
			}
			if c.failed == "" {
				if !report.OK || report.Message != connect.Successful || report.Error != nil {
					t.Fatalf("no connection: %s", text)
				}
				if !strings.Contains(string(text), c.warns) || (c.warns == "") != (report.Warned() == 0) {
					t.Errorf("%d warnings, want %q: %s", report.Warned(), c.warns, text)
				}
				return
			}
			failed := slices.IndexFunc(report.Probes, func(p connect.Probed) bool { return p.Status == connect.ProbeFailed })
			if report.OK || failed < 0 || report.Probes[failed].Title != c.failed {
				t.Fatalf("want %q to fail: %s", c.failed, text)
			}
			if !strings.Contains(report.Error.Message, c.says) || !strings.Contains(report.Error.Hint, c.hint) {
				t.Errorf("says %q\nhint %q", report.Error.Message, report.Error.Hint)
			}
			if failed == 0 && !slices.ContainsFunc(report.Probes[1:], func(p connect.Probed) bool { return p.Status == connect.ProbeSkipped }) {
				t.Errorf("goes on probing although nobody can sign in: %s", text)
			}
		})
	}
}

func diagnose(t *testing.T, o halo.Options, a halo.Application, config map[string]any, secret string, policy actions.Policy) connect.Report {
	t.Helper()
	o.Applications = []halo.Application{a}
	server := halo.New(o)
	base, err := server.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	if policy.Allow == nil {
		policy.Allow = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	}
	runtime := actions.NewRuntime(actions.Options{Network: policy})
	t.Cleanup(runtime.Close)
	of, _ := actions.Builtin().Integration("halo")
	given := actions.Given{Config: map[string]any{"resource_server": base}, Line: halo.DefaultTenant + "+" + a.ClientID + ":" + appSecret}
	if secret != "" {
		given.Line = halo.DefaultTenant + "+" + a.ClientID + ":" + secret
	}
	made, f := of.Configure(given)
	if f != nil {
		t.Fatal(f)
	}
	for name, v := range config {
		if text, ok := v.(string); ok {
			v = strings.Replace(text, "@base", base, 1)
		}
		made.Config[name] = v
	}
	report, err := connect.New(nil, actions.Builtin(), runtime).Try(t.Context(), connect.Trial{Integration: of, Secrets: made.Secrets,
		Organisation: orgs.Organisation{ID: "o1", Name: "Acme MSP"}, Instance: orgs.Instance{ID: "i1", Integration: "halo", Name: "Halo", Config: made.Config}})
	if err != nil {
		t.Fatal(err)
	}
	return report
}
