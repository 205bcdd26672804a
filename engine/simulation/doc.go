// Package simulation tries the runner under a virtual clock: worlds made from a seed, in which everything that may go
// wrong does, and laws that each must keep. It holds tests only.
//
// Real are the engine, its state machine, the history, the organisations, the actions' runtime, and SQLite, on files in
// memory where the machine has such. Simulated are
//
//   - time: testing/synctest's. It passes only when every goroutine waits, so a day takes milliseconds;
//   - the clock on the wall (engine.Options.Now), which is put forward and back while the virtual one goes on;
//   - the other systems: an action's request is answered by a function, after a while, with success, an error, 429,
//     a broken connection, nothing at all, or a panic;
//   - the disk's speed and its being full: store.Options.Commit. Bytes are not lost in files; that the store keeps what
//     it has committed is for the store's own tests;
//   - people: they answer, deliver early and twice, resolve, resume with the same or another version, and run again;
//   - crashes: the data directory is copied at a moment, the engine over the first one counts for nothing any more, and
//     a new one opens the copy. A process that is really killed is tried elsewhere;
//   - who goes first: where several goroutines could go on at the same virtual moment, each gets one of its own, drawn
//     from the seed and its name (engine.Options.Moment, store.Options.Gather). So the same seed gives the same order,
//     another seed another, whatever the machine does. Races within one moment are for the race detector.
//
// Triggers are left out: they hand requests to the engine as the simulation does, and have worlds of their own.
//
//	go test ./engine/simulation -seed 123 -v     one world, told in words
//	go test ./engine/simulation -seeds 20000     more worlds than by default
package simulation
