package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gantry/access"
	"gantry/access/accesstest"
	"gantry/api"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/store"
)

var (
	must      = faulttest.Must
	wantFault = faulttest.Want
	local     = access.Local("root")
)

const goodPassword = "orchid tram basalt nine"

// doors is an API over https, with a browser that has signed nobody in.
type doors struct {
	*httptest.Server
	access    *access.Service
	orgs      *orgs.Service
	provider  *accesstest.Provider
	msp, labs orgs.Organisation
	now       time.Time
}

func openDoors(t *testing.T) *doors {
	t.Helper()
	d := &doors{now: time.Now().UTC()}
	clock := func() time.Time { return d.now }
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{}, orgs.Migrations(), access.Migrations())
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	ring, err := orgs.NewKeyring(bytes.Repeat([]byte{1}, 32))
	must(t, err)
	d.orgs = orgs.New(s, ring, clock)
	d.access = access.New(s, d.orgs, clock, access.WithCost(access.Cost{Memory: 64, Passes: 1}))
	d.msp, err = d.orgs.Create(t.Context(), orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"})
	must(t, err)
	d.labs, err = d.orgs.Create(t.Context(), orgs.NewOrganisation{Slug: "labs", Name: "Labs"})
	must(t, err)
	d.provider = accesstest.New(t, clock)
	handler := http.NewServeMux() // the API's handler needs the address, which the provider sends people back to
	d.Server = httptest.NewTLSServer(handler)
	t.Cleanup(d.Close)
	provider, err := access.NewProvider(d.access, access.OIDC{Issuer: d.provider.URL, ClientID: accesstest.Client, ClientSecret: accesstest.Secret,
		CreateUsers: true, EmailDomains: []string{"example.com"}, DefaultGrant: &access.ProviderGrant{Role: access.Viewer, Organisation: "labs"}},
		d.URL+api.ProviderCallback, d.provider.Server.Client())
	must(t, err)
	ways := api.Doors{Access: func() *access.Service { return d.access }, Provider: provider}
	handler.Handle("/", api.New(api.House{Orgs: func() *orgs.Service { return d.orgs }, Access: ways.Access, SignIn: ways.Authenticate, Doors: ways,
		Closed: func(ctx context.Context) error {
			if needed, err := d.access.NeedsSetUp(ctx); err != nil || needed {
				return fault.New(fault.Interrupted, "not set up").WithHint("open the link")
			}
			return nil
		}, Now: clock}).Handler())
	return d
}

// browser gives a browser of its own.
func (d *doors) browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	return &http.Client{Transport: d.Client().Transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// send sends a request with JSON and headers (name, value, …), and gives the answer and its body.
func (d *doors) send(t *testing.T, c *http.Client, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, d.URL+api.Base+path, strings.NewReader(body))
	must(t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.Do(r)
	must(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp, string(text)
}

// want is send for the status alone.
func (d *doors) want(t *testing.T, status int, c *http.Client, method, path, body string, headers ...string) string {
	t.Helper()
	resp, text := d.send(t, c, method, path, body, headers...)
	if resp.StatusCode != status {
		t.Fatalf("%s %s: status %d, want %d: %s", method, path, resp.StatusCode, status, text)
	}
	return text
}

// admin makes an administrator of everything, signed in.
func (d *doors) admin(t *testing.T) *http.Client {
	t.Helper()
	_, err := d.access.AddUser(t.Context(), local, access.NewUser{Login: "admin@example.com", Password: goodPassword,
		Grants: []access.Grant{{OrganisationID: d.msp.ID, Role: access.Admin}}})
	must(t, err)
	c := d.browser(t)
	d.want(t, 200, c, "POST", "/sign-in", `{"login":"Admin@example.com","password":"`+goodPassword+`"}`)
	return c
}

func field(t *testing.T, text, name string) string {
	t.Helper()
	var doc map[string]any
	must(t, json.Unmarshal([]byte(text), &doc))
	value, _ := doc[name].(string)
	return value
}
