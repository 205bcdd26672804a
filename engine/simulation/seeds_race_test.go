//go:build race

package simulation_test

import "time"

// How many worlds are played unless a flag says: with the race detector each takes ten times as long.
const (
	defaultSeeds, leastSeeds, twiceSeeds = 150, 10, 4
	budget                               = 45 * time.Second
)
