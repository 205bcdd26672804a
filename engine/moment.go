package engine

import (
	"fmt"

	"gantry/engine/flow"
)

// moment is called by each of the engine's goroutines before it begins, and before it goes on after it waited.
// Which of several that can go on does so first is nobody's business, except a simulation's: Options.Moment gives
// each a moment of its own, so that the same seed always gives the same order. what names the goroutine; no two
// that are called at the same time have the same name.
func (e *Engine) moment(what, id string, unit flow.Unit) {
	if e.Moment != nil {
		e.Moment(fmt.Sprintf("%s %s %d %d", what, id, unit.Exec, unit.Item))
	}
}

// noUnit is for moments of a run as a whole.
var noUnit = flow.Unit{Exec: -1, Item: flow.NoItem}
