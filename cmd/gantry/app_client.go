package main

import (
	"context"
	"os/user"
	"time"

	"gantry/access"
	"gantry/api"
	"gantry/connect"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/orgs"
	"gantry/project"
	"gantry/triggers"
	"gantry/triggers/webhook"
)

// Client gives the API that commands speak to: that of the server one has signed in to, else that of the server which
// owns the data directory, else the same API in this process, over the data opened as access says.
func (a *App) Client(ctx context.Context, access Access) (*api.Client, error) {
	if a.client != nil {
		return a.client, nil
	}
	c, err := a.remote()
	a.far = c != nil
	if c == nil && err == nil {
		c, err = a.overSocket(ctx, access)
	}
	if c == nil && err == nil {
		c, err = a.inMemory(ctx, access)
	}
	if c != nil {
		c.Lost = func(lost error) { a.Note("%s", serverNews(lost)) }
	}
	a.client = c
	return c, err
}

// served tells whether a server answers the commands, rather than this process.
func (a *App) served() bool { return a.client != nil && a.data == nil }

// overSocket gives the client of the server that owns the data directory; nil: there is none.
func (a *App) overSocket(ctx context.Context, access Access) (*api.Client, error) {
	dir, _, err := a.whichData(access)
	if err != nil {
		return nil, err
	}
	if !api.HasSocket(dir) || !answers(ctx, dir) {
		return nil, nil
	}
	return api.OverSocket(dir), nil
}

// answers tells whether a server is behind a socket: one that was killed has left its file.
func answers(ctx context.Context, dir string) bool {
	const patience = 5 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := api.OverSocket(dir)
	defer c.Close()
	_, err := api.ShowServer.Call(ctx, c, &struct{}{})
	return err == nil || fault.From(err).Code != fault.Network
}

// inMemory gives the client of an API in this process.
func (a *App) inMemory(ctx context.Context, access Access) (*api.Client, error) {
	if _, err := a.Data(ctx, access); err != nil {
		return nil, err
	}
	return api.InMemory(api.New(a.house(access)).Handler(), localCaller()), nil
}

// localCaller is who works on a data directory without a server: whoever may open it may do everything.
func localCaller() *access.Caller {
	name := "local"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return access.Local(name)
}

// house gives the App's parts to an API; they open when they are first asked for.
func (a *App) house(opened Access) api.House {
	v := buildVersion()
	h := api.House{
		Orgs:      func() *orgs.Service { return a.data.Orgs },
		History:   func() *history.History { return a.data.History },
		Access:    func() *access.Service { return access.New(a.data.Store, a.data.Orgs, a.Now) },
		Project:   a.workflows,
		Runtime:   a.Runtime,
		Connect:   func(ctx context.Context) (*connect.Service, error) { return a.Connect(ctx, opened) },
		Engine:    a.Engine,
		Triggers:  a.triggers,
		Authoring: a.authoring,
		RotateAddress: func(ctx context.Context, key triggers.Key, organisation string) (string, error) {
			h, err := a.webhooks(ctx)
			if err != nil {
				return "", err
			}
			return h.Rotate(ctx, key, organisation)
		},
		Resealers: func() []orgs.Resealer {
			return []orgs.Resealer{webhook.Resealer{Store: a.data.Store, Sealer: a.data.Keys}}
		},
		Version: api.Version{Version: v.Version, Commit: v.Commit, Go: v.Go, StartedAt: a.Now()},
		Now:     a.Now,
		Log:     a.log(),

		Unrecorded: a.data.Store.ReadOnly(),
		Settings: func() (api.SettingsInUse, error) {
			settings, err := a.Settings()
			return api.SettingsInUse{Settings: settings, Dir: a.Flags.Project, Getenv: a.Getenv}, err
		},
	}
	if h.Unrecorded {
		h.Link = a.linkAsRead
	}
	return h
}

func (a *App) workflows(ctx context.Context) (api.Workflows, error) {
	p, err := a.Project(ctx)
	if err != nil {
		return nil, err
	}
	return api.Files(p), nil
}

// unchanging is a project as a command reads it, once.
type unchanging struct{ *project.Project }

// OnChange tells nobody: nothing changes.
func (unchanging) OnChange(func()) {}
