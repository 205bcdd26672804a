//go:build !race

package simulation_test

import "time"

// How many worlds are played unless a flag says: as many as two cores play within budget, and leastSeeds in any case.
const (
	defaultSeeds, leastSeeds, twiceSeeds = 1500, 60, 20
	budget                               = 35 * time.Second
)
