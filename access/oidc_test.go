package access_test

import (
	"testing"
	"time"

	"gantry/access"
	"gantry/access/accesstest"
	"gantry/fault"
)

// identityProvider is a provider beside a house of organisations.
type identityProvider struct {
	*accesstest.Provider
	bundle *bundle
}

func newIdentityProvider(t *testing.T, b *bundle) *identityProvider {
	return &identityProvider{accesstest.New(t, b.clock.Now), b}
}

const callback = "https://gantry.example/callback"

func (p *identityProvider) config() access.OIDC {
	return access.OIDC{Issuer: p.URL, ClientID: accesstest.Client, ClientSecret: accesstest.Secret, CreateUsers: true, EmailDomains: []string{"Example.com"},
		GroupsClaim: "groups", Groups: map[string][]access.ProviderGrant{"admins": {{Role: access.Admin}},
			"service desk": {{Role: access.Operator, Organisation: "contoso"}, {Role: access.Viewer, Organisation: "northwind"}}}}
}

// signIn goes the whole way of somebody with the claims.
func (p *identityProvider) signIn(t *testing.T, config access.OIDC, claims map[string]any) (access.SignedIn, error) {
	t.Helper()
	p.Claims = claims
	provider, err := access.NewProvider(p.bundle.Service, config, callback, p.Server.Client())
	must(t, err)
	address, flow, err := provider.Begin(ctx, "/runs")
	must(t, err)
	state, code := p.Authorise(t, address, callback)
	kept, ok := access.ParseFlow(flow.Encode())
	if !ok || kept.Return != "/runs" {
		t.Fatalf("flow %+v", kept)
	}
	return provider.Finish(ctx, home, kept, state, code)
}

func kimAt(groups ...string) map[string]any {
	return map[string]any{"sub": "42", "email": "kim@example.com", "email_verified": true, "name": "Kim Okonkwo", "groups": groups}
}

func TestProviderCreatesUsers(t *testing.T) {
	b := setup(t)
	b.user(t, "keeper@example.com", access.Admin, b.msp)
	p := newIdentityProvider(t, b)
	in, err := p.signIn(t, p.config(), kimAt("service desk", "others"))
	must(t, err)
	if u := in.User; u.Login != "kim@example.com" || u.Name != "Kim Okonkwo" || !u.Linked || u.HasPassword || len(u.Grants) != 2 || u.Grants[0].Source != access.FromGroups {
		t.Errorf("user %+v", u)
	}
	c, err := b.BySession(ctx, in.Secret, home)
	must(t, err)
	if !b.may(t, c, access.Operator, access.RunsWrite, b.labs) || b.may(t, c, access.Operator, access.RunsWrite, b.northern) {
		t.Error("the groups' roles are not what counts")
	}
	// The next time: the same user, whatever the address says now, with what the groups give now.
	moved := kimAt("admins")
	moved["email"] = "someone.else@elsewhere.example"
	again, err := p.signIn(t, p.config(), moved)
	must(t, err)
	if again.User.ID != in.User.ID || len(again.User.Grants) != 1 || again.User.Grants[0].Role != access.Admin {
		t.Errorf("user %+v", again.User)
	}
	_, err = b.Disable(ctx, local, in.User.ID, true)
	must(t, err)
	_, err = p.signIn(t, p.config(), kimAt("admins"))
	wantFault(t, err, fault.SignedOut)
}

// TestProviderRefuses: each is a way in that others left open.
func TestProviderRefuses(t *testing.T) {
	b := setup(t)
	b.user(t, "password@example.com", access.Admin, b.msp)
	p := newIdentityProvider(t, b)
	with := func(name string, value any) map[string]any {
		claims := kimAt("admins")
		claims[name] = value
		return claims
	}
	closed, assumed := p.config(), p.config()
	closed.CreateUsers = false
	assumed.AssumeEmailVerified = true
	for name, c := range map[string]struct {
		config access.OIDC
		claims map[string]any
		code   fault.Code
		why    string
	}{
		"address not verified":         {p.config(), with("email_verified", false), fault.Denied, "not verified"},
		"verification not told":        {p.config(), with("email_verified", nil), fault.Denied, "not verified"},
		"not verified, though assumed": {assumed, with("email_verified", false), fault.Denied, "not verified"},
		"another domain":               {p.config(), with("email", "kim@evil.example"), fault.Denied, "domain"},
		"a domain that ends alike":     {p.config(), with("email", "kim@notexample.com"), fault.Denied, "domain"},
		"two addresses":                {p.config(), with("email", "kim@example.com@evil.example"), fault.Denied, "domain"},
		"no address":                   {p.config(), with("email", ""), fault.Denied, "address"},
		"no subject":                   {p.config(), with("sub", ""), fault.SignedOut, ""},
		"no group with a role":         {p.config(), with("groups", []string{"others"}), fault.Denied, "groups"},
		"too many groups to list": {p.config(), map[string]any{"sub": "7", "_claim_names": map[string]any{"groups": "src1"},
			"_claim_sources": map[string]any{"src1": map[string]any{"endpoint": "https://graph.example"}}}, fault.SignedOut, "too many"},
		"a user with a password": {p.config(), with("email", "password@example.com"), fault.Denied, "otherwise"},
		"users are not created":  {closed, kimAt("admins"), fault.Denied, "no user"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := p.signIn(t, c.config, c.claims)
			wantFault(t, err, c.code, c.why)
		})
	}
	spoiled := map[string]func(map[string]any){
		"another issuer":   func(c map[string]any) { c["iss"] = "https://evil.example" },
		"another audience": func(c map[string]any) { c["aud"] = "someone else" },
		"expired":          func(c map[string]any) { c["exp"] = b.clock.Now().Add(-time.Minute).Unix() },
		"another nonce":    func(c map[string]any) { c["nonce"] = "replayed" },
		"no nonce":         func(c map[string]any) { delete(c, "nonce") },
	}
	for name, spoil := range spoiled {
		t.Run(name, func(t *testing.T) {
			p.Spoil = spoil
			_, err := p.signIn(t, p.config(), kimAt("admins"))
			wantFault(t, err, fault.SignedOut, "failed")
		})
	}
	p.Spoil = func(map[string]any) {}
	t.Run("another key", func(t *testing.T) {
		honest := p.Key
		defer func() { p.Key = honest }()
		p.Key = accesstest.NewKey(t)
		_, err := p.signIn(t, p.config(), kimAt("admins"))
		wantFault(t, err, fault.SignedOut, "failed")
	})
	users, err := b.Users(ctx, local)
	must(t, err)
	if len(users) != 1 {
		t.Errorf("there are users now: %+v", users)
	}
}

