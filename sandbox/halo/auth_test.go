package halo

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestTokenHasEveryField(t *testing.T) {
	te := start(t, Options{})
	for _, path := range []string{"/auth/token?tenant=acme-msp", "/auth/token", "/token", "/AUTH/Token/"} {
		got := te.form(path, credentials("all"))
		m := got.object(t)
		if got.status != 200 || m["scope"] != "all" || m["token_type"] != "Bearer" || str(m["expires_in"]) != "3600" {
			t.Errorf("%s: %d %v", path, got.status, m)
		}
		for _, name := range []string{"access_token", "refresh_token", "id_token"} {
			if m[name] == nil || m[name] == "" {
				t.Errorf("%s: %s is missing", path, name)
			}
		}
	}
}

func TestTokenRefusals(t *testing.T) {
	te := start(t, Options{})
	with := func(name, value string) url.Values {
		v := credentials("all")
		v.Set(name, value)
		return v
	}
	for _, c := range []struct {
		name, path string
		form       url.Values
		code, text string
	}{
		{"wrong secret", "/auth/token", with("client_secret", "x"), "invalid_client", "credentials"},
		{"wrong id", "/auth/token", with("client_id", "x"), "invalid_client", "credentials"},
		{"unknown scope", "/auth/token", with("scope", "all tickets"), "invalid_scope", "The specified 'scope' parameter is not valid."},
		{"password grant", "/auth/token", with("grant_type", "password"), "unsupported_grant_type", "grant_type"},
		{"no grant", "/auth/token", with("grant_type", ""), "invalid_request", "grant_type"},
		{"other tenant", "/auth/token?tenant=other", credentials("all"), "invalid_request", "tenant"},
		{"other tenant in the form", "/auth/token", with("tenant", "other"), "invalid_request", "tenant"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := te.form(c.path, c.form)
			m := got.object(t)
			if got.status != 400 || m["error"] != c.code || !strings.Contains(str(m["error_description"]), c.text) {
				t.Errorf("%d %v", got.status, m)
			}
		})
	}
}

func TestTokenWantsAForm(t *testing.T) {
	te := start(t, Options{})
	te.must(400, "POST", "/auth/token", `{"grant_type":"client_credentials"}`)
	te.must(405, "GET", "/auth/token", "")
}

func TestTenantInTheFormOrOnPremise(t *testing.T) {
	te := start(t, Options{})
	v := credentials("all")
	v.Set("tenant", "Acme-MSP")
	if got := te.form("/auth/token", v); got.status != 200 {
		t.Errorf("tenant as a form field: %d", got.status)
	}
	if got := start(t, Options{OnPremise: true}).form("/auth/token?tenant=undefined", credentials("all")); got.status != 200 {
		t.Errorf("an instance without tenant must accept n8n's tenant=undefined: %d", got.status)
	}
}

func TestScopesOfTheWild(t *testing.T) {
	te := start(t, Options{})
	for _, scope := range []string{"all", "all:standard", "admin", "read:tickets edit:tickets read:customers", "editMine:timesheets access:chat", ""} {
		if got := te.form("/auth/token", credentials(scope)); got.status != 200 || got.object(t)["scope"] != scope {
			t.Errorf("scope %q: %d %s", scope, got.status, got.text)
		}
	}
}

