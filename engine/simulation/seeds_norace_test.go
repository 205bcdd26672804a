//go:build !race

package simulation_test

// How many worlds are played unless a flag says: what two cores do in about a minute when nothing else runs.
const defaultSeeds, leastSeeds, twiceSeeds = 1500, 200, 50
