package halo

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// application makes an API application through the controls and gives how it signs in.
func (te *tenant) application(text string) url.Values {
	te.t.Helper()
	te.must(200, "POST", "/_sandbox/applications", text)
	var app Application
	decode(te.t, text, &app)
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {app.ClientID}, "client_secret": {app.ClientSecret}, "scope": {"all"}}
}

// acting signs in with a form and gives the tenant as that application sees it.
func (te *tenant) acting(form url.Values) *tenant {
	te.t.Helper()
	r := te.form("/auth/token", form)
	if r.status != 200 {
		te.t.Fatalf("signing in answered %d: %s", r.status, r.text)
	}
	other := *te
	other.token = str(r.object(te.t)["access_token"])
	return &other
}

// TestEveryResourceHasItsScopes asks for every resource with the scopes of its area, those of another, and none.
func TestEveryResourceHasItsScopes(t *testing.T) {
	te := start(t, Options{})
	other := func(area string) string {
		if area == "kb" {
			return "assets"
		}
		return "kb"
	}
	tokens := map[string]*tenant{}
	as := func(scope string) *tenant {
		if tokens[scope] == nil {
			tokens[scope] = te.as(scope)
		}
		return tokens[scope]
	}
	for name, res := range resources() {
		path := "/api/" + name
		if res.area == "" { // configuration: whoever is signed in reads, admins change
			as("read:kb").get(path)
			if res.writable {
				as("all:standard").must(403, "POST", path, "[]")
				as("admin").must(201, "POST", path, "[]")
			}
			continue
		}
		if !slices.Contains(scopeAreas, res.area) {
			t.Errorf("%s is in %q, for which there is no scope", name, res.area)
			continue
		}
		for scope, want := range map[string][2]int{
			"read:" + res.area: {200, 403}, "edit:" + res.area: {200, 201}, "edit:" + other(res.area): {403, 403}, "": {403, 403},
			"admin": {403, 403}, "all:standard": {200, 201}, "all": {200, 201},
		} {
			if r, err := as(scope).do("GET", path, ""); err != nil || r.status != want[0] || r.status == 403 && r.text != "" {
				t.Errorf("GET %s with scope %q answered %d %q, want %d", name, scope, r.status, r.text, want[0])
			}
			if !res.writable {
				continue
			}
			if r, err := as(scope).do("POST", path, "[]"); err != nil || r.status != want[1] || r.status == 403 && r.text != "" {
				t.Errorf("POST %s with scope %q answered %d %q, want %d", name, scope, r.status, r.text, want[1])
			}
		}
	}
}

func TestEveryDocumentedScopeIsKnown(t *testing.T) {
	for _, scope := range strings.Fields("all all:standard admin editMine:timesheets access:chat access:adpasswordreset " +
		"read:tickets edit:tickets read:calendar edit:calendar read:customers edit:customers read:crm edit:crm read:timesheets edit:timesheets " +
		"read:contracts edit:contracts read:suppliers edit:suppliers read:items edit:items read:projects edit:projects read:sales edit:sales " +
		"read:quotes edit:quotes read:sos edit:sos read:pos edit:pos read:invoices edit:invoices read:reporting edit:reporting " +
		"read:software edit:software read:softwarelicensing edit:softwarelicensing read:kb edit:kb read:assets edit:assets") {
		if !knownScope(scope) {
			t.Errorf("%s", scope)
		}
	}
	for _, scope := range []string{"read", "read:", "edit:everything", "write:tickets", "ALL"} {
		if knownScope(scope) {
			t.Errorf("%s is no scope", scope)
		}
	}
}

