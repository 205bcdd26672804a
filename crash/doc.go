// Command crash kills Gantry and looks what is left. It builds the program with its fail-points, lets it serve random
// workflows against a target that counts every request, kills it by SIGKILL at every fail-point and at random moments,
// starts it again on the same directory, and when all has come to rest judges the database and the target's record.
//
//	go run ./crash -kills 10000 -seed 1
//
// Everything that is random comes from the seed, but for the machine's own timing. A violation names the seed of its
// house (a project with its data directory), and the directory is kept.
package main
