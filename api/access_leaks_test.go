package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gantry/access"
	"gantry/api"
	"gantry/orgs"
)

// TestSlippedInFlow: on https only the cookie that no other host of the domain can set binds a sign-in to the browser.
func TestSlippedInFlow(t *testing.T) {
	d := openDoors(t)
	d.admin(t)
	d.provider.Claims = map[string]any{"sub": "66", "email": "mallory@example.com", "email_verified": true}
	resp, _ := d.send(t, d.browser(t), "GET", "/sign-in/provider", "")
	state, code := d.provider.Authorise(t, resp.Header.Get("Location"), d.URL+api.ProviderCallback)
	at, err := url.Parse(d.URL)
	must(t, err)
	flow := resp.Cookies()[0].Value
	victim := d.browser(t)
	victim.Jar.SetCookies(at, []*http.Cookie{{Name: "gantry_dev_sign_in", Value: flow}})
	d.want(t, 401, victim, "GET", "/sign-in/provider/callback?state="+state+"&code="+code, "")
}

// TestNothingOfOthers: who may nothing elsewhere is not told what is there, whatever they ask about.
func TestNothingOfOthers(t *testing.T) {
	d := openDoors(t)
	d.admin(t)
	other, err := d.orgs.Create(t.Context(), orgs.NewOrganisation{Slug: "other", Name: "Other", Parent: "acme-msp"})
	must(t, err)
	_, err = d.access.AddUser(t.Context(), local, access.NewUser{Login: "kim@example.com", Password: goodPassword, Grants: []access.Grant{
		{OrganisationID: d.labs.ID, Role: access.Viewer}, {OrganisationID: other.ID, Role: access.Viewer}}})
	must(t, err)
	_, err = d.orgs.Create(t.Context(), orgs.NewOrganisation{Slug: "hidden", Name: "Hidden", Parent: "acme-msp"})
	must(t, err)
	kim := d.browser(t)
	d.want(t, 200, kim, "POST", "/sign-in", `{"login":"kim@example.com","password":"`+goodPassword+`"}`)
	wanted := `{"name":"a","scopes":["runs:read"],"organisation":"%s"}`
	there := d.want(t, 404, kim, "POST", "/me/tokens", strings.ReplaceAll(wanted, "%s", "hidden"))
	nowhere := d.want(t, 404, kim, "POST", "/me/tokens", strings.ReplaceAll(wanted, "%s", "nothing"))
	if strings.ReplaceAll(there, "hidden", "nothing") != nowhere {
		t.Errorf("a slug that there is\n%s\nand one that there is not\n%s", there, nowhere)
	}
	token := field(t, d.want(t, 200, kim, "POST", "/me/tokens", strings.ReplaceAll(wanted, "%s", "labs")), "secret")
	if text := d.want(t, 200, d.browser(t), "GET", "/me", "", "Authorization", "Bearer "+token); strings.Contains(text, other.ID) || strings.Contains(text, `"other"`) {
		t.Errorf("a token for one client is told of another: %s", text)
	}
}