func TestOwnTimesheetsAlone(t *testing.T) {
	te := start(t, Options{})
	own, others := te.as("editMine:timesheets"), te.as("read:timesheets editMine:timesheets")
	for _, r := range own.get("/api/timesheet").array(t) {
		if str(r["agent_id"]) != "3" {
			t.Errorf("sees the timesheet of agent %v", r["agent_id"])
		}
	}
	post := `[{"agent_id":4,"date":"2026-09-25"}]`
	own.must(403, "POST", "/api/timesheet", post)
	others.must(403, "POST", "/api/timesheet", post)
	te.post("/api/timesheet", post)
	own.must(201, "POST", "/api/timesheet", strings.Replace(post, "4", "3", 1))
}

// TestEffectivePermission: what the application may and what its agent may, both.
func TestEffectivePermission(t *testing.T) {
	for _, c := range []struct {
		name, application, agent, method, path string
		want                                   int
	}{
		{"both", `["read:tickets"]`, `["all"]`, "GET", "/api/tickets?count=1", 200},
		{"not the agent", `["read:tickets","read:customers"]`, `["read:customers"]`, "GET", "/api/tickets?count=1", 403},
		{"the agent only reads", `["edit:tickets"]`, `["read:tickets"]`, "POST", "/api/tickets", 403},
		{"an agent with no right", `["all:standard"]`, `[]`, "GET", "/api/client", 403},
		{"configuration is for everybody", `["read:tickets"]`, `[]`, "GET", "/api/status", 200},
		{"an agent that is not limited", `["read:tickets"]`, `null`, "GET", "/api/tickets?count=1", 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			te := start(t, Options{})
			form := te.application(`{"name":"Narrow","client_id":"n","client_secret":"s","agent_id":4,"scopes":` + c.application + `}`)
			te.must(200, "POST", "/_sandbox/agents", `{"id":4,"permissions":`+c.agent+`}`)
			var scopes []string
			_ = json.Unmarshal([]byte(c.application), &scopes)
			form.Set("scope", strings.Join(scopes, " "))
			if r := te.acting(form).must(c.want, c.method, c.path, "[]"); c.want == 403 && r.text != "" {
				t.Errorf("403 has a body: %s", r.text)
			}
		})
	}
}

func TestPermissionsAreBakedIntoTokens(t *testing.T) {
	te := start(t, Options{})
	form := te.application(`{"name":"A","client_id":"n","client_secret":"s","api_key":"k","agent_id":4}`)
	before := te.acting(form)
	te.must(200, "POST", "/_sandbox/agents", `{"id":4,"permissions":["read:customers"]}`)
	before.get("/api/tickets?count=1")
	te.acting(form).must(403, "GET", "/api/tickets", "")
	te.must(403, "GET", "/api/tickets", "", "X-Halo-Api-Key", "k") // a key has no token to bake them into
}

func TestRefreshedTokensHaveThePermissionsOfTheirTime(t *testing.T) {
	te := start(t, Options{})
	form := te.application(`{"name":"A","client_id":"n","client_secret":"s","agent_id":4}`)
	refresh := func(from map[string]any) reply {
		return te.form("/auth/token", url.Values{"grant_type": {"refresh_token"}, "client_id": {"n"}, "client_secret": {"s"},
			"refresh_token": {str(from["refresh_token"])}})
	}
	got := te.form("/auth/token", form).object(t)
	te.must(200, "POST", "/_sandbox/agents", `{"id":4,"permissions":["read:customers"]}`)
	te.must(200, "GET", "/api/tickets?count=1", "", "Authorization", "Bearer "+str(got["access_token"]))
	got = refresh(got).object(t)
	te.must(403, "GET", "/api/tickets", "", "Authorization", "Bearer "+str(got["access_token"]))
	te.post("/api/agent", `[{"id":4,"isdisabled":true}]`)
	if r := refresh(got); r.status != 500 || !strings.Contains(r.text, "<html>") {
		t.Errorf("%d %s", r.status, r.text)
	}
}

