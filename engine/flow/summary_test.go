package flow_test

import (
	"strings"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/engine/workflow"
	"gantry/fault"
)

// summary is all that is to be seen of a run from outside.
type summary struct {
	Status  flow.Status
	Error   *fault.Error
	Outputs map[string]any
	Tasks   []flow.Execution
}

func summarise(s *flow.State) summary {
	out := summary{Status: s.Status(), Error: s.Error(), Outputs: s.Outputs()}
	for _, e := range s.Executions() {
		out.Tasks = append(out.Tasks, flow.Execution{ID: e.ID, Task: e.Task, Instance: e.Instance, Status: e.Status, Attempts: e.Attempts, Result: e.Result,
			Error: e.Error, TimedOut: e.TimedOut, Subrun: e.Subrun, StartedAt: e.StartedAt, FinishedAt: e.FinishedAt, Taken: e.Taken, Published: e.Published})
	}
	return out
}

var compareSummaries = cmp.Options{
	cmp.Comparer(func(a, b *workflow.Task) bool { return a == b }),
	cmp.Comparer(func(a, b *fault.Error) bool {
		if a == nil || b == nil {
			return a == b
		}
		return a.Code == b.Code && a.Message == b.Message && a.Hint == b.Hint && a.Task == b.Task
	}),
	cmp.FilterPath(func(p cmp.Path) bool {
		f, ok := p.Last().(cmp.StructField)
		return ok && strings.ToLower(f.Name()[:1]) == f.Name()[:1]
	}, cmp.Ignore()),
}

// checkReplay proves that the history alone gives the same state: every event goes through its stored form.
func (p *player) checkReplay() {
	p.t.Helper()
	again := flow.New(p.first)
	for _, event := range p.log {
		kind, data, err := flow.EncodeEvent(event)
		if err != nil {
			p.t.Fatal(err)
		}
		stored, err := flow.DecodeEvent(kind, event.When(), data)
		if err != nil {
			p.t.Fatal(err)
		}
		if reopened, ok := stored.(flow.Reopened); ok {
			reopened.Workflow = p.others[reopened.Version]
			stored = reopened
		}
		if _, err := again.Apply(stored); err != nil {
			p.t.Fatal(err)
		}
	}
	if diff := cmp.Diff(summarise(p.state), summarise(again), compareSummaries); diff != "" {
		p.t.Errorf("replaying the events gives another state (-played +replayed):\n%s", diff)
	}
}

func sameRun(t failer, was, is summary) {
	t.Helper()
	if diff := cmp.Diff(was, is, compareSummaries); diff != "" {
		t.Errorf("the run is not as it was (-was +is):\n%s", diff)
	}
}
