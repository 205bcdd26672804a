package access

import "slices"

// Kind is how a caller showed who it is.
type Kind string

// The kinds of callers.
const (
	ByUser  Kind = "user"  // a person with a session
	ByToken Kind = "token" // a program with an API token
	ByLocal Kind = "local" // somebody of this machine who may open the data directory or the server's socket
	ByNone  Kind = "none"  // nobody yet: a sign-in, the set-up. May do nothing
)

// Grant is a role over an organisation and everything below it.
type Grant struct {
	OrganisationID string `json:"organisation_id"`
	Role           Role   `json:"role"`
}

// Caller is who makes a request, and what they may do at this moment. nil and the zero value may do nothing.
// It is made anew for each request, so that what was revoked is gone at once.
type Caller struct {
	Kind   Kind
	UserID string // "" for local callers
	Login  string // what they sign in with; of a local caller the account of the operating system
	Name   string
	From   string // the address they call from, "" on this machine

	SessionID          string // of ByUser
	TokenID, TokenName string // of ByToken

	grants     []Grant // what counts: for a token already cut down to what it may
	scopes     []Scope // of a token
	everything bool    // a local caller's right
}

// Local is the caller who works on this machine with the rights of whoever may open the data directory: it may
// do everything. account is the operating system's name of them, for the audit log.
func Local(account string) *Caller {
	return &Caller{Kind: ByLocal, Login: account, Name: account, everything: true}
}

// May tells whether the caller has at least the role, by the scope, over the organisation that path begins with.
// path is the organisation's id and those above it up to the root (orgs.Service.Chain). A scope that the table
// gives only to a higher role needs that higher role.
func (c *Caller) May(role Role, scope Scope, path []string) bool {
	need, ok := c.need(role, scope)
	if !ok || len(path) == 0 {
		return false
	}
	return c.everything || slices.ContainsFunc(c.grants, func(g Grant) bool {
		return g.Role >= need && slices.Contains(path, g.OrganisationID)
	})
}

// MayAnywhere tells whether there is any organisation over which the caller has the role, by the scope.
func (c *Caller) MayAnywhere(role Role, scope Scope) bool {
	tops, everywhere := c.Reach(role, scope)
	return everywhere || len(tops) > 0
}

// Reach gives the organisations over which, with everything below them, the caller has the role by the scope.
// everywhere is true for local callers, who need none.
func (c *Caller) Reach(role Role, scope Scope) (tops []string, everywhere bool) {
	need, ok := c.need(role, scope)
	if !ok {
		return nil, false
	}
	for _, g := range c.grants {
		if g.Role >= need && g.OrganisationID != "" {
			tops = append(tops, g.OrganisationID)
		}
	}
	return tops, c.everything
}

// Grants gives what counts for the caller: of a token what is left of its owner's grants.
func (c *Caller) Grants() []Grant {
	if c == nil {
		return nil
	}
	return slices.Clone(c.grants)
}

// Scopes gives the scopes that the caller is limited to; all for people.
func (c *Caller) Scopes() []Scope {
	if c == nil {
		return nil
	}
	return slices.Clone(c.scopes)
}

// need gives the role that is needed, and false where the scope is closed to the caller.
func (c *Caller) need(role Role, scope Scope) (Role, bool) {
	least, known := leastRole[scope]
	if c == nil || !known || role < Viewer || role > Admin {
		return 0, false
	}
	switch c.Kind {
	case ByUser, ByLocal:
	case ByToken:
		if !slices.Contains(c.scopes, scope) && !slices.Contains(c.scopes, AllScopes) {
			return 0, false
		}
	default:
		return 0, false
	}
	return max(role, least), true
}
