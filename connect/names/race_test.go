//go:build race

package names_test

// slower is how much longer the race detector makes things take.
const slower = 15
