package workflow

import (
	"sync"

	"gantry/actions"
	"gantry/source"
)

// Analysis is a text as the parser and the checker understood it, with mistakes or without: what editors ask
// about. It does not change, and is safe for concurrent use.
type Analysis struct {
	Definition *Definition // nil: the text is no YAML that can be read
	Workflow   *Workflow   // nil: it does not check
	// Diagnostics are those of the parser and the checker, in the order of the text.
	Diagnostics source.Diagnostics

	c       *checker   // nil without a definition
	judged  bool       // not only surveyed
	judging sync.Mutex // for what the judgement of ways finds out late
}

// Analyse parses and checks a text and keeps what was found out on the way.
func Analyse(id, file string, text []byte, w World) *Analysis {
	def, ds := Parse(id, file, text)
	a := &Analysis{Definition: def, Diagnostics: ds}
	if def == nil {
		return a
	}
	a.c, a.judged = check(def, w), true
	a.Workflow = a.c.checked()
	a.Diagnostics.Add(a.c.ds...)
	a.Diagnostics.Sort()
	return a
}

// Survey finds out less than Analyse, and sooner: what Scope gives at a place, but not whether tasks have run and names
// are set there. It has no Workflow, and no Diagnostics.
func Survey(id, file string, text []byte, w World) *Analysis {
	def, _ := Parse(id, file, text)
	a := &Analysis{Definition: def}
	if def != nil {
		a.c = newChecker(def, w.ready())
		a.c.survey()
		a.c.compileOutputs() // the answers of webhooks see them
		a.c.compileTriggers()
	}
	return a
}

// Tasks are the tasks in the order of the file, linked as far as they name each other, also where Workflow is
// nil: what is wrong with one is left out of it. Those of Definition.Tasks have the same indexes.
func (a *Analysis) Tasks() []*Task {
	if a.c == nil {
		return nil
	}
	return a.c.wf.Tasks
}

// check runs the checker over a definition.
func check(def *Definition, w World) *checker {
	c := newChecker(def, w.ready())
	c.run()
	c.ds.Sort()
	return c
}

// ready is the world with all that a check needs of it.
func (w World) ready() World {
	if w.Catalogue == nil {
		w.Catalogue = actions.Builtin()
	}
	if w.shared == nil {
		w = w.share()
	}
	return w
}

// checked gives the workflow, nil when something is wrong with it.
func (c *checker) checked() *Workflow {
	if c.def.broken || c.ds.HasErrors() {
		return nil
	}
	return c.wf
}

// Leads says when a transition is taken, as far as it can be told without a run.
type Leads string

// The words.
const (
	LeadsAlways      Leads = "always"    // however the task ended
	LeadsOnSuccess   Leads = "success"   // when it succeeded, and on nothing else
	LeadsOnFailure   Leads = "failure"   // after failure alone
	LeadsOnCondition Leads = "condition" // on something else
)

// Leads tells when the transition is taken.
func (t *Transition) Leads() Leads {
	switch c := classOf(t); {
	case c == class{certain, certain}:
		return LeadsAlways
	case c == class{certain, impossible}:
		return LeadsOnSuccess
	case c.onSuccess == impossible && c.onFailure != impossible:
		return LeadsOnFailure
	}
	return LeadsOnCondition
}
