//go:build !race

package simulation_test

import "time"

// How many worlds are played unless a flag says: those that two cores play within two minutes, and leastSeeds in any case.
const (
	defaultSeeds, leastSeeds, twiceSeeds = 2500, 100, 30
	budget                               = 100 * time.Second
)
