//go:build race

package simulation_test

import "time"

// How many worlds are played unless a flag says: with the race detector, which makes each take several times as long, a few.
const (
	defaultSeeds, leastSeeds, twiceSeeds = 200, 10, 4
	budget                               = 10 * time.Second
)
