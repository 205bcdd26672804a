package access

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"gantry/fault"
)

// Provider signs people in through an OpenID Connect provider: authorisation code with PKCE.
type Provider struct {
	access   *Service
	config   OIDC
	callback string
	client   *http.Client

	mu     sync.Mutex
	found  *oidc.Provider // nil until it has answered once: a provider that is down does not keep Gantry from starting
	failed error          // why it did not answer
	askAt  time.Time      // until then it is not asked again
}

// providerPatience bounds each request to the provider.
const providerPatience = 10 * time.Second

// providerRest is how long one that does not answer is not asked again: whoever comes would wait for it in a row, and
// strangers could have Gantry ask without end.
const providerRest = 5 * time.Second

// NewProvider makes a provider of its configuration. callback is the address of this server to which it sends people
// back. client is used for requests to it; nil means one with a time-out.
func NewProvider(s *Service, config OIDC, callback string, client *http.Client) (*Provider, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	if client == nil {
		client = &http.Client{Timeout: providerPatience}
	}
	return &Provider{access: s, config: config, callback: callback, client: client}, nil
}

// Name is what the button to sign in says.
func (p *Provider) Name() string { return p.config.Title() }

// Begin gives the address to send somebody to, and the flow that the browser keeps.
func (p *Provider) Begin(ctx context.Context, returnTo string) (address string, f Flow, err error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", Flow{}, err
	}
	f = Flow{State: randomText(tokenRandom), Nonce: randomText(tokenRandom), Verifier: oauth2.GenerateVerifier(),
		Return: LocalPath(returnTo), Began: p.access.now().Unix()}
	return p.oauth(found).AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), f, nil
}

// Finish ends the sign-in with what the provider sent the browser back with: state and code. Whatever does not fit
// together gives fault.SignedOut.
func (p *Provider) Finish(ctx context.Context, from Origin, f Flow, state, code string) (in SignedIn, err error) {
	s := p.access
	nobody := &Caller{Kind: ByNone, From: from.Address}
	attempt := Attempt{Operation: "sign-in", Details: map[string]string{"provider": p.Name()}}
	err = s.attempt(ctx, nobody, attempt, func(ctx context.Context) error {
		began := time.Unix(f.Began, 0)
		if f.State == "" || !same(f.State, state) || s.now().Sub(began).Abs() > FlowHolds {
			return fault.New(fault.SignedOut, "This sign-in was not begun in this browser, or too long ago.").WithHint("begin again")
		}
		who, err := p.identify(ctx, f, code)
		if err != nil {
			return err
		}
		in, err = p.admit(ctx, from, who)
		return err
	})
	return in, err
}

// discover asks the provider for its addresses and keys, once it answers.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	if now := p.access.now(); now.Before(p.askAt) && p.askAt.Sub(now) <= providerRest { // a clock set back asks
		return nil, p.failed
	}
	// The provider keeps the context for fetching keys later on, so it is not the request's.
	lasting := oidc.ClientContext(context.WithoutCancel(ctx), p.client)
	found, err := oidc.NewProvider(lasting, p.config.Issuer)
	if err != nil {
		p.failed = fault.Wrap(err, fault.Network, "%s does not answer as an OpenID Connect provider does.", p.Name()).
			WithHint("check `issuer` under server.oidc, and that this machine reaches it")
		p.askAt = p.access.now().Add(providerRest)
		return nil, p.failed
	}
	p.found = found
	return found, nil
}

func (p *Provider) oauth(found *oidc.Provider) *oauth2.Config {
	scopes := p.config.Scopes
	if len(scopes) == 0 {
		scopes = DefaultScopes()
	}
	return &oauth2.Config{ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: found.Endpoint(), RedirectURL: p.callback,
		Scopes: append([]string{oidc.ScopeOpenID}, scopes...)}
}

// identity is what a provider says of somebody.
type identity struct {
	Issuer, Subject string
	Email           string
	Verified        bool
	Name            string
	Groups          []string
}

// identify exchanges the code for the ID token, and checks its signature, issuer, audience, time and nonce.
func (p *Provider) identify(ctx context.Context, f Flow, code string) (identity, error) {
	found, err := p.discover(ctx)
	if err != nil {
		return identity{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := p.oauth(found).Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return identity{}, p.refused(err)
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return identity{}, p.refused(errors.New("no ID token"))
	}
	verified, err := found.Verifier(&oidc.Config{ClientID: p.config.ClientID, Now: p.access.now}).Verify(ctx, raw)
	if err != nil {
		return identity{}, p.refused(err)
	}
	if !same(verified.Nonce, f.Nonce) {
		return identity{}, p.refused(errors.New("another nonce"))
	}
	claims := map[string]any{}
	if err := verified.Claims(&claims); err != nil {
		return identity{}, p.refused(err)
	}
	if err := p.askMore(ctx, found, tokens, verified.Subject, claims); err != nil {
		return identity{}, err
	}
	return p.config.identity(verified.Issuer, verified.Subject, claims)
}

// askMore adds the claims of the provider's user info, where the ID token has no address.
func (p *Provider) askMore(ctx context.Context, found *oidc.Provider, tokens *oauth2.Token, subject string, claims map[string]any) error {
	if claims["email"] != nil || found.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return p.refused(err)
	}
	if info.Subject != subject {
		return p.refused(errors.New("user info of somebody else"))
	}
	more := map[string]any{}
	if err := info.Claims(&more); err != nil {
		return p.refused(err)
	}
	for name, value := range more {
		if _, known := claims[name]; !known {
			claims[name] = value
		}
	}
	return nil
}

// refused hides what the provider said from the person, who can do nothing about it; the cause is for the log.
func (p *Provider) refused(cause error) error {
	return fault.Wrap(cause, fault.SignedOut, "The sign-in through %s failed.", p.Name()).WithHint("begin again; if it goes on, ask an administrator")
}
