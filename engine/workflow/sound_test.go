package workflow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gantry/engine/flow"
	"gantry/engine/workflow"
	"gantry/fault"
)

// drawn is a random graph of core.set tasks, as the lines of each.
type drawn struct {
	names []string
	keys  map[string][]string
	next  map[string][]string
}

var conditions = []string{
	"", "succeeded", "succeeded", "failed", "succeeded && result.p", "succeeded && !result.p", "failed && error.code == 'x'",
	"failed ? error.code == 'x' : result.p",
}

func drawGraph(t *rapid.T) *drawn {
	n := rapid.IntRange(2, 8).Draw(t, "tasks")
	d := &drawn{keys: map[string][]string{}, next: map[string][]string{}}
	for i := range n {
		d.names = append(d.names, string(rune('a'+i)))
	}
	order := rapid.Permutation(d.names).Draw(t, "order") // places in the file are not the order of running
	inbound := map[string]map[string]bool{}
	link := func(from, to string) {
		when := rapid.SampledFrom(conditions).Draw(t, "when")
		var parts []string
		if when != "" {
			parts = append(parts, fmt.Sprintf("when: %q", when))
		}
		if rapid.Bool().Draw(t, "publishes") {
			parts = append(parts, fmt.Sprintf("publish: {%s: 1}", rapid.SampledFrom([]string{"x", "y", "z"}).Draw(t, "name")))
		}
		targets := []string{to}
		if rapid.IntRange(0, 3).Draw(t, "two") == 0 {
			if also := rapid.SampledFrom(d.names[1:]).Draw(t, "also"); also != to {
				targets = append(targets, also)
			}
		}
		if rapid.IntRange(0, 15).Draw(t, "word") == 0 {
			targets = append(targets, rapid.SampledFrom([]string{"noop", "fail"}).Draw(t, "which"))
		}
		for _, target := range targets {
			if inbound[target] == nil {
				inbound[target] = map[string]bool{}
			}
			inbound[target][from] = true
		}
		d.next[from] = append(d.next[from], "{"+strings.Join(append(parts, "do: ["+strings.Join(targets, ", ")+"]"), ", ")+"}")
	}
	for i := 1; i < n; i++ {
		link(d.names[rapid.IntRange(0, i-1).Draw(t, "from")], d.names[i])
	}
	for range rapid.IntRange(0, n).Draw(t, "more") {
		link(rapid.SampledFrom(d.names).Draw(t, "from"), rapid.SampledFrom(d.names[1:]).Draw(t, "to"))
	}
	for _, name := range d.names {
		if rapid.IntRange(0, 2).Draw(t, "first") == 0 {
			d.keys[name] = append(d.keys[name], "follow: first")
		}
		if len(inbound[name]) == 0 {
			continue
		}
		join := rapid.SampledFrom([]string{"", "", "", "all", "each", "any", "number"}).Draw(t, "join")
		if join == "number" {
			join = fmt.Sprint(rapid.IntRange(1, len(inbound[name])).Draw(t, "number"))
		}
		if join != "" {
			d.keys[name] = append(d.keys[name], "join: "+join)
		}
	}
	d.names = order
	return d
}

// text writes the graph; every task, and the outputs, use what is held for certain there.
func (d *drawn) text(facts map[string][]string) string {
	var b strings.Builder
	b.WriteString("max_tasks: 60\ntasks:\n")
	uses := func(name string) string {
		var list []string
		for _, f := range facts[name] {
			if strings.HasPrefix(f, "tasks.") {
				f += ".status"
			}
			list = append(list, `"${{ `+f+` }}"`)
		}
		return "[" + strings.Join(list, ", ") + "]"
	}
	for _, name := range d.names {
		fmt.Fprintf(&b, "  %s:\n    action: core.set\n    with: {values: {p: true, uses: %s}}\n", name, uses(name))
		for _, k := range d.keys[name] {
			fmt.Fprintf(&b, "    %s\n", k)
		}
		if len(d.next[name]) > 0 {
			fmt.Fprintf(&b, "    next:\n      - %s\n", strings.Join(d.next[name], "\n      - "))
		}
	}
	fmt.Fprintf(&b, "outputs: {used: %s}\n", uses(""))
	return b.String()
}

func checked(t *rapid.T, text string) *workflow.Workflow {
	def, ds := workflow.Parse("w", "w.yaml", []byte(text))
	if ds.HasErrors() {
		t.Fatalf("%s\n%s", ds.Error(), text)
	}
	wf, ds := workflow.Check(def, workflow.World{})
	for _, d := range ds {
		if d.Code == "unreachable" || d.Code == "no-start" {
			t.Skip("not a graph that runs")
		}
	}
	if ds.HasErrors() {
		t.Fatalf("%s\n%s", ds.Error(), text)
	}
	return wf
}

// Whatever the checker holds for certain is there when the state machine runs the graph, whatever fails,
// whichever conditions hold and in whatever order tasks end.
func TestFactsHoldWhenRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawGraph(t)
		facts := workflow.Facts(checked(t, d.text(nil)))
		text := d.text(facts)
		wf := checked(t, text)
		for range 6 {
			playOnce(t, wf, text)
		}
	})
}

func playOnce(t *rapid.T, wf *workflow.Workflow, text string) {
	state, now := flow.New(wf), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var running []flow.StartAttempt
	var trace []string
	apply := func(e flow.Event) {
		commands, err := state.Apply(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range commands {
			if s, ok := c.(flow.StartAttempt); ok {
				running = append(running, s)
			}
		}
	}
	apply(flow.Started{At: now, RunID: "r", Inputs: map[string]any{}, Org: map[string]any{}, Trigger: map[string]any{}})
	for len(running) > 0 {
		i := rapid.IntRange(0, len(running)-1).Draw(t, "ends")
		attempt := running[i]
		running = append(running[:i:i], running[i+1:]...)
		out := flow.Outcome{Result: map[string]any{"p": rapid.Bool().Draw(t, "p"), "uses": []any{}}}
		if rapid.IntRange(0, 3).Draw(t, "fails") == 0 {
			out = flow.Outcome{Error: fault.New(fault.Code(rapid.SampledFrom([]string{"x", "y"}).Draw(t, "code")), "scripted")}
		}
		trace = append(trace, fmt.Sprintf("%s#%d error=%v p=%v", attempt.Task.Name, attempt.Instance, out.Error, out.Result))
		apply(flow.AttemptStarted{At: now, Unit: attempt.Unit})
		apply(flow.AttemptEnded{At: now, Unit: attempt.Unit, Outcome: out})
	}
	for _, e := range state.Executions() {
		if e.Error != nil && e.Error.Code == fault.Expression {
			t.Fatalf("task %s lacks what it was promised: %s\n%s\n%s", e.Task.Name, e.Error, strings.Join(trace, "\n"), text)
		}
	}
	if err := state.Error(); err != nil && err.Code == fault.Expression {
		t.Fatalf("the run lacks what it was promised: %s\n%s\n%s", err, strings.Join(trace, "\n"), text)
	}
}
