// Command passes comes by a fail-point and ends. A test looks what of it is left in the program.
package main

import "gantry/failpoint"

func main() { failpoint.Hit("store.before-commit") }
