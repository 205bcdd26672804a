package main

import (
	"context"

	"gantry/authoring"
	"gantry/project"
)

// authoring gives the room that changes workflows, over the opened data: what a server would have kept of changes made
// since, it keeps now, unless the data is only read.
func (a *App) authoring(ctx context.Context) (*authoring.Service, error) {
	if a.authors != nil {
		return a.authors, nil
	}
	settings, err := a.Settings()
	if err != nil {
		return nil, err
	}
	live, err := project.OpenLive(ctx, project.LiveOptions{Dir: a.Flags.Project, Store: a.data.Store, OrgVars: a.data.Orgs.Guaranteed, Getenv: a.Getenv, Now: a.Now})
	if err != nil {
		return nil, err
	}
	a.authors, err = authoring.New(ctx, authoring.Options{Dir: a.Flags.Project, Store: a.data.Store, Project: live, Publishing: settings.Publishing, Now: a.Now, Log: a.log()})
	return a.authors, err
}
