package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gantry/engine/flow"
	"gantry/fault"
)

// check compares what has come of a run with what a scenario expects.
func (s scenario) check(t *testing.T, p *player) {
	t.Helper()
	for key, want := range s.expect {
		switch key {
		case "unfinished":
			same(t, key, want, p.finish == nil)
		case "status":
			same(t, key, want, string(p.state.Status()))
		case "started":
			same(t, key, texts(want), orEmpty(p.started))
		case "stopped":
			same(t, key, texts(want), orEmpty(p.stopped))
		case "tasks":
			for name, status := range want.(map[string]any) {
				same(t, "task "+name, status, taskStatus(p.state, name))
			}
		case "results":
			for name, result := range want.(map[string]any) {
				if e := find(p.state, name); e == nil {
					t.Errorf("task %s did not run", name)
				} else {
					same(t, "result of "+name, result, plain(t, e.Result))
				}
			}
		case "never":
			for _, name := range texts(want) {
				if find(p.state, name) != nil {
					t.Errorf("task %s ran", name)
				}
			}
		case "attempts":
			for name, n := range want.(map[string]any) {
				if e := find(p.state, name); e == nil {
					t.Errorf("task %s did not run", name)
				} else {
					same(t, "attempts of "+name, n, int64(e.Attempts))
				}
			}
		case "outputs":
			same(t, key, want, plain(t, p.state.Outputs()))
		case "error":
			s.checkError(t, want, p.state.Error())
		case "looked":
			same(t, key, want, int64(p.looked))
		case "subruns":
			same(t, key, texts(want), orEmpty(p.subruns))
		case "unresolved":
			same(t, key, texts(want), unresolved(p.state))
		case "took":
			same(t, key, duration(t, want), p.now.Sub(start))
		case "handler":
			if p.handler == nil {
				t.Error("on_failure was not started")
			} else {
				same(t, key, want, map[string]any{"workflow": p.handler.Workflow, "with": plain(t, p.handler.With), "status": p.handler.FailedRun["status"]})
			}
		case "no_handler":
			same(t, key, want, p.handler == nil)
		case "pauses":
			same(t, key, want, int64(len(p.pauses)))
		default:
			t.Fatalf("%q is not something to expect", key)
		}
	}
}

func (s scenario) checkError(t *testing.T, want any, got *fault.Error) {
	t.Helper()
	if want == nil {
		if got != nil {
			t.Errorf("error: want none, got %v", got)
		}
		return
	}
	if got == nil {
		t.Errorf("error: want %v, got none", want)
		return
	}
	m, ok := want.(map[string]any)
	if !ok {
		m = map[string]any{"code": want}
	}
	for key, v := range m {
		switch key {
		case "code":
			same(t, "error code", v, string(got.Code))
		case "task":
			same(t, "error's task", v, got.Task)
		case "message", "hint":
			text := got.Message
			if key == "hint" {
				text = got.Hint
			}
			if part := fmt.Sprint(v); !strings.Contains(text, part) {
				t.Errorf("error's %s %q does not contain %q", key, text, part)
			}
		}
	}
}

func find(s *flow.State, name string) *flow.Execution {
	task, instance, _ := strings.Cut(name, "#")
	for _, e := range slices.Backward(s.Executions()) {
		if e.Task.Name == task && (instance == "" || fmt.Sprint(e.Instance) == instance) {
			return e
		}
	}
	return nil
}

func taskStatus(s *flow.State, name string) string {
	if e := find(s, name); e != nil {
		return string(e.Status)
	}
	return "did not run"
}
