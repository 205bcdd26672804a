package access_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gantry/access"
	"gantry/fault"
)

// TestLinkingTakesOver: whoever had a way into an account before its owner first came from the provider has none
// after: neither a token nor a session that was begun before gets what the groups give.
func TestLinkingTakesOver(t *testing.T) {
	b := setup(t)
	b.user(t, "keeper@example.com", access.Admin, b.msp)
	b.user(t, "part@example.com", access.Admin, b.contoso)
	part, _ := b.signIn(t, "part@example.com")
	puppet, err := b.AddUser(ctx, part, access.NewUser{Login: "puppet@example.com", Password: goodPassword, Grants: []access.Grant{{OrganisationID: b.contoso.ID, Role: access.Viewer}}})
	must(t, err)
	own, _ := b.signIn(t, "puppet@example.com")
	text, _, err := b.AddToken(ctx, own, puppet.ID, access.NewToken{Name: "kept", Scopes: []access.Scope{access.AllScopes}})
	must(t, err)
	login := "kim@example.com"
	_, err = b.RenameUser(ctx, part, puppet.ID, &login, nil)
	must(t, err)
	must(t, b.SetPassword(ctx, part, puppet.ID, ""))

	p := newIdentityProvider(t, b)
	in, err := p.signIn(t, p.config(), kimAt("admins"))
	must(t, err)
	if in.User.ID != puppet.ID {
		t.Fatal("another account")
	}
	_, err = b.ByBearer(ctx, text, home)
	wantFault(t, err, fault.SignedOut)
	kim, err := b.BySession(ctx, in.Secret, home)
	must(t, err)
	mine, _, err := b.AddToken(ctx, kim, kim.UserID, access.NewToken{Name: "mine", Scopes: []access.Scope{access.RunsRead}})
	must(t, err)
	_, err = p.signIn(t, p.config(), kimAt("service desk"))
	must(t, err)
	if _, err = b.ByBearer(ctx, mine, home); err != nil {
		t.Error("a later sign-in ended the owner's own token:", err)
	}
	// Beside the provider there is no way in but by somebody who administers everything.
	_, err = p.signIn(t, p.config(), map[string]any{"sub": "43", "email": "lee@example.com", "email_verified": true, "groups": []string{"contoso viewers"}})
	wantFault(t, err, fault.Denied)
	config := p.config()
	config.Groups["contoso viewers"] = []access.ProviderGrant{{Role: access.Viewer, Organisation: "contoso"}}
	lee, err := p.signIn(t, config, map[string]any{"sub": "43", "email": "lee@example.com", "email_verified": true, "groups": []string{"contoso viewers"}})
	must(t, err)
	wantFault(t, b.SetPassword(ctx, part, lee.User.ID, goodPassword), fault.Denied, "through the provider")
	must(t, b.SetPassword(ctx, local, lee.User.ID, goodPassword))
}

// TestTokensForOthersStayBelow: a token that an administrator of a part makes for somebody else does not grow with them.
func TestTokensForOthersStayBelow(t *testing.T) {
	b := setup(t)
	b.user(t, "part@example.com", access.Admin, b.contoso)
	kim := b.user(t, "kim@example.com", access.Viewer, b.labs)
	part, _ := b.signIn(t, "part@example.com")
	_, _, err := b.AddToken(ctx, part, kim.ID, access.NewToken{Name: "a", Scopes: reads})
	wantFault(t, err, fault.InvalidInput, "over which organisation")
	text, _, err := b.AddToken(ctx, part, kim.ID, access.NewToken{Name: "a", Scopes: reads, OrganisationID: b.contoso.ID})
	must(t, err)
	_, err = b.GrantRole(ctx, local, kim.ID, access.Grant{OrganisationID: b.msp.ID, Role: access.Admin})
	must(t, err)
	c, err := b.ByBearer(ctx, text, home)
	must(t, err)
	if b.may(t, c, access.Viewer, access.RunsRead, b.northern) || !b.may(t, c, access.Viewer, access.RunsRead, b.labs) {
		t.Error("the token reaches what its owner was granted later, elsewhere")
	}
}

// TestOwnPasswordNeedsTheCurrent: neither a session nor a token that somebody has taken becomes the account.
func TestOwnPasswordNeedsTheCurrent(t *testing.T) {
	b := setup(t)
	u := b.user(t, "root@example.com", access.Admin, b.msp)
	session, _ := b.signIn(t, "root@example.com")
	text, _, err := b.AddToken(ctx, session, u.ID, access.NewToken{Name: "a", Scopes: []access.Scope{access.UsersWrite, access.UsersRead}})
	must(t, err)
	token, err := b.ByBearer(ctx, text, home)
	must(t, err)
	for _, c := range []*access.Caller{session, token} {
		wantFault(t, b.SetPassword(ctx, c, u.ID, "another orchid basalt"), fault.Denied, "current one")
	}
	_, err = b.SignIn(ctx, home, "root@example.com", goodPassword)
	must(t, err)
}

