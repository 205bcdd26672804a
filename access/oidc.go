package access

import (
	"net/url"
	"slices"
	"strings"

	"gantry/fault"
)

// OIDC says how people sign in through an OpenID Connect provider, such as Microsoft Entra ID, Google or Keycloak.
// The zero value: they do not.
type OIDC struct {
	Issuer       string   // the provider's address, below which /.well-known/openid-configuration lies
	ClientID     string   //
	ClientSecret string   // "" for public clients: PKCE is used in any case
	Name         string   // what the button says; the issuer's host unless said
	Scopes       []string // asked for beside openid; email and profile unless said

	// CreateUsers lets people in whom nobody has added. Without it only users that an administrator added come in.
	CreateUsers bool
	// EmailDomains are those whose addresses the provider is believed for: without any, nobody is linked or created.
	EmailDomains []string
	// AssumeEmailVerified believes addresses without the claim email_verified. It is for providers that never send it
	// and let nobody choose an address, such as a single tenant of Entra ID; never for one where people sign themselves up.
	AssumeEmailVerified bool
	// DefaultGrant is what new users get; none where nil.
	DefaultGrant *ProviderGrant
	// GroupsClaim names the claim with the groups; Groups says what each gives. Both are looked at at each sign-in.
	GroupsClaim string
	Groups      map[string][]ProviderGrant
}

// ProviderGrant is a role over an organisation, by its slug; "" is the MSP.
type ProviderGrant struct {
	Role         Role
	Organisation string
}

// DefaultScopes are what is asked for beside openid unless Scopes says.
func DefaultScopes() []string { return []string{"email", "profile"} }

// On tells whether people sign in through a provider.
func (c OIDC) On() bool { return c.Issuer != "" }

// Validate tells what is wrong with the configuration.
func (c OIDC) Validate() error {
	if !c.On() {
		return nil
	}
	at, err := url.Parse(c.Issuer)
	switch {
	case err != nil || at.Host == "" || at.User != nil || at.RawQuery != "" || at.Fragment != "":
		return wrongOIDC("issuer", "is not the address of a provider").WithHint("for example https://login.microsoftonline.com/TENANT/v2.0")
	case at.Scheme != "https" && (at.Scheme != "http" || !Loopback(at.Hostname())):
		return wrongOIDC("issuer", "must begin with https://")
	case strings.Contains(c.Issuer, "/common/") || strings.Contains(c.Issuer, "/organizations/"): //nolint:misspell // it is written so there
		return wrongOIDC("issuer", "is Entra ID's address for everybody's tenants").WithHint("write your own tenant's id in place of common")
	case c.ClientID == "":
		return wrongOIDC("client_id", "is missing")
	case c.CreateUsers && len(c.EmailDomains) == 0:
		return wrongOIDC("email_domains", "is missing: create_users needs to know whose addresses are believed")
	case c.CreateUsers && c.DefaultGrant == nil && len(c.Groups) == 0:
		return wrongOIDC("create_users", "makes users without any role").WithHint("add default_grant, or groups_claim and groups")
	case (c.GroupsClaim == "") != (len(c.Groups) == 0):
		return wrongOIDC("groups_claim", "and groups go together")
	}
	for _, domain := range c.EmailDomains {
		if domain == "" || strings.ContainsAny(domain, "@*/ ") || !strings.Contains(domain, ".") {
			return wrongOIDC("email_domains", "has %q, which is no domain", shortened(domain)).WithHint("for example example.com; each is written out")
		}
	}
	for _, g := range c.grants() {
		if g.Role < Viewer || g.Role > Admin {
			return wrongOIDC("default_grant and groups", "need a role: viewer, operator, author or admin")
		}
	}
	return nil
}

// grants gives all grants that the configuration can give.
func (c OIDC) grants() []ProviderGrant {
	var all []ProviderGrant
	if c.DefaultGrant != nil {
		all = append(all, *c.DefaultGrant)
	}
	for _, of := range c.Groups {
		all = append(all, of...)
	}
	return all
}

// Title is what the button on the sign-in page says.
func (c OIDC) Title() string {
	if c.Name != "" {
		return c.Name
	}
	if at, err := url.Parse(c.Issuer); err == nil {
		return at.Hostname()
	}
	return c.Issuer
}

// believes tells whether an address lies in one of the domains.
func (c OIDC) believes(email string) bool {
	at := strings.LastIndexByte(email, '@')
	return at > 0 && slices.ContainsFunc(c.EmailDomains, func(domain string) bool { return strings.EqualFold(domain, email[at+1:]) })
}

func wrongOIDC(key, format string, args ...any) *fault.Error {
	return invalid("server.oidc: "+key+" "+format+".", args...)
}
