package main

import (
	"context"
	"net/netip"

	"gantry/server"
)

// startSandbox starts the simulated Halo for as long as this process lives, and gives the block of its address.
func (a *App) startSandbox(ctx context.Context) (block netip.Prefix, err error) {
	d, err := a.Data(ctx, Writing)
	if err != nil {
		return block, err
	}
	a.halo, block, err = server.StartSandbox(ctx, d.Orgs, a.Now)
	return block, err
}
