package api

import (
	"context"
	"net/http"
	"strings"

	"gantry/access"
	"gantry/fault"
)

const tagSignIn = "sign-in"

// ProviderCallback is the path to which an OpenID Connect provider sends people back: its full address is to be
// entered there.
const ProviderCallback = Base + "/sign-in/provider/callback"

// WaysInOut tells how people sign in.
type WaysInOut struct {
	Body struct {
		Password bool   `json:"password" doc:"With a login and a password"`
		Provider string `json:"provider,omitempty" doc:"The name of the OpenID Connect provider through which they also can: open /sign-in/provider in the browser"`
		SetUp    bool   `json:"set_up" doc:"true: there is no administrator yet, and nothing but the set-up is answered"`
	}
}

// ShowWaysIn tells how people sign in.
var ShowWaysIn = Operation[struct{}, WaysInOut]{ID: "show-ways-in", Method: "GET", Path: "/sign-in", Tag: tagSignIn,
	Summary: "How people sign in, and whether Gantry is set up", Policy: Policy{Where: Public}}

func (a *API) showWaysIn(ctx context.Context, _ *struct{}) (*WaysInOut, error) {
	out := &WaysInOut{}
	needed, err := a.house.Access().NeedsSetUp(ctx)
	out.Body.SetUp, out.Body.Password = needed, !needed
	if p := a.house.Doors.Provider; p != nil && !needed {
		out.Body.Provider = p.Name()
	}
	return out, err
}

// SignInIn is a login and a password.
type SignInIn struct {
	Visitor
	Body struct {
		Login    string `json:"login" maxLength:"1000"`
		Password string `json:"password" maxLength:"2000" writeOnly:"true"`
	}
}

// SignedInOut is a session that has begun.
type SignedInOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      access.User
}

// PasswordSignIn begins a session.
var PasswordSignIn = Operation[SignInIn, SignedInOut]{ID: "sign-in", Method: "POST", Path: "/sign-in", Tag: tagSignIn,
	Summary: "Begin a session, with a login and a password", Policy: Policy{Where: Public},
	Description: "The session is in the cookie __Host-gantry. Failures cost growing pauses: 429 with Retry-After."}

func (a *API) signIn(ctx context.Context, in *SignInIn) (*SignedInOut, error) {
	if err := a.open(ctx); err != nil {
		return nil, err
	}
	begun, err := a.house.Access().SignIn(ctx, in.origin, in.Body.Login, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return &SignedInOut{SetCookie: a.house.Doors.begun(begun, a.house.Now()), Body: begun.User}, nil
}

// open refuses, like the gate, while nobody has set Gantry up.
func (a *API) open(ctx context.Context) error {
	if a.house.Closed == nil {
		return nil
	}
	return a.house.Closed(ctx)
}

// SignedOutOut is a session that has ended.
type SignedOutOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

// SignOut ends the session.
var SignOut = Operation[struct{}, SignedOutOut]{ID: "sign-out", Method: "POST", Path: "/sign-out", Tag: tagSignIn,
	Summary: "End the session", Policy: Policy{Where: SelfOnly}}

func (a *API) signOut(ctx context.Context, _ *struct{}) (*SignedOutOut, error) {
	return &SignedOutOut{SetCookie: a.house.Doors.cookie(a.house.Doors.sessionCookie(), "", 0)}, a.house.Access().SignOut(ctx, CallerOf(ctx))
}

// BeginProviderIn says where to go afterwards.
type BeginProviderIn struct {
	Return string `query:"return" maxLength:"1000" doc:"The path to show afterwards"`
}

// RedirectOut sends a browser elsewhere.
type RedirectOut struct {
	Status    int
	Location  string        `header:"Location"`
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

// BeginProvider sends a browser to the provider.
var BeginProvider = Operation[BeginProviderIn, RedirectOut]{ID: "begin-provider-sign-in", Method: "GET", Path: "/sign-in/provider", Tag: tagSignIn,
	Summary: "Sign in through the OpenID Connect provider: for browsers, not for programs", Policy: Policy{Where: Public}}

func (a *API) beginProvider(ctx context.Context, in *BeginProviderIn) (*RedirectOut, error) {
	provider, err := a.provider(ctx)
	if err != nil {
		return nil, err
	}
	address, flow, err := provider.Begin(ctx, in.Return)
	if err != nil {
		return nil, err
	}
	d := a.house.Doors
	return &RedirectOut{http.StatusSeeOther, address, []http.Cookie{d.cookie(d.flowCookie(), flow.Encode(), access.FlowHolds)}}, nil
}

func (a *API) provider(ctx context.Context) (*access.Provider, error) {
	if a.house.Doors.Provider == nil {
		return nil, fault.New(fault.Missing, "nobody signs in through a provider here").WithHint("server.oidc in gantry.yaml names one")
	}
	return a.house.Doors.Provider, a.open(ctx)
}

// FinishProviderIn is what the provider sends a browser back with.
type FinishProviderIn struct {
	Visitor
	State       string `query:"state" maxLength:"1000"`
	Code        string `query:"code" maxLength:"8000"`
	Error       string `query:"error" maxLength:"1000"`
	Description string `query:"error_description" maxLength:"8000"`
	ErrorURI    string `query:"error_uri" maxLength:"8000"`
	Issuer      string `query:"iss" maxLength:"1000"`
	Session     string `query:"session_state" maxLength:"1000"`
	Scope       string `query:"scope" maxLength:"8000"`
	AuthUser    string `query:"authuser" maxLength:"1000"`
	Domain      string `query:"hd" maxLength:"1000"`
	Prompt      string `query:"prompt" maxLength:"1000"`
}

// FinishProvider begins a session for somebody who comes back from the provider.
var FinishProvider = Operation[FinishProviderIn, RedirectOut]{ID: "finish-provider-sign-in", Method: "GET", Path: strings.TrimPrefix(ProviderCallback, Base), Tag: tagSignIn,
	Summary: "Where the OpenID Connect provider sends browsers back to", Policy: Policy{Where: Public}}

func (a *API) finishProvider(ctx context.Context, in *FinishProviderIn) (*RedirectOut, error) {
	provider, err := a.provider(ctx)
	if err != nil {
		return nil, err
	}
	if in.Error != "" {
		return nil, fault.New(fault.SignedOut, "%s did not sign you in.", provider.Name()).WithHint("begin again; if it goes on, ask an administrator")
	}
	flow, _ := access.ParseFlow(in.flow) // the zero flow fits nothing
	begun, err := provider.Finish(ctx, in.origin, flow, in.State, in.Code)
	if err != nil {
		return nil, err
	}
	d := a.house.Doors
	return &RedirectOut{http.StatusSeeOther, flow.Return, []http.Cookie{d.begun(begun, a.house.Now()), d.cookie(d.flowCookie(), "", 0)}}, nil
}
