package flow

import (
	"fmt"
	"hash/fnv"
	"maps"
	"time"

	"gantry/expr"
	"gantry/fault"
)

// names is what an expression sees: the run's facts and what its way has come through.
type names struct {
	run   *State
	scope *scope
	extra map[string]any
}

// Resolve gives the value of a name.
func (n *names) Resolve(name string) (any, bool) {
	if v, ok := n.extra[name]; ok {
		return v, true
	}
	switch name {
	case "inputs":
		return orEmpty(n.run.start.Inputs), true
	case "vars":
		return orEmpty(n.run.vars), true
	case "ctx":
		return published{n.scope.ctx}, true
	case "tasks":
		return executed{n.scope.tasks}, true
	case "org":
		return orEmpty(n.run.start.Org), true
	case "trigger":
		return orEmpty(n.run.start.Trigger), true
	case "run":
		return map[string]any{"id": n.run.start.RunID, "url": n.run.start.URL, "started_at": n.run.start.At.UTC().Format(time.RFC3339Nano),
			"links": n.run.links()}, true
	}
	return nil, false
}

func (n *names) set(name string, v any) *names {
	if n.extra == nil {
		n.extra = map[string]any{}
	}
	n.extra[name] = v
	return n
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// published shows the published names as ctx, one by one as they are asked for.
type published struct{ bindings *layers[binding] }

// Get gives one published value.
func (p published) Get(name string) (any, bool) {
	b, ok := p.bindings.get(name)
	return b.value, ok
}

// Names lists what has been published.
func (p published) Names() []string { return keys(p.bindings.all()) }

// executed shows the tasks that the way came through as tasks.
type executed struct{ tasks *layers[*Execution] }

// Get gives one task's status, result and error.
func (x executed) Get(name string) (any, bool) {
	e, ok := x.tasks.get(name)
	if !ok {
		return nil, false
	}
	return map[string]any{"status": string(e.Status), "result": e.Result, "error": errorValue(e.Error)}, true
}

// Names lists the tasks.
func (x executed) Names() []string { return keys(x.tasks.all()) }

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}

// errorValue is what expressions see of an error: null when there is none.
func errorValue(err *fault.Error) any {
	if err == nil {
		return nil
	}
	return map[string]any{"code": string(err.Code), "message": err.Message, "hint": err.Hint, "detail": err.Detail}
}

func (s *State) at() expr.At { return expr.At{Now: s.now} }

func (s *State) names(sc *scope) *names { return &names{run: s, scope: sc} }

// taskNames is what a task's own values see: in a for_each also the item.
func (s *State) taskNames(e *Execution, item int) *names {
	n := s.names(e.scope)
	if item != NoItem {
		n.set(e.Task.ForEach.As, e.items.values[item]).set("index", int64(item))
	}
	return n
}

// transitionNames is what a task's transitions see.
func (s *State) transitionNames(e *Execution, sc *scope) *names {
	return s.names(sc).set("result", e.Result).set("error", errorValue(e.Error)).
		set("succeeded", e.Status == Succeeded).set("failed", e.failed()).set("timed_out", e.TimedOut)
}

func (s *State) eval(t *expr.Template, n *names) (any, error) {
	if v, static := t.Static(); static {
		return v, nil
	}
	return t.Eval(n, s.at())
}

// evalStored evaluates a value that the run keeps, where a secret must not end up.
func (s *State) evalStored(t *expr.Template, n *names, use string) (any, error) {
	v, err := s.eval(t, n)
	if err != nil {
		return nil, err
	}
	if mayHoldSecret(t) {
		if err := refuseSecrets(v, use); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// mayHoldSecret: secrets come from org.vars and run.links alone.
func mayHoldSecret(t *expr.Template) bool {
	for _, ref := range t.References() {
		if ref.Path[0] == "org" || ref.Path[0] == "run" {
			return true
		}
	}
	return false
}

func refuseSecrets(v any, use string) error {
	if !expr.HasSecret(v) {
		return nil
	}
	return fault.New(fault.Secret, "a secret cannot be %s: it would be stored", use).
		WithHint("use it directly in the `with` of the action that needs it")
}

func (s *State) evalMap(t *expr.Template, n *names) (map[string]any, error) {
	if t == nil {
		return map[string]any{}, nil
	}
	v, err := s.eval(t, n)
	if err != nil {
		return nil, err
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, fault.New(fault.Expression, "%s: this must be a map of inputs", t.Pos())
	}
	return m, nil
}

// evalWith gives what a task's action gets; what was replaced when the run was reopened is not evaluated.
func (s *State) evalWith(e *Execution, n *names) (map[string]any, error) {
	t := e.Task.With
	if len(e.edits) == 0 || t == nil || len(t.Names()) == 0 {
		with, err := s.evalMap(t, n)
		if err == nil && len(e.edits) > 0 {
			with = maps.Clone(with)
			maps.Copy(with, e.edits)
		}
		return with, err
	}
	with := maps.Clone(e.edits)
	for _, name := range t.Names() {
		if _, replaced := with[name]; replaced {
			continue
		}
		v, err := s.eval(t.Field(name), n)
		if err != nil {
			return nil, err
		}
		with[name] = v
	}
	return with, nil
}

func (s *State) evalText(t *expr.Template, n *names) (string, error) {
	v, err := s.eval(t, n)
	if err != nil {
		return "", err
	}
	text, ok := v.(string)
	if !ok || text == "" {
		return "", fault.New(fault.Expression, "%s: this must be the slug of an organisation", t.Pos())
	}
	return text, nil
}

func (s *State) evalVars() (map[string]any, error) {
	vars := map[string]any{}
	if s.wf.Vars != nil {
		v, err := s.evalStored(s.wf.Vars, s.names(&scope{}), "kept in vars")
		if err != nil {
			return nil, err
		}
		if m, ok := v.(map[string]any); ok {
			for name, value := range m {
				vars[name] = value
			}
		}
	}
	for name, value := range s.start.TriggerVars {
		vars[name] = value
	}
	return vars, nil
}

// evalMock gives the outcome that a mocked task ends with: {result} or {error: {code, message, hint}}.
func (s *State) evalMock(t *expr.Template, n *names) (*Outcome, error) {
	m, err := s.evalMap(t, n)
	if err != nil {
		return nil, err
	}
	spec, fails := m["error"].(map[string]any)
	if !fails {
		return &Outcome{Result: m["result"]}, nil
	}
	text := func(key string) string {
		if v, ok := spec[key]; ok && v != nil {
			return fmt.Sprint(v)
		}
		return ""
	}
	err2 := &fault.Error{Code: fault.Code(text("code")), Message: text("message"), Hint: text("hint"), Detail: spec["detail"]}
	if err2.Code == "" {
		err2.Code = fault.Failed
	}
	return &Outcome{Error: err2, Repeatable: true, TimedOut: err2.Code == fault.Timeout}, nil
}

// fraction is a number from 0 to 1 that depends on its arguments alone.
func fraction(runID string, id Unit, attempt int) float64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%d/%d/%d", runID, id.Exec, id.Item, attempt)
	return float64(h.Sum64()>>11) / (1 << 53)
}
