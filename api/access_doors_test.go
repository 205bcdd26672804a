package api_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"gantry/access"
	"gantry/api"
	"gantry/fault"
)

// TestSetUpFirst: until somebody administers Gantry, it answers nothing else.
func TestSetUpFirst(t *testing.T) {
	d := openDoors(t)
	c := d.browser(t)
	link, err := d.access.RenewSetUpLink(t.Context())
	must(t, err)
	for _, path := range []string{"/me", "/users", "/organisations", "/audit", "/sign-in/provider"} {
		if text := d.want(t, 503, c, "GET", path, ""); !strings.Contains(text, "open the link") {
			t.Errorf("%s answers %s", path, text)
		}
	}
	d.want(t, 503, c, "POST", "/sign-in", `{"login":"a","password":"b"}`)
	if text := d.want(t, 200, c, "GET", "/sign-in", ""); !strings.Contains(text, `"set_up":true`) {
		t.Error(text)
	}
	first := `{"secret":"%s","login":"first@example.com","name":"","password":"%s"}`
	d.want(t, 401, c, "POST", "/set-up", fmt.Sprintf(first, "guess", goodPassword))
	d.want(t, 422, c, "POST", "/set-up", fmt.Sprintf(first, link, "short"))
	resp, text := d.send(t, c, "POST", "/set-up", fmt.Sprintf(first, link, goodPassword))
	if resp.StatusCode != 200 || strings.Contains(text, goodPassword) {
		t.Fatalf("status %d: %s", resp.StatusCode, text)
	}
	if got := resp.Header.Get("Set-Cookie"); !strings.HasPrefix(got, "__Host-gantry=") || !strings.HasSuffix(got, "; Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax") {
		t.Errorf("cookie %s", got)
	}
	if text := d.want(t, 200, c, "GET", "/me", ""); !strings.Contains(text, `"login":"first@example.com"`) {
		t.Error(text)
	}
	d.want(t, 401, d.browser(t), "POST", "/set-up", fmt.Sprintf(first, link, goodPassword))
	d.want(t, 401, d.browser(t), "GET", "/me", "")
}

