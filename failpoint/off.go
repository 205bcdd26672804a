//go:build !failpoints

package failpoint

// On tells whether the program was built with fail-points.
const On = false

// Hit does nothing in this build.
func Hit(string) {}