func TestAgentOfSomeClients(t *testing.T) {
	te := start(t, Options{})
	form := te.application(`{"name":"Limited","client_id":"n","client_secret":"s","agent_id":4}`)
	te.must(200, "POST", "/_sandbox/agents", `{"id":4,"permissions":null,"clients":[12]}`)
	all, few := te, te.acting(form)
	for _, c := range []struct{ resource, key string }{
		{"client", "clients"}, {"site", "sites"}, {"users", "users"}, {"tickets", "tickets"}, {"asset", "assets"}, {"clientcontract", "contracts"},
		{"invoice", "invoices"}, {"opportunities", "tickets"}, {"projects", "tickets"},
	} {
		field := "client_id"
		if c.resource == "client" {
			field = "id"
		}
		path := "/api/" + c.resource + "?count=1000&includeinactive=true"
		want, foreignID := 0, ""
		for _, r := range all.get(path).rows(t, c.key) {
			if id := strings.TrimSuffix(str(r[field]), ".0"); id == "12" {
				want++
			} else if id != "0" {
				foreignID = strings.TrimSuffix(str(r["id"]), ".0")
			}
		}
		got := few.get(path).rows(t, c.key)
		for _, r := range got {
			if strings.TrimSuffix(str(r[field]), ".0") != "12" {
				t.Errorf("%s: sees %v", c.resource, r[field])
			}
		}
		if len(got) != want {
			t.Errorf("%s: sees %d rows, want %d", c.resource, len(got), want)
		}
		if foreignID != "" {
			few.must(404, "GET", "/api/"+c.resource+"/"+foreignID, "")
			few.must(404, "DELETE", "/api/"+c.resource+"/"+foreignID, "")
			few.must(404, "POST", "/api/"+c.resource, `[{"id":`+foreignID+`}]`)
		}
	}
}

func TestAgentOfSomeClientsWritesForThemAlone(t *testing.T) {
	te := start(t, Options{})
	form := te.application(`{"name":"Limited","client_id":"n","client_secret":"s","agent_id":4}`)
	te.must(200, "POST", "/_sandbox/agents", `{"id":4,"permissions":null,"clients":[12]}`)
	few := te.acting(form)
	foreign := te.post("/api/tickets", `[{"summary":"s","details":"d","client_id":13}]`)
	few.must(404, "POST", "/api/actions", `[{"ticket_id":`+str(foreign["id"])+`,"outcome":"Private Note","note":"n"}]`)
	few.must(404, "GET", "/api/actions/1?ticket_id="+str(foreign["id"]), "")
	if got := few.get("/api/actions?ticket_id="+str(foreign["id"])).rows(t, "actions"); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if got := few.refusal("/api/tickets", `[{"summary":"s","details":"d","client_id":13}]`); !strings.Contains(got, "13") {
		t.Error(got)
	}
	for _, place := range []string{``, `,"site_id":22`, `,"client_id":1`} { // by default, by its site, by name
		few.refusal("/api/tickets", `[{"summary":"s","details":"d"`+place+`}]`)
	}
	few.refusal("/api/attachment", `[{"ticket_id":`+str(foreign["id"])+`,"filename":"a.txt","data_base64":"aGk="}]`)
	few.post("/api/tickets", `[{"summary":"s","details":"d","client_id":12}]`)
}

func TestApplicationsThatMayNotSignIn(t *testing.T) {
	te := start(t, Options{})
	for _, c := range []struct {
		name, application string
		status            int
		text              string
	}{
		{"disabled", `{"name":"A","client_id":"d","client_secret":"s","disabled":true}`, 400, "invalid_client"},
		{"secret has run out", `{"name":"A","client_id":"e","client_secret":"s","secret_expires":"2026-09-25T14:30:00Z"}`, 400, "invalid_client"},
		{"secret is still good", `{"name":"A","client_id":"f","client_secret":"s","secret_expires":"2026-09-25T14:30:01Z"}`, 200, "access_token"},
		{"no agent", `{"name":"A","client_id":"g","client_secret":"s","no_agent":true}`, 500, "<html>"},
		{"agent that is disabled", `{"name":"A","client_id":"h","client_secret":"s","agent_id":10}`, 500, "<html>"},
		{"agent that is not there", `{"name":"A","client_id":"i","client_secret":"s","agent_id":999}`, 500, "<html>"},
		{"nobody", `{"name":"A","client_id":"j","client_secret":"s","agent_id":1}`, 500, "<html>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := te.form("/auth/token", te.application(c.application))
			if r.status != c.status || !strings.Contains(r.text, c.text) {
				t.Errorf("%d %s", r.status, r.text)
			}
		})
	}
	te.must(401, "GET", "/api/status", "", "X-Halo-Api-Key", "nobody's")
}

