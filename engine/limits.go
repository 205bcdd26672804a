package engine

import (
	"fmt"

	"gantry/engine/flow"
	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
)

// Bounds of what a run keeps, unless Options say otherwise. A value that no expression could hand on is not worth keeping.
const (
	DefaultMaxValue = flow.DefaultMostOutput  // bytes of one value, about as JSON
	DefaultMaxRun   = flow.DefaultMostOutputs // of all results of a run together
	MaxResult       = expr.MaxResult          // MaxValue is never more
	MostMaxRun      = 1 << 30                 // nor MaxRun: it is held in memory while the run goes on
)

// Bounds say how much a run may keep, in bytes, about as JSON. Zero values are the defaults.
type Bounds struct {
	MaxValue int // of a task's result, or an item's; of an input; of a trigger's data; of an output
	MaxRun   int // of all results of a run together, and of all its outputs
}

func (b *Bounds) complete() {
	for _, one := range []struct {
		value         *int
		usual, atMost int
	}{{&b.MaxValue, DefaultMaxValue, MaxResult}, {&b.MaxRun, DefaultMaxRun, MostMaxRun}} {
		if *one.value <= 0 {
			*one.value = one.usual
		}
		*one.value = min(*one.value, one.atMost)
	}
}

// outputs are the bounds as a run's log has them.
func (b Bounds) outputs() (most flow.MostOutputs) {
	if b.MaxValue != DefaultMaxValue {
		most.Each = b.MaxValue
	}
	if b.MaxRun != DefaultMaxRun {
		most.All = b.MaxRun
	}
	return most
}

// inUnits writes a bound as people do.
func inUnits(bytes int) string {
	if bytes >= 1<<20 && bytes%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d KiB", bytes>>10)
}

const askForLess = "ask for less: choose fields, filter, set a limit or read page by page, or let a sub-workflow called by for_each fetch it part by part and give back only what is needed"

// bound takes away a result that is too large to keep. What was done stays done: a write that succeeded
// must not look as if it had not been.
func (r *run) bound(out *flow.Outcome) {
	most := r.engine.Bounds
	size := schema.Size(out.Result, MaxResult)
	var f *fault.Error
	switch {
	case size > most.MaxValue:
		f = fault.New(fault.TooLarge, "the result is larger than %s, more than a run keeps of one task", inUnits(most.MaxValue))
	case int(r.kept.Add(int64(size))) > most.MaxRun:
		f = fault.New(fault.TooLarge, "the run's results are larger than %s together", inUnits(most.MaxRun))
	default:
		return
	}
	f.WithHint("%s", askForLess)
	out.Result = nil
	if out.Error == nil {
		f.Message += "; what was asked for was done"
		out.Error = f
	}
}

// countKept notes how much a run has kept already.
func (r *run) countKept(events []flow.Event) {
	for _, event := range events {
		switch ev := event.(type) {
		case flow.AttemptEnded:
			r.kept.Add(int64(schema.Size(ev.Outcome.Result, MaxResult)))
		case flow.AttemptVerified:
			r.kept.Add(int64(schema.Size(ev.Result, MaxResult)))
		}
	}
}

// checkSizes refuses inputs and trigger data that are too large to keep.
func (b Bounds) checkSizes(workflow string, inputs, trigger map[string]any) error {
	left := b.MaxRun
	for name, value := range inputs {
		size := schema.Size(value, b.MaxValue)
		if left -= size; left < 0 {
			return fault.New(fault.TooLarge, "workflow %s cannot start: its inputs are larger than %s together", workflow, inUnits(b.MaxRun)).
				WithHint("hand over what tells where the data is, such as ids, and let the workflow fetch it part by part")
		}
		if size > b.MaxValue {
			return fault.New(fault.TooLarge, "workflow %s cannot start: its input %s is larger than %s", workflow, name, inUnits(b.MaxValue)).
				WithHint("hand over what tells where the data is, such as ids, and let the workflow fetch it part by part")
		}
	}
	if schema.Size(trigger, b.MaxValue) > b.MaxValue {
		return fault.New(fault.TooLarge, "workflow %s cannot start: what its trigger gives is larger than %s", workflow, inUnits(b.MaxValue)).
			WithHint("let the sender send less, such as ids, and let the workflow fetch the rest part by part")
	}
	return nil
}
