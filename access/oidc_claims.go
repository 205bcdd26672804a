package access

import (
	"strings"

	"gantry/fault"
)

// identity reads what the claims say of somebody.
func (c OIDC) identity(issuer, subject string, claims map[string]any) (identity, error) {
	who := identity{Issuer: issuer, Subject: subject}
	if subject == "" {
		return who, fault.New(fault.SignedOut, "%s does not say who you are.", c.Title())
	}
	who.Email, _ = claims["email"].(string)
	who.Name, _ = claims["name"].(string)
	switch verified := claims["email_verified"].(type) {
	case bool:
		who.Verified = verified
	case string: // some write it as a text
		who.Verified = verified == "true"
	case nil:
		who.Verified = c.AssumeEmailVerified
	}
	groups, err := c.groups(claims)
	who.Groups = groups
	return who, err
}

// groups reads the claim with the groups: a list of texts, or one text.
func (c OIDC) groups(claims map[string]any) ([]string, error) {
	if c.GroupsClaim == "" {
		return nil, nil
	}
	switch value := claims[c.GroupsClaim].(type) {
	case string:
		return []string{value}, nil
	case []any:
		var groups []string
		for _, v := range value {
			if name, ok := v.(string); ok {
				groups = append(groups, name)
			}
		}
		return groups, nil
	}
	// Entra ID leaves out the groups of people who are in very many, and says where to ask instead.
	if elsewhere, ok := claims["_claim_names"].(map[string]any); ok && elsewhere[c.GroupsClaim] != nil {
		return nil, fault.New(fault.SignedOut, "%s does not list your groups, because there are too many.", c.Title()).
			WithHint("have it send only the groups that are assigned to the application")
	}
	return nil, nil
}

// believed gives the address as a login, where the provider is believed about it.
func (c OIDC) believed(who identity) (email string, err error) {
	switch {
	case who.Email == "" || !strings.Contains(who.Email, "@"):
		return "", notLetIn("%s did not tell your e-mail address.", c.Title())
	case !who.Verified:
		return "", notLetIn("%s has not verified your e-mail address.", c.Title())
	case !c.believes(who.Email):
		return "", notLetIn("Addresses of your domain are not let in through %s.", c.Title())
	}
	// Letters that are folded into others would make one address of two, and of two people one.
	if login, _, err := tidyLogin(who.Email); err != nil || login != who.Email {
		return "", notLetIn("Your e-mail address has characters that cannot be in a login.")
	}
	return who.Email, nil
}

func notLetIn(format string, args ...any) *fault.Error {
	return fault.New(fault.Denied, format, args...).WithHint("ask an administrator to add you, or to look at server.oidc in gantry.yaml")
}
