package workflow

import (
	"os"
	"testing"
	"time"

	"gantry/expr"
)

func TestOpposite(t *testing.T) {
	env := expr.NewEnv().With(leaveVariables()...)
	compile := func(text string) *Transition {
		p, ds := expr.CompileText(env, text)
		if p == nil {
			t.Fatal(text, ds.Error())
		}
		return &Transition{When: p}
	}
	cases := []struct {
		a, b string
		want bool
	}{
		{"result.ok", "!result.ok", true},
		{"result.ok", "!(result.ok)", true},
		{"result.n > 5 && result.ok", "!(result.n > 5 && result.ok)", true},
		{"succeeded && result.ok", "succeeded && !result.ok", true},
		{"failed && error.code == 'x'", "failed && error.code != 'x'", true},
		{"result.n == 5", "result.n   !=  5", true},
		{"result.n < 5", "result.n >= 5", true},
		{"result.n > 5", "result.n <= 5", true},
		{"result.n < 5", "result.n > 5", false},
		{"result.n == 5", "result.n != 6", false},
		{"succeeded && result.ok", "failed && !result.ok", false},
		{"succeeded && result.ok", "!result.ok", false},
		{"result.ok && result.b", "!result.ok && result.b", false},
		{"result.ok || result.n == 5", "!result.ok || result.n != 5", false},
		{"result.ok || result.n == 5", "result.ok || result.n != 5", false},
		{"(result.ok) && (result.b)", "!(result.ok) && (result.b)", false},
		{"result.ok ? true : result.b", "!result.ok ? true : result.b", false},
		{"result.n + 1 == 5", "result.n + 1 != 5", true},
	}
	for _, c := range cases {
		if got := opposite(compile(c.a), compile(c.b)); got != c.want {
			t.Errorf("%s / %s: %v", c.a, c.b, got)
		}
		if got := opposite(compile(c.b), compile(c.a)); got != c.want {
			t.Errorf("%s / %s: %v", c.b, c.a, got)
		}
	}
}

func leaveVariables() []expr.Variable {
	return []expr.Variable{
		{Name: "result", Type: anyType}, {Name: "error", Type: nullableError}, {Name: "succeeded", Type: boolType}, {Name: "failed", Type: boolType},
		{Name: "timed_out", Type: boolType},
	}
}

// The example of the handbook as the state machine gets it.
func TestCheckedWorkflow(t *testing.T) {
	text, err := os.ReadFile("testdata/check/design-example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	wf, ds := checkText(testWorld(t), "triage/new-ticket", "new-ticket.yaml", text)
	if wf == nil {
		t.Fatal(ds.Error())
	}
	get, assign, note, customer := wf.Tasks[0], wf.Tasks[1], wf.Tasks[2], wf.Tasks[3]
	check := func(what string, ok bool) {
		t.Helper()
		if !ok {
			t.Error(what)
		}
	}
	check("head", wf.Timeout == 8*time.Hour && wf.MaxTasks == DefaultMaxTasks && wf.TimeSaved == 5*time.Minute && wf.Tags[0] == "halo")
	check("start", len(wf.Start) == 1 && wf.Start[0] == get)
	check("retry", get.Retry.Attempts == 5 && get.Retry.Delay == 2*time.Second && get.Retry.Jitter && get.Timeout == 30*time.Second)
	check("follow", get.Follow == FollowFirst && len(get.Next) == 3 && get.Next[0].Publish[0].Name == "team")
	check("join", assign.Join.Mode == JoinAll && len(assign.Inbound) == 2 && note.Join.Mode == JoinEach)
	check("short next", assign.Next[0].Success && assign.Next[0].When == nil && len(assign.Next[0].Do) == 2)
	check("for_each", note.ForEach.As == "asset" && note.ForEach.Continue && note.ForEach.ItemType.Name == "halo.TicketAsset" && note.ResultType.Kind == "list")
	check("sub-workflow", customer.SubWorkflow == "notify/customer" && customer.SubInputs != nil && customer.Action == nil)
	check("outputs", wf.OutputType.Fields[0].Name == "team" && wf.OutputType.Fields[0].Type.Kind == "string")
	check("on_failure", wf.OnFailure.Workflow == "notify/failed-run" && wf.OnFailure.PassFailedRun)
	trigger := wf.Triggers[0]
	check("trigger", trigger.Enabled && trigger.RunFor.AllManaged && !trigger.RunFor.This && trigger.Integrations["halo"].Fallback == "fail_run")
	check("settings", trigger.Settings["wait"] == "0s" && trigger.Settings["verify"].(map[string]any)["hmac"].(map[string]any)["algorithm"] == "sha256")
}

// Types that only the whole graph tells: through circles, joins of numbers, and results of core.set.
func TestTypesOfPublishedNames(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"counter": {`
tasks:
  a: {action: core.noop, next: {publish: {n: 0}, do: b}}
  b: {action: core.noop, join: each, next: [{when: ctx.n < 3, publish: {n: "${{ ctx.n + 1 }}"}, do: b}]}
`, "whole number"},
		"whole and broken numbers": {`
tasks:
  a: {action: core.noop, next: {publish: {n: 0}, do: b}}
  b: {action: core.noop, next: {publish: {n: 0.5}}}
`, "number"},
		"null and text": {`
tasks:
  a: {action: core.noop, next: {publish: {n: null}, do: b}}
  b: {action: core.noop, next: {publish: {n: x}}}
`, "text or null"},
		"only a circle": {`
tasks:
  a: {action: core.noop, next: b}
  b: {action: core.noop, next: {publish: {m: "${{ ctx.?n.orValue(0) }}", n: "${{ ctx.m }}"}}}
`, "anything"},
		"an assumption that does not hold": {`
tasks:
  a: {action: core.noop, next: {publish: {n: 1}, do: b}}
  b: {action: core.noop, join: each, next: {when: "ctx.n != 5", publish: {n: "${{ [ctx.n] }}"}, do: b}}
`, "anything"},
		"through core.set and another name": {`
tasks:
  a: {action: core.set, with: {values: {list: [{id: 5}]}}, next: {when: succeeded, publish: {all: "${{ result.list }}"}, do: b}}
  b: {action: core.set, with: {values: "${{ ctx.all[0].id }}"}, next: {when: succeeded, publish: {n: "${{ result }}"}}}
`, "whole number"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			wf, ds := checkText(testWorld(t), "w", "w.yaml", []byte(c.text+"outputs: {n: \"${{ ctx.n }}\"}\n"))
			if wf == nil {
				t.Fatal(ds.Error())
			}
			if got := wf.OutputType.Fields[0].Type.String(); got != c.want {
				t.Errorf("n is %s, wanted %s", got, c.want)
			}
		})
	}
}
