// Package endtoend tries the program as it is shipped: `gantry serve` as a process of its own, on real files, asked over
// real HTTP, killed and starved. It holds tests alone; docs/testing.md tells what they prove and how to run them larger.
package endtoend