func TestBasicAuthenticationOfTheApplication(t *testing.T) {
	te := start(t, Options{})
	r, _ := http.NewRequest("POST", te.base+"/auth/token", strings.NewReader("grant_type=client_credentials&scope=all"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(url.QueryEscape(DefaultClientID), url.QueryEscape(DefaultClientSecret))
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != 200 {
		t.Fatal(answer, err)
	}
	_ = answer.Body.Close()
}

func TestTokenRunsOutAndIsRefreshed(t *testing.T) {
	te := start(t, Options{TokenLifetime: time.Minute})
	got := te.form("/auth/token", credentials("all")).object(t)
	te.token = str(got["access_token"])
	te.get("/api/agent/me")
	te.clock.pass(time.Minute)
	if r := te.must(401, "GET", "/api/agent/me", ""); r.text != "" {
		t.Errorf("401 has a body: %s", r.text)
	}
	form := url.Values{"grant_type": {"refresh_token"}, "client_id": {DefaultClientID}, "client_secret": {DefaultClientSecret},
		"refresh_token": {str(got["refresh_token"])}}
	again := te.form("/auth/token", form).object(t)
	te.token = str(again["access_token"])
	te.get("/api/agent/me")
	if r := te.form("/auth/token", form); r.status != 400 || r.object(t)["error"] != "invalid_grant" {
		t.Errorf("a refresh token works once: %d %s", r.status, r.text)
	}
}

func TestRevokedTokens(t *testing.T) {
	te := start(t, Options{})
	te.must(204, "POST", "/_sandbox/revoke", "")
	te.must(401, "GET", "/api/tickets", "")
}

func TestWithoutLogin(t *testing.T) {
	te := start(t, Options{})
	te.token = ""
	for _, header := range [][2]string{{"Authorization", ""}, {"Authorization", "Bearer nonsense"}, {"Authorization", "Basic abc"},
		{"X-Halo-Api-Key", "nonsense"}} {
		if r := te.must(401, "GET", "/api/tickets", "", header[0], header[1]); r.text != "" {
			t.Errorf("%v: 401 has a body", header)
		}
	}
}

func TestAuthInfoIsAnonymous(t *testing.T) {
	te := start(t, Options{})
	te.token = ""
	for _, path := range []string{"/api/authinfo", "/api/AuthInfo/"} {
		m := te.get(path).object(t)
		if m["auth_url"] != te.base+"/auth" || m["tenant_id"] != "acme-msp" {
			t.Errorf("%s: %v", path, m)
		}
	}
}

func TestAPIKey(t *testing.T) {
	te := start(t, Options{Applications: []Application{{Name: "Keyed", ClientID: "k", APIKey: "key-1", Scopes: []string{"read:tickets"}}}})
	te.token = ""
	te.must(200, "GET", "/api/tickets?count=1", "", "X-Halo-Api-Key", "key-1")
	te.must(403, "GET", "/api/client", "", "X-Halo-Api-Key", "key-1")
}

func TestScopesGuardAreas(t *testing.T) {
	te := start(t, Options{})
	for _, c := range []struct {
		scope, method, path, body string
		status                    int
	}{
		{"read:tickets", "GET", "/api/tickets?count=1", "", 200},
		{"read:tickets", "GET", "/api/actions?ticket_id=2041", "", 200},
		{"read:tickets", "POST", "/api/tickets", `[{"summary":"s","details":"d"}]`, 403},
		{"read:tickets", "GET", "/api/client", "", 403},
		{"read:tickets", "GET", "/api/status", "", 200},
		{"edit:tickets", "POST", "/api/tickets", `[{"summary":"s","details":"d"}]`, 201},
		{"edit:tickets", "GET", "/api/tickets?count=1", "", 200},
		{"edit:customers", "POST", "/api/status", `[{"name":"x"}]`, 403},
		{"admin", "POST", "/api/status", `[{"name":"x"}]`, 201},
		{"all:standard", "GET", "/api/projects", "", 200},
		{"", "GET", "/api/tickets", "", 403},
	} {
		r := te.as(c.scope).must(c.status, c.method, c.path, c.body)
		if c.status == 403 && r.text != "" {
			t.Errorf("%s %s: 403 has a body: %s", c.method, c.path, r.text)
		}
	}
}

func TestAgentPermissionsNarrowTheScopes(t *testing.T) {
	te := start(t, Options{Applications: []Application{{Name: "Narrow", ClientID: "n", ClientSecret: "s", Permissions: []string{"read:tickets"}}}})
	v := credentials("all")
	v.Set("client_id", "n")
	v.Set("client_secret", "s")
	te.token = str(te.form("/auth/token", v).object(t)["access_token"])
	te.get("/api/tickets?count=1")
	te.must(403, "GET", "/api/client", "")
	te.must(403, "POST", "/api/tickets", `[{"summary":"s","details":"d"}]`)
}

func TestApplicationIsLimitedToItsScopes(t *testing.T) {
	te := start(t, Options{Applications: []Application{{ClientID: "n", ClientSecret: "s", Scopes: []string{"edit:tickets"}}}})
	v := credentials("read:tickets")
	v.Set("client_id", "n")
	v.Set("client_secret", "s")
	if r := te.form("/auth/token", v); r.status != 200 {
		t.Errorf("editing includes reading: %s", r.text)
	}
	v.Set("scope", "all")
	if r := te.form("/auth/token", v); r.status != 400 || r.object(t)["error"] != "invalid_scope" {
		t.Errorf("%d %s", r.status, r.text)
	}
}

func TestApplicationWithoutAgent(t *testing.T) {
	te := start(t, Options{Applications: []Application{{ClientID: "n", ClientSecret: "s", NoAgent: true}}})
	v := credentials("all")
	v.Set("client_id", "n")
	v.Set("client_secret", "s")
	r := te.form("/auth/token", v)
	if r.status != 500 || !strings.Contains(r.header.Get("Content-Type"), "text/html") || !strings.Contains(r.text, "<html>") {
		t.Errorf("%d %s %s", r.status, r.header.Get("Content-Type"), r.text)
	}
}
