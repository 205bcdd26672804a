package main

import (
	"slices"
	"strings"
)

// scenario is one thing that is measured.
type scenario struct {
	name        string // "{runs}" stands for how many there are
	workflow    string // for runs of the engine
	concurrency int
	runs, least int // how many are measured, and at least at any scale
	bars        []bar
	once        bool // one round is enough: it takes long, or does not vary
	// measure does the work of one round, scale times as much as usual.
	measure func(s scenario, scale float64) (figures, error)
}

// bar is what a figure is held to.
type bar struct {
	figure      string
	most, least float64 // in the figure's unit; zero: no such bound
	none        bool    // the figure has to be zero
}

func (b bar) met(f figures) bool {
	v, ok := f[b.figure]
	return ok && (b.most == 0 || v <= b.most) && (b.least == 0 || v >= b.least) && (!b.none || v == 0)
}

func (s scenario) missed(f figures) []bar {
	return slices.DeleteFunc(slices.Clone(s.bars), func(b bar) bool { return b.met(f) })
}

func (s scenario) size(scale float64) int {
	return max(s.concurrency, s.least, int(float64(s.runs)*scale), 1)
}

// at gives the scenario with the name that is true at a scale.
func (s scenario) at(scale float64) scenario {
	s.name = strings.ReplaceAll(s.name, "{runs}", grouped(int64(s.size(scale))))
	return s
}

// scenarios are all that is measured, in the order of the table. Those of other files stand in lists of their own.
func scenarios() []scenario {
	return slices.Concat(engineScenarios, itemScenarios, hookScenarios, killScenarios, programScenarios, further)
}

// further is where files that come and go add theirs, in an init.
var further []scenario
