package flow

import (
	"fmt"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/schema"
)

// MostOutputs bounds a run's outputs, in bytes, about as JSON. It stands in the log, so that the run's end is the same
// whenever it is read; zero values are the defaults and are not kept.
type MostOutputs struct {
	Each int // one output
	All  int // all of them together
}

// Bounds of outputs unless MostOutputs says otherwise.
const (
	DefaultMostOutput  = workflow.DefaultMostValue
	DefaultMostOutputs = 32 << 20
)

func (m MostOutputs) each() int {
	if m.Each <= 0 {
		return DefaultMostOutput
	}
	return m.Each
}

func (m MostOutputs) all() int {
	if m.All <= 0 {
		return DefaultMostOutputs
	}
	return m.All
}

// evalOutputs evaluates the outputs over what all branches have seen. One that can't be evaluated, or is too large, is
// null; the first such error is returned, and counts only in a run that would have succeeded.
func (s *State) evalOutputs() (map[string]any, error) {
	if len(s.wf.Outputs) == 0 {
		return map[string]any{}, nil
	}
	end := &scope{}
	if ends := s.allEnds(); len(ends) > 0 {
		end = merge(ends)
	}
	names := s.names(end)
	outputs := make(map[string]any, len(s.wf.Outputs))
	var first error
	left := s.start.Most.all()
	for _, o := range s.wf.Outputs {
		v, err := s.evalStored(o.Value, names, "given as output "+o.Name)
		if err == nil {
			err = s.start.Most.fits(o.Name, v, &left)
		}
		if err != nil {
			v = nil
			if first == nil {
				first = err
			}
		}
		outputs[o.Name] = v
	}
	return outputs, first
}

// fits takes an output's size from what is left for all.
func (m MostOutputs) fits(name string, v any, left *int) error {
	size := schema.Size(v, m.each())
	switch {
	case size > m.each():
		return fault.New(fault.TooLarge, "output %s is larger than %s; all tasks were done", name, inUnits(m.each())).WithHint(outputsHint)
	case size > *left:
		return fault.New(fault.TooLarge, "the outputs are larger than %s together; all tasks were done", inUnits(m.all())).WithHint(outputsHint)
	}
	*left -= size
	return nil
}

const outputsHint = "give back what tells where the data is, such as ids, or only the fields that are needed; limits in gantry.yaml raises the bound, and `gantry runs resume` then lets the run go on"

func inUnits(bytes int) string {
	if bytes >= 1<<20 && bytes%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d KiB", bytes>>10)
}
