// Package assist helps people who write a workflow in an editor: what is wrong with the text and how that is mended,
// its tasks as a graph, what can be written at a place, and what stands there. What it says comes from the checker
// (engine/workflow), the catalogue and the tables of the language; it knows no rules of its own.
package assist

import (
	"gantry/engine/workflow"
	"gantry/source"
)

// Assistant answers about texts as versions of the workflows of one project. It is safe for concurrent use and
// keeps nothing but a few texts that it was asked about last.
type Assistant struct {
	world workflow.World
	file  func(id string) string // the name of a workflow's file, for diagnostics
	kept  kept
}

// New makes an assistant. file gives the name that diagnostics call a workflow's file by.
func New(world workflow.World, file func(id string) string) *Assistant {
	return &Assistant{world: world, file: file}
}

// Report is what is wrong with a text, and what it says.
type Report struct {
	Workflow    *workflow.Workflow // nil: it does not check
	Diagnostics []Diagnostic
	Outline     *Outline // nil: nothing of it can be read
}

// Found gives the diagnostics as the checker made them.
func (r Report) Found() source.Diagnostics {
	ds := make(source.Diagnostics, len(r.Diagnostics))
	for i, d := range r.Diagnostics {
		ds[i] = d.Diagnostic
	}
	return ds
}

// Check checks a text as a version of the workflow with an id.
func (a *Assistant) Check(id, text string) Report {
	read := a.analyse(id, text)
	return Report{Workflow: read.Workflow, Diagnostics: diagnosticsOf(read, newLines(text)), Outline: outlineOf(read, newLines(text))}
}

// Outline gives what a text says as tasks and transitions, without what is wrong with it; nil when it cannot be read.
func (a *Assistant) Outline(id, text string) *Outline {
	return outlineOf(a.analyse(id, text), newLines(text))
}