// TestOtherSitesAreRefused: what another site makes a browser send, with the cookie, changes nothing.
func TestOtherSitesAreRefused(t *testing.T) {
	d := openDoors(t)
	c := d.admin(t)
	for name, headers := range map[string][]string{
		"said by the browser":        {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
		"another host of the domain": {"Sec-Fetch-Site", "same-site", "Origin", "https://www.example.com"},
		"an old browser":             {"Origin", "https://evil.example"},
		"a page in a sandbox":        {"Origin", "null"},
	} {
		t.Run(name, func(t *testing.T) {
			d.want(t, 403, c, "POST", "/sign-out", "", headers...)
			d.want(t, 403, c, "DELETE", "/me/sessions", "", headers...)
			d.want(t, 403, d.browser(t), "POST", "/sign-in", `{"login":"admin@example.com","password":"`+goodPassword+`"}`, headers...)
		})
	}
	d.want(t, 400, c, "POST", "/me/tokens", `{}`, "Content-Type", "text/plain") // which forms can send
	d.want(t, 204, c, "DELETE", "/me/sessions", "", "Sec-Fetch-Site", "same-origin", "Origin", d.URL)
	resp, _ := d.send(t, c, "POST", "/sign-out", "", "Sec-Fetch-Site", "same-origin")
	if got := resp.Header.Get("Set-Cookie"); resp.StatusCode != 204 || !strings.HasPrefix(got, "__Host-gantry=; Path=/; Max-Age=0") {
		t.Errorf("status %d, cookie %s", resp.StatusCode, got)
	}
	d.want(t, 401, c, "GET", "/me", "")
}

// TestTokens: a token needs neither cookie nor origin, and its scopes hold.
func TestTokens(t *testing.T) {
	d := openDoors(t)
	c := d.admin(t)
	token := field(t, d.want(t, 200, c, "POST", "/me/tokens", `{"name":"import","scopes":["organisations:read","users:read"],"organisation":"labs"}`), "secret")
	if text := d.want(t, 200, c, "GET", "/me/tokens", ""); strings.Contains(text, token) || !strings.Contains(text, `"name":"import"`) {
		t.Errorf("tokens %s", text)
	}
	client, err := api.NewClient(d.URL, token, d.Client().Transport)
	must(t, err)
	me, err := api.ShowMe.Call(t.Context(), client, &struct{}{})
	must(t, err)
	if me.Body.Kind != access.ByToken || me.Body.Token != "import" || len(me.Body.Grants) != 1 || me.Body.Grants[0].OrganisationID != d.labs.ID {
		t.Errorf("me %+v", me.Body)
	}
	if shown := me.Body.User.Grants; len(shown) != 1 || shown[0].Organisation != "labs" || shown[0].GrantedBy != "" {
		t.Errorf("the token is told %+v", shown)
	}
	list, err := api.ListOrganisations.Call(t.Context(), client, &api.ListOrganisationsIn{})
	must(t, err)
	if len(list.Body.Organisations) != 1 || list.Body.Organisations[0].Slug != "labs" {
		t.Errorf("sees %+v", list.Body.Organisations)
	}
	_, err = api.AddUser.Call(t.Context(), client, &api.AddUserIn{})
	wantFault(t, err, fault.Denied, "scope users:write")
	var more api.AddMyTokenIn
	more.Body = api.NewToken{Name: "child", Scopes: []access.Scope{access.AllScopes}}
	_, err = api.AddMyToken.Call(t.Context(), client, &more)
	wantFault(t, err, fault.Denied)
	_, err = api.ChangePassword.Call(t.Context(), client, &api.ChangePasswordIn{})
	wantFault(t, err, fault.Denied)
	d.want(t, 204, c, "DELETE", "/me/tokens/import", "")
	_, err = api.ShowMe.Call(t.Context(), client, &struct{}{})
	wantFault(t, err, fault.SignedOut, "revoked")
}

// TestAuthenticate: what is no token, or no session, is refused and not passed over.
func TestAuthenticate(t *testing.T) {
	d := openDoors(t)
	d.admin(t)
	in, err := d.access.SignIn(t.Context(), access.Origin{}, "admin@example.com", goodPassword)
	must(t, err)
	text, _, err := d.access.AddToken(t.Context(), local, "admin@example.com", access.NewToken{Name: "x", Scopes: []access.Scope{access.RunsRead}})
	must(t, err)
	good, token := "__Host-gantry="+string(in.Secret), "Bearer "+string(text)
	for name, c := range map[string]struct {
		cookies, tokens []string
		plain           bool
		want            string // kind of caller, or code
	}{
		"nothing":                       {want: "nil"},
		"session":                       {cookies: []string{good}, want: "user"},
		"token":                         {tokens: []string{token}, want: "token"},
		"lower case scheme":             {tokens: []string{strings.Replace(token, "Bearer", "bearer", 1)}, want: "token"},
		"token before session":          {cookies: []string{good}, tokens: []string{token}, want: "token"},
		"a wrong token and a session":   {cookies: []string{good}, tokens: []string{token + "x"}, want: "signed_out"},
		"two tokens":                    {tokens: []string{token, token}, want: "signed_out"},
		"basic":                         {tokens: []string{"Basic YWRtaW46YWRtaW4="}, want: "signed_out"},
		"empty":                         {tokens: []string{""}, want: "signed_out"},
		"control characters":            {tokens: []string{token + "\x00\r\nX: y"}, want: "signed_out"},
		"two sessions":                  {cookies: []string{good, good}, want: "signed_out"},
		"a session of nobody":           {cookies: []string{"__Host-gantry=" + strings.Repeat("A", 43)}, want: "signed_out"},
		"no session":                    {cookies: []string{"__Host-gantry=x"}, want: "signed_out"},
		"control characters in cookies": {cookies: []string{good + "\x01"}, want: "nil"}, // net/http drops such cookies
		"the cookie's name on http":     {cookies: []string{"gantry_dev=" + string(in.Secret)}, want: "nil"},
		"on http":                       {cookies: []string{"gantry_dev=" + string(in.Secret)}, plain: true, want: "user"},
		"another's name on http":        {cookies: []string{good}, plain: true, want: "nil"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.Header["Cookie"], r.Header["Authorization"] = c.cookies, c.tokens
			caller, err := api.Doors{Access: func() *access.Service { return d.access }, PlainHTTP: c.plain}.Authenticate(r)
			got := "nil"
			if caller != nil {
				got = string(caller.Kind)
			}
			if err != nil {
				got = string(fault.From(err).Code)
			}
			if got != c.want || caller != nil && caller.From != "192.0.2.1" {
				t.Errorf("%s (%v), want %s", got, caller, c.want)
			}
		})
	}
}

