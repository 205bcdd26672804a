//go:build !race

package simulation_test

// How many worlds are played unless a flag says: what two cores do in about a minute.
const defaultSeeds, twiceSeeds = 3000, 150
