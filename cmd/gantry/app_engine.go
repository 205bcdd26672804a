package main

import (
	"context"
	"errors"
	"log/slog"

	"gantry/actions"
	"gantry/engine"
)

// Runtime gives what calls other systems. In the sandbox it starts the simulators first, and may call
// them although they are on this machine.
func (a *App) Runtime(ctx context.Context) (*actions.Runtime, error) {
	if a.runtime != nil {
		return a.runtime, nil
	}
	settings, err := a.Settings()
	if err != nil {
		return nil, err
	}
	policy := actions.Policy{Allow: settings.Network.Allow}
	if a.Flags.Sandbox {
		block, err := a.startSandbox(ctx)
		if err != nil {
			return nil, err
		}
		policy.Allow = append(policy.Allow[:len(policy.Allow):len(policy.Allow)], block)
	}
	a.runtime = actions.NewRuntime(actions.Options{Clock: a.Now, Network: policy, UserAgent: "Gantry/" + buildVersion().Version})
	return a.runtime, nil
}

// Engine gives the engine over the project and the data, opened for writing.
func (a *App) Engine(ctx context.Context) (*engine.Engine, error) {
	if a.engine != nil {
		return a.engine, nil
	}
	d, err := a.Data(ctx, Writing)
	if err != nil {
		return nil, err
	}
	p, err := a.Project(ctx)
	if err != nil {
		return nil, err
	}
	runtime, err := a.Runtime(ctx)
	if err != nil {
		return nil, err
	}
	settings, err := a.Settings()
	if err != nil {
		return nil, err
	}
	a.engine = engine.New(engine.Options{History: d.History, Organisations: d.Orgs, Actions: runtime, Workflows: p, Now: a.Now, Address: settings.Server.URL, Log: a.log(),
		Bounds: engine.Bounds(settings.Limits)})
	return a.engine, nil
}

var errNoLinks = errors.New("no link has been made yet")

// linkAsRead gives the link of a task that waits, from data that is only read; "" where no link has been made yet, or its
// key does not open here.
func (a *App) linkAsRead(ctx context.Context, run, task string) (string, error) {
	settings, err := a.Settings()
	if err != nil {
		return "", err
	}
	if _, err := a.data.History.WaitKey(ctx, func() ([]byte, error) { return nil, errNoLinks }); err != nil {
		return "", nil //nolint:nilerr // all else of the question can be shown
	}
	return engine.New(engine.Options{History: a.data.History, Now: a.Now, Address: settings.Server.URL}).Link(ctx, run, task)
}

// log tells on standard error what no result can: a handler that could not be started, a run that broke off.
func (a *App) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(a.Err, &slog.HandlerOptions{Level: slog.LevelWarn, ReplaceAttr: func(_ []string, at slog.Attr) slog.Attr {
		if at.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return at
	}}))
}
