//go:build race

package names_test

// howMany names each side of TestFast has: fewer under the race detector, which makes everything slower.
const howMany = 500
