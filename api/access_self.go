package api

import (
	"context"
	"slices"

	"gantry/access"
	"gantry/fault"
)

const tagSelf = "me"

var self = Policy{Where: SelfOnly}

// Me is who calls, and what they may.
type Me struct {
	Kind   access.Kind    `json:"kind" enum:"user,token,local"`
	User   *access.User   `json:"user" doc:"null for callers on this machine"`
	Name   string         `json:"name"`
	Token  string         `json:"token,omitempty" doc:"The name of the token that was shown"`
	Grants []access.Grant `json:"grants" doc:"What counts: of a token what is left of its owner's"`
	Scopes []access.Scope `json:"scopes" doc:"What a token is limited to; empty for people, whom nothing but their role limits"`
	All    bool           `json:"everything" doc:"true for callers on this machine"`
	MSP    string         `json:"msp_role,omitempty" enum:"viewer,operator,author,admin" doc:"The role over the MSP, and so over everybody; left out: none"`
}

// MeOut is who calls.
type MeOut struct{ Body Me }

// ShowMe tells who calls.
var ShowMe = Operation[struct{}, MeOut]{ID: "show-me", Method: "GET", Path: "/me", Tag: tagSelf, Summary: "Who calls, and what they may", Policy: self}

func (a *API) showMe(ctx context.Context, _ *struct{}) (*MeOut, error) {
	c := CallerOf(ctx)
	me := Me{Kind: c.Kind, Name: c.Name, Token: c.TokenName, Grants: c.Grants(), Scopes: c.Scopes(), All: c.Kind == access.ByLocal}
	if me.Grants == nil {
		me.Grants = []access.Grant{}
	}
	if me.Scopes == nil {
		me.Scopes = []access.Scope{}
	}
	root, err := a.house.Orgs().Root(ctx)
	if err != nil {
		return nil, err
	}
	if at := slices.IndexFunc(me.Grants, func(g access.Grant) bool { return g.OrganisationID == root.ID }); at >= 0 {
		me.MSP = me.Grants[at].Role.String()
	}
	if c.UserID != "" {
		u, err := a.house.Access().User(ctx, c, c.UserID)
		if err != nil {
			return nil, err
		}
		if c.Kind == access.ByToken {
			if u.Grants, err = a.counting(ctx, me.Grants); err != nil {
				return nil, err
			}
		}
		me.User = &u
	}
	return &MeOut{me}, nil
}

// counting gives the grants that count for a token with the organisations' slugs: it is not told where else its owner
// may go, nor who granted what.
func (a *API) counting(ctx context.Context, grants []access.Grant) ([]access.Granted, error) {
	named := make([]access.Granted, len(grants))
	for i, g := range grants {
		org, err := a.house.Orgs().ByID(ctx, g.OrganisationID)
		if err != nil && fault.From(err).Code != fault.Missing {
			return nil, err
		}
		named[i] = access.Granted{Grant: g, Organisation: org.Slug}
	}
	return named, nil
}

// ownAccount gives the id of the caller's user. Callers on this machine have none.
func ownAccount(ctx context.Context) (string, error) {
	if id := CallerOf(ctx).UserID; id != "" {
		return id, nil
	}
	return "", fault.New(fault.Denied, "this is for people and programs with an account of their own").WithHint("name the user: `gantry users`, `gantry tokens`")
}

// ChangePasswordIn is the current password and the one to come.
type ChangePasswordIn struct {
	Body struct {
		Current string `json:"current" maxLength:"2000" writeOnly:"true"`
		New     string `json:"new" maxLength:"2000" writeOnly:"true" doc:"At least 12 characters"`
	}
}

// ChangePassword changes the caller's own password.
var ChangePassword = Operation[ChangePasswordIn, struct{}]{ID: "change-password", Method: "POST", Path: "/me/password", Tag: tagSelf,
	Summary: "Change your own password; your other sessions end", Policy: self}

func (a *API) changePassword(ctx context.Context, in *ChangePasswordIn) (*struct{}, error) {
	return nil, a.house.Access().ChangePassword(ctx, CallerOf(ctx), in.Body.Current, in.Body.New)
}

// Operations on the caller's own sessions and tokens.
var (
	ListMySessions = Operation[struct{}, SessionsOut]{ID: "list-my-sessions", Method: "GET", Path: "/me/sessions", Tag: tagSelf, Summary: "List your sessions", Policy: self}
	EndMySession   = Operation[OfSession, struct{}]{ID: "end-my-session", Method: "DELETE", Path: "/me/sessions/{session}", Tag: tagSelf,
		Summary: "End one of your sessions", Policy: self}
	EndMySessions = Operation[struct{}, struct{}]{ID: "end-my-sessions", Method: "DELETE", Path: "/me/sessions", Tag: tagSelf,
		Summary: "End your sessions, but this one", Policy: self}
	ListMyTokens = Operation[struct{}, TokensOut]{ID: "list-my-tokens", Method: "GET", Path: "/me/tokens", Tag: tagSelf, Summary: "List your API tokens", Policy: self}
	AddMyToken   = Operation[AddMyTokenIn, AddedTokenOut]{ID: "add-my-token", Method: "POST", Path: "/me/tokens", Tag: tagSelf,
		Summary: "Make an API token; it is shown this once", Policy: self}
	RevokeMyToken = Operation[OfToken, struct{}]{ID: "revoke-my-token", Method: "DELETE", Path: "/me/tokens/{token}", Tag: tagSelf,
		Summary: "Revoke one of your API tokens", Policy: self}
)

// OfSession names a session.
type OfSession struct {
	Session string `path:"session"`
}

// OfToken names a token.
type OfToken struct {
	Token string `path:"token" doc:"Its id or its name"`
}

// AddMyTokenIn is a new token of the caller's own.
type AddMyTokenIn struct{ Body NewToken }

func (a *API) selfOperations() {
	ShowMe.serve(a, a.showMe)
	ChangePassword.serve(a, a.changePassword)
	ListMySessions.serve(a, forSelf(func(ctx context.Context, me string, _ *struct{}) (*SessionsOut, error) { return a.sessionsOf(ctx, me) }))
	EndMySession.serve(a, forSelf(func(ctx context.Context, me string, in *OfSession) (*struct{}, error) {
		return nil, a.house.Access().EndSession(ctx, CallerOf(ctx), me, in.Session)
	}))
	EndMySessions.serve(a, forSelf(func(ctx context.Context, me string, _ *struct{}) (*struct{}, error) {
		return nil, a.house.Access().EndOtherSessions(ctx, CallerOf(ctx), me)
	}))
	ListMyTokens.serve(a, forSelf(func(ctx context.Context, me string, _ *struct{}) (*TokensOut, error) { return a.tokensOf(ctx, me) }))
	AddMyToken.serve(a, forSelf(func(ctx context.Context, me string, in *AddMyTokenIn) (*AddedTokenOut, error) {
		return a.addToken(ctx, me, in.Body)
	}))
	RevokeMyToken.serve(a, forSelf(func(ctx context.Context, me string, in *OfToken) (*struct{}, error) {
		return nil, a.house.Access().RevokeToken(ctx, CallerOf(ctx), me, in.Token)
	}))
}

// forSelf gives a handler the id of the caller's own user.
func forSelf[I, O any](handle func(ctx context.Context, me string, in *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		me, err := ownAccount(ctx)
		if err != nil {
			return nil, err
		}
		return handle(ctx, me, in)
	}
}
