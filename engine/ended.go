package engine

import "gantry/engine/history"

// Ended is a run that ends, with what completion triggers ask of it.
type Ended struct {
	Run    history.Run // with outputs, error and times
	Causes []string    // workflows from whose ends the run descends by completion triggers, oldest first
}
