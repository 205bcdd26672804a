//go:build race

package project

// raceDetector: times say nothing under it.
const raceDetector = true
