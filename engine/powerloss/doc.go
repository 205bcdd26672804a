// Package powerloss cuts the power under whole runs: a real engine on a real database, whose every write and sync is kept
// (store/powerloss), works on random workflows against a real HTTP target that counts; then for many moments the disk is
// built as it could have been left, a new engine takes it up and brings everything to its end, and it is judged whether
// what was promised holds. It holds tests only.
//
// What is drawn comes from a seed: the workflows, the moments, and what became of writes that were not synced. When each
// thing happened is the machine's. A violation names the seed, and the folder is kept as the disk was built.
//
//	go test ./engine/powerloss -seed 7 -worlds 1 -cuts 400    one world, cut at 400 moments
//	go test ./engine/powerloss -for 5m                        world after world, each cut at every sync
package powerloss
