package flow_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"gantry/engine/flow"
	"gantry/engine/workflow"
)

// stepOfPeople is a step of a scenario in which somebody, or a look at the other system, tells the run something.
func (s scenario) stepOfPeople(t *testing.T, p *player, word string, arg any) {
	t.Helper()
	switch word {
	case "rest":
		if !p.rest(nil) {
			t.Fatalf("the run does not end by itself: status %s", p.state.Status())
		}
	case "outcomes": // of attempts from now on
		for name, spec := range arg.(map[string]any) {
			s.outcomes[name] = spec
		}
	case "answer":
		for name, result := range arg.(map[string]any) {
			p.apply(flow.Answered{At: p.now, Unit: unitOf(t, p.state, name), Result: result, By: "somebody"})
		}
	case "look":
		for range arg.(int64) {
			p.look()
		}
	case "resolve":
		for name, word := range arg.(map[string]any) {
			p.apply(resolved(t, p, name, word))
		}
	case "unresolved":
		same(t, word, texts(arg), unresolved(p.state))
	default:
		t.Fatalf("%q is not a step", word)
	}
}

// resolved reads {done: result} or not_done.
func resolved(t *testing.T, p *player, name string, word any) flow.Resolved {
	t.Helper()
	ev := flow.Resolved{At: p.now, Unit: unitOf(t, p.state, name), By: "somebody"}
	if m, ok := word.(map[string]any); ok {
		ev.Result, ev.Done = m["done"]
	}
	if !ev.Done && word != "not_done" {
		t.Fatalf("%v is neither {done: result} nor not_done", word)
	}
	return ev
}

// reopen lets the run go on; plan is what it is announced to do, refused a part of the text by which it is not.
func (s scenario) reopen(t *testing.T, p *player, spec map[string]any) {
	t.Helper()
	ev := flow.Reopened{At: p.now, By: "somebody"}
	for key, v := range spec {
		switch key {
		case "workflow":
			ev.Workflow = s.version(t, fmt.Sprint(v))
		case "inputs":
			ev.Inputs = map[string]map[string]any{}
			for task, with := range v.(map[string]any) {
				ev.Inputs[task] = with.(map[string]any)
			}
		case "limit":
			ev.Limit = duration(t, v)
		case "plan", "refused":
		default:
			t.Fatalf("%q is not part of a resumption", key)
		}
	}
	if plan, ok := spec["plan"]; ok {
		same(t, "plan", texts(plan), planOf(p.state.Reopening(ev)))
	}
	if refused, ok := spec["refused"]; ok {
		before := summarise(p.state)
		_, err := p.state.Apply(ev)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprint(refused)) {
			t.Errorf("want a refusal that says %q, got %v", refused, err)
		}
		sameRun(t, before, summarise(p.state))
		return
	}
	p.reopen(ev)
}

func (s scenario) version(t *testing.T, text string) *workflow.Workflow {
	t.Helper()
	wf, ok := library(t, map[string]string{"main": text, "handler": handlerWorkflow, "child": childWorkflow}).Get("main")
	if !ok {
		t.Fatal("the new version does not check")
	}
	return wf
}

func planOf(r flow.Reopening) []string {
	steps := []string{}
	for _, step := range r.Steps {
		text := string(step.What)
		if step.Task != "" {
			text = step.Task + " " + text
		}
		if step.What == flow.ReopenItems {
			text += fmt.Sprintf(" %d of %d", step.Items, step.Of)
		}
		steps = append(steps, text)
	}
	return steps
}

func unresolved(s *flow.State) []string {
	names := []string{}
	for _, u := range s.Unresolved() {
		name := u.Task
		if u.Instance > 1 {
			name += fmt.Sprintf("#%d", u.Instance)
		}
		if u.Item != flow.NoItem {
			name += fmt.Sprintf("[%d]", u.Item)
		}
		names = append(names, name)
	}
	return names
}

// unitOf finds a unit by its label: task, task#2, task[0].
func unitOf(t *testing.T, s *flow.State, name string) flow.Unit {
	t.Helper()
	task, item, isItem := strings.Cut(strings.TrimSuffix(name, "]"), "[")
	e := find(s, task)
	if e == nil {
		t.Fatalf("task %s did not run", task)
	}
	unit := flow.Unit{Exec: e.ID, Item: flow.NoItem}
	if isItem {
		n, err := strconv.Atoi(item)
		if err != nil {
			t.Fatalf("%q names no item", name)
		}
		unit.Item = n
	}
	return unit
}