func TestApplicationThatIsSwitchedOff(t *testing.T) {
	te := start(t, Options{})
	form := te.application(`{"name":"A","client_id":"n","client_secret":"s","api_key":"k"}`)
	got := te.form("/auth/token", form).object(t)
	te.must(200, "POST", "/_sandbox/applications", `{"client_id":"n","disabled":true}`)
	te.must(200, "GET", "/api/status", "", "Authorization", "Bearer "+str(got["access_token"])) // what it has stays good
	te.must(401, "GET", "/api/status", "", "X-Halo-Api-Key", "k")
	refresh := url.Values{"grant_type": {"refresh_token"}, "client_id": {"n"}, "client_secret": {"s"}, "refresh_token": {str(got["refresh_token"])}}
	if r := te.form("/auth/token", refresh); r.status != 400 {
		t.Errorf("%d %s", r.status, r.text)
	}
	listed := te.get("/_sandbox/applications").array(t)
	listed[1]["disabled"] = false
	back, _ := json.Marshal(listed[1])
	te.must(200, "POST", "/_sandbox/applications", string(back)) // as it was listed: with its secrets hidden
	te.acting(form)
	te.must(400, "POST", "/_sandbox/applications", `{"client_id":"n","scopes":["read:everything"]}`)
	te.must(400, "POST", "/_sandbox/applications", `{"name":"n"}`)
	te.must(400, "POST", "/_sandbox/agents", `{"id":999}`)
	te.must(400, "POST", "/_sandbox/agents", `{"id":4,"permissions":["x"]}`)
	te.must(204, "DELETE", "/_sandbox/applications/n", "")
	te.must(404, "DELETE", "/_sandbox/applications/n", "")
	if text := te.get("/_sandbox/applications").text; strings.Contains(text, DefaultClientSecret) || !strings.Contains(text, DefaultClientID) {
		t.Error(text)
	}
}

func TestTokensAreRevokedInTheMiddle(t *testing.T) {
	te := start(t, Options{TokenLifetime: 10 * time.Minute})
	other := te.acting(te.application(`{"name":"A","client_id":"n","client_secret":"s"}`))
	var list []map[string]any
	decode(t, te.get("/_sandbox/tokens").text, &list)
	if len(list) != 4 || list[0]["kind"] != "access" || list[0]["expires"] != "2026-09-25T14:40:00Z" || strings.Contains(te.get("/_sandbox/tokens").text, te.token) {
		t.Errorf("%v", list)
	}
	if got := te.must(200, "DELETE", "/_sandbox/tokens?client_id=n&kind=access", "").text; got != `{"revoked":1}` {
		t.Error(got)
	}
	other.must(401, "GET", "/api/status", "")
	te.get("/api/status")
	te.must(400, "DELETE", "/_sandbox/tokens?kind=all", "")
	te.must(200, "DELETE", "/_sandbox/tokens", "")
	te.must(401, "GET", "/api/status", "")
}

func TestTeamsAreForTheirMembers(t *testing.T) {
	te := start(t, Options{})
	few := te.acting(te.application(`{"name":"A","client_id":"n","client_secret":"s","agent_id":6}`))
	if got := strings.Join(column(few.get("/api/team").array(t), "name"), ","); got != "2nd Line Support" {
		t.Error(got)
	}
	if got := few.get("/api/team?showall=true").array(t); len(got) < 6 {
		t.Errorf("%d teams", len(got))
	}
}