// TestControlCharactersInHeaders sends what no client would.
func TestControlCharactersInHeaders(t *testing.T) {
	d := openDoors(t)
	d.admin(t)
	conn, err := tls.Dial("tcp", d.Listener.Addr().String(), d.Client().Transport.(*http.Transport).TLSClientConfig)
	must(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "GET %s/me HTTP/1.1\r\nHost: gantry\r\nAuthorization: Bearer gnt_\x00\x1b\r\n\r\n", api.Base)
	must(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer resp.Body.Close()
	if resp.StatusCode != 400 && resp.StatusCode != 401 {
		t.Errorf("status %d", resp.StatusCode)
	}
}

// TestProviderSignIn goes the whole way through the browser.
func TestProviderSignIn(t *testing.T) {
	d := openDoors(t)
	d.admin(t)
	d.provider.Claims = map[string]any{"sub": "42", "email": "kim@example.com", "email_verified": true}
	c := d.browser(t)
	resp, _ := d.send(t, c, "GET", "/sign-in/provider?return=/runs", "")
	if cookie := resp.Header.Get("Set-Cookie"); resp.StatusCode != 303 || !strings.HasPrefix(cookie, "__Host-gantry-sign-in=") || !strings.HasSuffix(cookie, "; HttpOnly; Secure; SameSite=Lax") {
		t.Fatalf("status %d, cookie %s", resp.StatusCode, cookie)
	}
	state, code := d.provider.Authorise(t, resp.Header.Get("Location"), d.URL+api.ProviderCallback)
	back := "/sign-in/provider/callback?state=" + state + "&code=" + code + "&iss=x&session_state=y"
	d.want(t, 401, d.browser(t), "GET", back, "") // another browser
	d.want(t, 401, c, "GET", "/sign-in/provider/callback?error=access_denied&state="+state, "")
	resp, _ = d.send(t, c, "GET", back, "", "Sec-Fetch-Site", "cross-site")
	if resp.StatusCode != 303 || resp.Header.Get("Location") != "/runs" || len(resp.Header.Values("Set-Cookie")) != 2 {
		t.Fatalf("status %d to %s with %v", resp.StatusCode, resp.Header.Get("Location"), resp.Header.Values("Set-Cookie"))
	}
	if text := d.want(t, 200, c, "GET", "/me", ""); !strings.Contains(text, `"login":"kim@example.com"`) {
		t.Error(text)
	}
	d.want(t, 401, c, "GET", back, "") // the code and the cookie are used up
	if text := d.want(t, 200, c, "GET", "/sign-in", ""); !strings.Contains(text, `"provider":"127.0.0.1"`) {
		t.Error(text)
	}
}

// TestUsersOverTheAPI: each change has one entry in the audit log, under the operation's id and the person's name.
func TestUsersOverTheAPI(t *testing.T) {
	d := openDoors(t)
	c := d.admin(t)
	d.want(t, 200, c, "POST", "/users", `{"login":"kim@example.com","password":"`+goodPassword+`","grants":[{"role":"viewer","organisation":"labs"}]}`)
	d.want(t, 409, c, "POST", "/users", `{"login":"KIM@example.com"}`)
	d.want(t, 404, c, "POST", "/users", `{"login":"lee@example.com","grants":[{"role":"viewer","organisation":"nowhere"}]}`)
	d.want(t, 200, c, "PUT", "/users/kim@example.com/grants/labs", `{"role":"admin"}`)
	d.want(t, 422, c, "PUT", "/users/kim@example.com/grants/labs", `{"role":"god"}`)
	kim := d.browser(t)
	d.want(t, 200, kim, "POST", "/sign-in", `{"login":"kim@example.com","password":"`+goodPassword+`"}`)
	d.want(t, 404, kim, "GET", "/users/admin@example.com", "")
	d.want(t, 404, kim, "PUT", "/users/kim@example.com/grants/_", `{"role":"admin"}`)
	d.want(t, 404, kim, "DELETE", "/users/admin@example.com", "")
	if text := d.want(t, 200, kim, "GET", "/users", ""); strings.Contains(text, `"login":"admin@example.com"`) {
		t.Errorf("sees %s", text)
	}
	d.want(t, 200, c, "PATCH", "/users/kim@example.com", `{"disabled":true,"name":"Kim"}`)
	d.want(t, 401, kim, "GET", "/me", "")
	d.want(t, 409, c, "DELETE", "/users/admin@example.com", "")
	d.want(t, 200, c, "DELETE", "/users/kim@example.com/grants/labs", "")
	d.want(t, 204, c, "PUT", "/users/kim@example.com/password", `{"password":"harbour lentil quick moon"}`)
	d.want(t, 200, c, "POST", "/users/kim@example.com/tokens", `{"name":"x","scopes":["all"],"never":true}`)
	d.want(t, 200, c, "GET", "/users/kim@example.com/tokens", "")
	d.want(t, 204, c, "DELETE", "/users/kim@example.com/tokens/x", "")
	d.want(t, 204, c, "DELETE", "/users/kim@example.com/sessions", "")
	d.want(t, 204, c, "DELETE", "/users/kim@example.com", "")
	d.want(t, 401, d.browser(t), "POST", "/sign-in", `{"login":"kim@example.com","password":"wrong wrong wrong"}`)
	entries, _, err := d.access.Audit(t.Context(), local, access.AuditFilter{})
	must(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, fmt.Sprintf("%s %s %s %s", e.Login, e.Operation, e.Target, e.Outcome))
	}
	slices.Reverse(got)
	want := strings.Split(`root add-user admin@example.com done
admin@example.com sign-in admin@example.com done
admin@example.com add-user kim@example.com done
admin@example.com add-user KIM@example.com failed
admin@example.com add-user /users failed
admin@example.com grant-role kim@example.com done
admin@example.com grant-role /users/kim@example.com/grants/labs failed
kim@example.com sign-in kim@example.com done
kim@example.com grant-role /users/kim@example.com/grants/_ failed
kim@example.com remove-user admin@example.com failed
admin@example.com change-user kim@example.com done
admin@example.com remove-user admin@example.com failed
admin@example.com revoke-role kim@example.com done
admin@example.com set-password kim@example.com done
admin@example.com add-token kim@example.com/x done
admin@example.com revoke-token kim@example.com/x done
admin@example.com end-sessions kim@example.com done
admin@example.com remove-user kim@example.com done
 sign-in (unknown login) refused`, "\n")
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("log\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if text := d.want(t, 200, c, "GET", "/audit?limit=2&outcome=refused", ""); !strings.Contains(text, "(unknown login)") || strings.Contains(text, "wrong wrong") {
		t.Errorf("audit %s", text)
	}
	next := field(t, d.want(t, 200, c, "GET", "/audit?limit=3", ""), "next")
	d.want(t, 200, c, "GET", "/audit?limit=3&cursor="+next, "")
	d.want(t, 422, c, "GET", "/audit?cursor=x", "")
}
