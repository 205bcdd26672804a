package main

import (
	"context"

	"gantry/connect"
)

// Connect gives what joins organisations to the other systems, over the project's actions and the data. In
// the sandbox it starts the simulators first.
func (a *App) Connect(ctx context.Context, access Access) (*connect.Service, error) {
	p, err := a.Project(ctx)
	if err != nil {
		return nil, err
	}
	if a.Flags.Sandbox {
		access = Writing // the simulators tell the data where they are
	}
	d, err := a.Data(ctx, access)
	if err != nil {
		return nil, err
	}
	runtime, err := a.Runtime(ctx)
	if err != nil {
		return nil, err
	}
	return connect.New(d.Orgs, p.Catalogue, runtime), nil
}