// TestProviderBindsTheBrowser: state and code of one browser are of no use in another, nor later on.
func TestProviderBindsTheBrowser(t *testing.T) {
	b := setup(t)
	p := newIdentityProvider(t, b)
	p.Claims = kimAt("admins")
	provider, err := access.NewProvider(b.Service, p.config(), callback, p.Server.Client())
	must(t, err)
	address, mine, err := provider.Begin(ctx, "https://evil.example")
	must(t, err)
	_, other, err := provider.Begin(ctx, "")
	must(t, err)
	if mine.Return != "/" {
		t.Errorf("leads to %s", mine.Return)
	}
	state, code := p.Authorise(t, address, callback)
	for name, f := range map[string]access.Flow{"another browser": other, "no cookie": {}, "another verifier": {State: mine.State, Nonce: mine.Nonce, Verifier: other.Verifier, Began: mine.Began}} {
		_, err = provider.Finish(ctx, home, f, state, code)
		wantFault(t, err, fault.SignedOut)
		if name == "no cookie" {
			_, err = provider.Finish(ctx, home, f, "", code)
			wantFault(t, err, fault.SignedOut)
		}
	}
	b.clock.pass(access.FlowHolds + time.Second)
	_, err = provider.Finish(ctx, home, mine, state, code)
	wantFault(t, err, fault.SignedOut, "too long ago")
}

// TestProviderLinksWhomAnAdministratorAdded: without a password, under their address; and the last administrator stays.
func TestProviderLinksWhomAnAdministratorAdded(t *testing.T) {
	b := setup(t)
	p := newIdentityProvider(t, b)
	config := p.config()
	config.CreateUsers, config.AssumeEmailVerified = false, true
	added, err := b.AddUser(ctx, local, access.NewUser{Login: "Kim@Example.com", Grants: []access.Grant{{OrganisationID: b.contoso.ID, Role: access.Author}}})
	must(t, err)
	claims := kimAt("admins")
	delete(claims, "email_verified") // Entra ID does not tell
	in, err := p.signIn(t, config, claims)
	must(t, err)
	if in.User.ID != added.ID || len(in.User.Grants) != 2 {
		t.Errorf("user %+v", in.User)
	}
	in, err = p.signIn(t, config, kimAt())
	must(t, err)
	c, err := b.BySession(ctx, in.Secret, home)
	must(t, err)
	if !b.may(t, c, access.Admin, access.UsersWrite, b.msp) {
		t.Error("nobody administers")
	}
	imposter := kimAt("admins")
	imposter["sub"] = "43" // the address was given to somebody else
	_, err = p.signIn(t, config, imposter)
	wantFault(t, err, fault.Denied)
}

func TestProviderIsDown(t *testing.T) {
	b := setup(t)
	p := newIdentityProvider(t, b)
	provider, err := access.NewProvider(b.Service, access.OIDC{Issuer: "http://127.0.0.1:1", ClientID: "gantry"}, callback, p.Server.Client())
	must(t, err)
	_, _, err = provider.Begin(ctx, "/")
	wantFault(t, err, fault.Network, "issuer")
}

func TestProviderConfiguration(t *testing.T) {
	must(t, access.OIDC{}.Validate())
	fine := func() access.OIDC {
		return access.OIDC{Issuer: "https://id.example.com", ClientID: "gantry", EmailDomains: []string{"example.com"}}
	}
	must(t, fine().Validate())
	for why, change := range map[string]func(*access.OIDC){
		"issuer is not the address": func(c *access.OIDC) { c.Issuer = "id.example.com" },
		"https://":                  func(c *access.OIDC) { c.Issuer = "http://id.example.com" },
		"tenant":                    func(c *access.OIDC) { c.Issuer = "https://login.microsoftonline.com/common/v2.0" },
		"client_id":                 func(c *access.OIDC) { c.ClientID = "" },
		"whose addresses":           func(c *access.OIDC) { c.CreateUsers, c.EmailDomains = true, nil },
		"without any role":          func(c *access.OIDC) { c.CreateUsers = true },
		"groups go together":        func(c *access.OIDC) { c.GroupsClaim = "groups" },
		"no domain":                 func(c *access.OIDC) { c.EmailDomains = []string{"*.example.com"} },
		"need a role":               func(c *access.OIDC) { c.DefaultGrant = &access.ProviderGrant{} },
	} {
		c := fine()
		change(&c)
		wantFault(t, c.Validate(), fault.InvalidInput, why)
	}
}
