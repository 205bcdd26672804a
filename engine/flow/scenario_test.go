package flow_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// TestScenarios plays the law book: testdata/scenarios/README.md says how a scenario is read.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no scenarios found", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		root, ds := source.Parse(file, text)
		if err := ds.Err(); err != nil {
			t.Fatal(err)
		}
		for _, node := range root.Items {
			name, _ := node.Lookup("scenario").Value.(string)
			t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml")+"/"+name, func(t *testing.T) {
				t.Parallel()
				readScenario(t, node).play(t)
			})
		}
	}
}

type scenario struct {
	workflow string
	inputs   map[string]any
	outcomes map[string]any
	steps    []any
	expect   map[string]any
}

func readScenario(t *testing.T, n *source.Node) scenario {
	t.Helper()
	var ds source.Diagnostics
	f := source.ReadFields(n, "scenario", &ds)
	f.Required("scenario")
	f.Required("rule")
	f.Text("orquesta")
	s := scenario{workflow: f.Text("workflow"), inputs: mapData(f.Node("inputs")), outcomes: mapData(f.Node("outcomes")), expect: mapData(f.Required("expect"))}
	if steps := f.Node("steps"); steps != nil {
		s.steps, _ = steps.Data().([]any)
	}
	f.Close()
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

func mapData(n *source.Node) map[string]any {
	if n == nil {
		return map[string]any{}
	}
	m, _ := n.Data().(map[string]any)
	return m
}

func (s scenario) play(t *testing.T) *player {
	t.Helper()
	lib := library(t, map[string]string{"main": s.workflow, "handler": handlerWorkflow, "child": childWorkflow})
	wf, ok := lib.Get("main")
	if !ok {
		t.Fatal("the workflow does not check")
	}
	inputs, problems := wf.InputsType.Complete(s.inputs)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	complete, _ := inputs.(map[string]any)
	p := play(t, wf, complete, s.outcome(t))
	for _, step := range s.steps {
		m, ok := step.(map[string]any)
		if !ok || len(m) != 1 {
			t.Fatalf("a step is one word with its value, not %v", step)
		}
		for word, arg := range m {
			s.step(t, p, word, arg)
		}
	}
	if s.expect["unfinished"] != true && !p.rest(nil) {
		t.Errorf("the run is stuck: nothing runs, nothing is due, status %s", p.state.Status())
	}
	s.check(t, p)
	p.checkReplay()
	return p
}

const childWorkflow = "inputs: {value: any}\ntasks:\n  t: {action: test.read}\noutputs: {value: '${{ inputs.value }}'}\n"
const handlerWorkflow = "inputs: {failed_run: any, note: any}\ntasks:\n  t: {action: test.read}\n"

func (s scenario) step(t *testing.T, p *player, word string, arg any) {
	t.Helper()
	switch word {
	case "end":
		for _, name := range texts(arg) {
			p.end(name)
		}
	case "running":
		same(t, "running", texts(arg), p.names())
	case "status":
		same(t, "status", arg, string(p.state.Status()))
	case "advance":
		p.advance(duration(t, arg))
	case "cancel":
		reason, _ := arg.(string)
		p.apply(flow.CancelRequested{At: p.now, Reason: reason})
	case "pause":
		p.apply(flow.PauseRequested{At: p.now})
	case "resume":
		if spec, ok := arg.(map[string]any); ok {
			s.reopen(t, p, spec)
		} else {
			p.apply(flow.ResumeRequested{At: p.now})
		}
	default:
		s.stepOfPeople(t, p, word, arg)
	}
}

// outcome looks up what is scripted: for the item, the instance, the task; a list goes by attempt.
func (s scenario) outcome(t *testing.T) func(flow.StartAttempt) outcome {
	return func(c flow.StartAttempt) outcome {
		names := []string{label(c), c.Task.Name}
		if c.Item != flow.NoItem {
			names = []string{label(c), strings.SplitN(label(c), "[", 2)[0], c.Task.Name}
		}
		for _, name := range names {
			spec, ok := s.outcomes[name]
			if !ok {
				continue
			}
			if list, ok := spec.([]any); ok {
				spec = list[min(c.Attempt, len(list))-1]
			}
			return readOutcome(t, c, spec)
		}
		return outcome{}
	}
}

func readOutcome(t *testing.T, c flow.StartAttempt, spec any) outcome {
	t.Helper()
	var out outcome
	m, ok := spec.(map[string]any)
	if !ok {
		m = map[string]any{"error": spec}
	}
	for key, v := range m {
		switch key {
		case "result":
			out.Result = v
		case "echo": // the result is what the task was given as value
			out.Result = c.With["value"]
		case "error":
			out.Error = scriptedFault(v)
			out.Passing = out.Error.Code == fault.ServerError || out.Error.Code == fault.Network || out.Error.Code == fault.RateLimited
			out.Repeatable = c.Task.Action == nil || c.Task.Action.Effect == "read" || out.Error.Code == fault.Network
			out.TimedOut = out.Error.Code == fault.Timeout
		case "unknown":
			out.Unknown, out.Error = true, fault.New(fault.UnknownOutcome, "the answer was lost")
		case "fail_run":
			out.FailRun = true
		case "retry_after":
			out.RetryAfter = duration(t, v)
		case "waits":
			out.waits = duration(t, v)
		case "awaits":
			out.awaits = fmt.Sprint(v)
		case "looks":
			out.Verifiable = true
			for _, verdict := range texts(v) {
				out.looks = append(out.looks, flow.Verdict(verdict))
			}
		case "interrupted":
			out.Interrupted = true
		default:
			t.Fatalf("%q is not part of an outcome", key)
		}
	}
	return out
}

func scriptedFault(v any) *fault.Error {
	if m, ok := v.(map[string]any); ok {
		code, _ := m["code"].(string)
		message, _ := m["message"].(string)
		return fault.New(fault.Code(code), "%s", message)
	}
	code := fmt.Sprint(v)
	return fault.New(fault.Code(code), "%s", code)
}

// plain is what a value looks like as JSON data.
func plain(t *testing.T, v any) any {
	t.Helper()
	text, err := schema.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	out, err := schema.DecodeBytes(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		out := []string{}
		for _, item := range v {
			out = append(out, fmt.Sprint(item))
		}
		return out
	}
	return []string{}
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func duration(t *testing.T, v any) time.Duration {
	t.Helper()
	d, err := schema.ParseDuration(fmt.Sprint(v))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
