//go:build race

package simulation_test

// How many worlds are played unless a flag says: with the race detector each takes ten times as long.
const defaultSeeds, leastSeeds, twiceSeeds = 150, 30, 10
