package api

import (
	"context"
	"time"

	"gantry/access"
	"gantry/orgs"
)

// NewToken is an API token to be made.
type NewToken struct {
	Name         string         `json:"name" maxLength:"100"`
	Scopes       []access.Scope `json:"scopes" minItems:"1" doc:"Such as runs:read, or all alone"`
	Role         string         `json:"role,omitempty" enum:"viewer,operator,author,admin" doc:"The most it may; left out, its owner's roles alone limit it"`
	Organisation string         `json:"organisation,omitempty" doc:"A slug: it reaches this one and what is below; left out, all that its owner reaches. One for somebody else needs it, unless you administer everything"`
	Days         int            `json:"days,omitempty" minimum:"1" maximum:"365" doc:"How long it holds; 90 days where it is left out"`
	Never        bool           `json:"never,omitempty" doc:"It never expires, which only an administrator of all that it reaches may say"`
}

// TokensOut are tokens, without what is secret of them.
type TokensOut struct {
	Body struct {
		Tokens []access.Token `json:"tokens"`
	}
}

// AddedToken is a token that was made, with what is shown this once.
type AddedToken struct {
	access.Token
	Secret string `json:"secret" doc:"The token itself, which cannot be shown again"`
}

// AddedTokenOut is a token that was made.
type AddedTokenOut struct{ Body AddedToken }

func (a *API) tokensOf(ctx context.Context, ref string) (*TokensOut, error) {
	out := &TokensOut{}
	var err error
	out.Body.Tokens, err = a.house.Access().Tokens(ctx, CallerOf(ctx), ref)
	return out, err
}

func (a *API) addToken(ctx context.Context, ref string, in NewToken) (*AddedTokenOut, error) {
	wanted := access.NewToken{Name: in.Name, Scopes: in.Scopes, For: time.Duration(in.Days) * 24 * time.Hour, Never: in.Never}
	var err error
	if in.Role != "" {
		if wanted.Role, err = access.ParseRole(in.Role); err != nil {
			return nil, err
		}
	}
	if in.Organisation != "" {
		org, err := seenOrganisation(ctx, in.Organisation)
		if err != nil {
			return nil, err
		}
		wanted.OrganisationID = org.ID
	}
	text, token, err := a.house.Access().AddToken(ctx, CallerOf(ctx), ref, wanted)
	if err != nil {
		return nil, err
	}
	return &AddedTokenOut{AddedToken{token, string(text)}}, nil
}

// seenOrganisation finds an organisation as far as the caller sees it, whatever they may do there.
func seenOrganisation(ctx context.Context, slug string) (orgs.Organisation, error) {
	q := requestOf(ctx)
	org, err := q.organisationBySlug(ctx, slug)
	if err != nil {
		return org, err
	}
	path, err := q.path(ctx, org.ID)
	if err == nil && !sees(q.caller, path) {
		err = noOrganisation(slug)
	}
	return org, err
}

// SessionsOut are sessions.
type SessionsOut struct {
	Body struct {
		Sessions []access.Session `json:"sessions"`
	}
}

func (a *API) sessionsOf(ctx context.Context, ref string) (*SessionsOut, error) {
	out := &SessionsOut{}
	var err error
	out.Body.Sessions, err = a.house.Access().Sessions(ctx, CallerOf(ctx), ref)
	return out, err
}
