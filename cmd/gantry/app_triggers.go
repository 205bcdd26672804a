package main

import (
	"context"

	"gantry/fault"
	"gantry/triggers"
	"gantry/triggers/poll"
	"gantry/triggers/timers"
	"gantry/triggers/webhook"
)

// triggers gives the triggers without what fires them: to look at, to switch, and to start runs by hand.
func (a *App) triggers(ctx context.Context) (*triggers.Service, error) {
	if a.fires != nil {
		return a.fires, nil
	}
	p, err := a.Project(ctx)
	if err != nil {
		return nil, err
	}
	s := triggers.New(triggers.Options{Store: a.data.Store, Organisations: a.data.Orgs, Workflows: unchanging{p}, Now: a.Now, Log: a.log()})
	s.Describe(timers.New(timers.Options{Store: a.data.Store, Triggers: s, Now: a.Now, Log: a.log()}), timers.Schedule, timers.Interval)
	s.Describe(poll.Detail{Store: a.data.Store}, poll.Type)
	s.Describe(addresses{a}, "webhook")
	a.fires = s
	return s, nil
}

// webhooks gives the addresses of webhooks, at which nobody answers without a server.
func (a *App) webhooks(ctx context.Context) (*webhook.Hooks, error) {
	if a.hooks != nil {
		return a.hooks, nil
	}
	s, err := a.triggers(ctx)
	if err != nil {
		return nil, err
	}
	settings, err := a.Settings()
	if err != nil {
		return nil, err
	}
	a.hooks, err = webhook.New(ctx, webhook.Options{Store: a.data.Store, Sealer: a.data.Keys, Organisations: a.data.Orgs, Events: s, History: a.data.History,
		URL: settings.Server.URL, Now: a.Now, Log: a.log()})
	return a.hooks, err
}

// addresses open when they are first looked at: most commands do not.
type addresses struct{ app *App }

// Of is the triggers.Detail of webhooks. Where there are no addresses yet, or their key does not open, there is nothing
// to tell.
func (d addresses) Of(ctx context.Context, key triggers.Key, organisation string) (map[string]any, error) {
	h, err := d.app.webhooks(ctx)
	if err == nil {
		return h.Of(ctx, key, organisation)
	}
	if code := fault.From(err).Code; code == fault.Missing || code == fault.Secret {
		return nil, nil
	}
	return nil, err
}
