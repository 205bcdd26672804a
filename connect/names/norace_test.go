//go:build !race

package names_test

// howMany names each side of TestFast has.
const howMany = 2000