// TestHiddenUsersAreNotNamed: of users beyond reach nothing is said that was not asked with.
func TestHiddenUsersAreNotNamed(t *testing.T) {
	b := setup(t)
	hidden := b.user(t, "Ceo@Example.com", access.Admin, b.msp)
	b.user(t, "part@example.com", access.Admin, b.contoso)
	part, _ := b.signIn(t, "part@example.com")
	for _, ref := range []string{hidden.ID, "CEO@example.com", "nobody@example.com"} {
		_, err := b.User(ctx, part, ref)
		wantFault(t, err, fault.Missing, ref)
		wantFault(t, b.RemoveUser(ctx, part, ref), fault.Missing, ref)
		_, err = b.GrantRole(ctx, part, ref, access.Grant{OrganisationID: b.contoso.ID, Role: access.Viewer})
		wantFault(t, err, fault.Missing, ref)
		_, err = b.Tokens(ctx, part, ref)
		wantFault(t, err, fault.Missing, ref)
		for _, err := range []error{err, b.EndOtherSessions(ctx, part, ref)} {
			if strings.Contains(err.Error(), "Ceo@Example.com") {
				t.Error(err)
			}
		}
	}
}

// TestGrantsOfSeveralAreNobodysEntry: an administrator of one client does not read of another in the audit log.
func TestGrantsOfSeveralAreNobodysEntry(t *testing.T) {
	b := setup(t)
	b.user(t, "part@example.com", access.Admin, b.contoso)
	part, _ := b.signIn(t, "part@example.com")
	_, err := b.AddUser(ctx, local, access.NewUser{Login: "both@example.com", Grants: []access.Grant{
		{OrganisationID: b.contoso.ID, Role: access.Viewer}, {OrganisationID: b.northern.ID, Role: access.Viewer}}})
	must(t, err)
	entries, _, err := b.Audit(ctx, part, access.AuditFilter{})
	must(t, err)
	for _, e := range entries {
		for _, text := range e.Details {
			if strings.Contains(text, b.northern.Slug) {
				t.Errorf("%+v", e)
			}
		}
	}
	all, _, err := b.Audit(ctx, local, access.AuditFilter{Operation: "add-user"})
	must(t, err)
	if len(all) != 2 || all[0].Details["role_2"] != "viewer of northwind" {
		t.Errorf("%+v", all[0])
	}
}

// TestFoldedAddress: an address that is folded into another one's letters is not that other one.
func TestFoldedAddress(t *testing.T) {
	b := setup(t)
	b.user(t, "keeper@example.com", access.Admin, b.msp)
	_, err := b.AddUser(ctx, local, access.NewUser{Login: "kim@example.com", Grants: []access.Grant{{OrganisationID: b.msp.ID, Role: access.Admin}}})
	must(t, err)
	p := newIdentityProvider(t, b)
	_, err = p.signIn(t, p.config(), map[string]any{"sub": "66", "email": "ｋim@example.com", "email_verified": true, "groups": []string{"service desk"}})
	wantFault(t, err, fault.Denied)
}

// TestTwoDemotionsAtOnce: of two administrators who are demoted at the same moment one stays.
func TestTwoDemotionsAtOnce(t *testing.T) {
	b := setup(t)
	one, two := b.user(t, "one@example.com", access.Admin, b.msp), b.user(t, "two@example.com", access.Admin, b.msp)
	done := make(chan error, 2)
	for _, u := range []access.User{one, two} {
		go func() { _, err := b.RevokeRole(ctx, local, u.ID, b.msp.ID); done <- err }()
	}
	failed := 0
	for range 2 {
		if err := <-done; err != nil {
			wantFault(t, err, fault.Conflict)
			failed++
		}
	}
	if failed != 1 {
		t.Errorf("%d of 2 were refused", failed)
	}
}

// TestProviderIsLeftAlone: one that does not answer is not asked by everybody who comes, one after the other.
func TestProviderIsLeftAlone(t *testing.T) {
	b := setup(t)
	asked := 0
	down := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer down.Close()
	provider, err := access.NewProvider(b.Service, access.OIDC{Issuer: down.URL, ClientID: "gantry"}, callback, down.Client())
	must(t, err)
	for range 3 {
		_, _, err := provider.Begin(ctx, "/")
		wantFault(t, err, fault.Network, "does not answer")
	}
	if b.clock.pass(5 * time.Second); asked != 1 {
		t.Errorf("asked %d times", asked)
	}
	_, _, err = provider.Begin(ctx, "/")
	wantFault(t, err, fault.Network)
	if asked != 2 {
		t.Errorf("asked %d times after a while", asked)
	}
}
