package workflow

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"gantry/source"
)

func (p *parser) tasks(n *source.Node) {
	if n == nil {
		return
	}
	if n.Kind != source.Map {
		source.WrongKind(&p.ds, n, "tasks", "a map of task names and tasks")
		return
	}
	if len(n.Entries) == 0 {
		p.ds.Errorf(n.Pos, "no-tasks", "a workflow needs at least one task")
	}
	if len(n.Entries) > maxFileTasks {
		p.ds.Errorf(n.Entries[maxFileTasks].KeyPos, "too-large", "a workflow can have at most %d tasks, this one has %d", maxFileTasks, len(n.Entries)).
			Hint = "move parts of it to workflows of their own and call them with workflow:"
		return
	}
	for _, e := range n.Entries {
		p.task(e)
	}
	if p.transitions > maxFileTransitions || p.targets > maxFileTargets {
		p.ds.Errorf(n.Pos, "too-large", "a workflow can have at most %d transitions to %d tasks", maxFileTransitions, maxFileTargets).
			Hint = "move parts of it to workflows of their own and call them with workflow:"
		p.def.Tasks = nil
	}
}

func (p *parser) task(e source.Entry) {
	t := &TaskNode{Name: e.Key, Pos: e.KeyPos}
	p.taskName(e.Key, e.KeyPos)
	p.def.Tasks = append(p.def.Tasks, t) // also with a wrong name: others may lead to it
	r, ok := read(e.Value, &taskKeys, fmt.Sprintf("task %q", e.Key), &p.ds)
	if !ok {
		t.WithBroken = true
		return
	}
	p.noteGaps(e.Value, &taskKeys)
	t.Title = r.text("title")
	t.Action, t.Workflow = r.textNode("action"), r.textNode("workflow")
	p.oneCall(r, t)
	t.With = p.mapOf(r, "with")
	t.WithBroken = t.With == nil && r.value("with") != nil && r.value("with").Kind != source.Null
	t.Org = r.textNode("org")
	if n := r.value("integration"); n != nil {
		t.Integration, t.IntegrationPos = p.override(n, "integration"), n.Pos
	}
	t.Mock = p.mock(r.value("mock"))
	t.Redact = p.redact(r.texts("redact"))
	t.Join = p.join(r.value("join"))
	t.ForEach = p.forEach(r.value("for_each"))
	t.Retry = p.retry(r.value("retry"))
	if n := r.value("timeout"); n != nil {
		t.Timeout, t.TimeoutPos = r.duration("timeout", 0, time.Millisecond, MaxTimeout), n.Pos
	}
	if r.text("follow") == "first" {
		t.Follow = FollowFirst
	}
	t.Next = p.next(t.Name, r.value("next"))
	for i := 1; i < len(e.Value.Entries); i++ {
		if e.Value.Entries[i-1].Key == "next" {
			t.NextEnd = e.Value.Entries[i].KeyPos.Line
		}
	}
}

// noteGaps notes that an unknown key may have been meant to lead to other tasks.
func (p *parser) noteGaps(n *source.Node, place *Place) {
	known := place.names()
	for _, e := range n.Entries {
		if slices.Contains(known, e.Key) {
			continue
		}
		_, elsewhere := foreign[place.Name+"."+e.Key]
		_, anywhere := foreign[e.Key]
		if elsewhere || anywhere || place == &transitionKeys || source.Suggest(e.Key, known) == "next" {
			p.def.gaps = true
		}
	}
}

func (p *parser) taskName(name string, pos source.Pos) {
	if hint, refused := refusedWords[name]; refused {
		p.ds.Errorf(pos, "reserved-name", "task name %q is reserved", name).Hint = "choose another name; " + hint
		return
	}
	if _, word := engineWords[name]; word {
		p.ds.Errorf(pos, "reserved-name", "task name %q is a word of do", name).Hint = "choose another name, such as " + name + "_task"
		return
	}
	checkName(name, pos, "task", &p.ds)
}

func (p *parser) oneCall(r reader, t *TaskNode) {
	action, workflow := r.value("action"), r.value("workflow")
	switch {
	case action == nil && workflow == nil && (r.misspelt("action") || r.misspelt("workflow")):
		// reported, with the right word
	case action == nil && workflow == nil:
		p.ds.Errorf(t.Pos, "missing-key", "%s needs action or workflow", r.what).Hint = "a task that only directs others has the action core.noop"
	case action != nil && workflow != nil:
		p.ds.Errorf(workflow.Pos, "two-calls", "%s has an action and a workflow", r.what).Hint = "keep one; make the other a task of its own"
		t.Workflow = nil
	case workflow != nil && r.value("integration") != nil:
		p.ds.Errorf(r.value("integration").Pos, "no-integration", "integration is for tasks that call an action, not a workflow").
			Hint = "write it in the tasks of the workflow that is called"
	}
	for _, n := range []*source.Node{t.Action, t.Workflow} {
		if n != nil && strings.Contains(n.Value.(string), "${{") {
			p.ds.Errorf(n.Pos, "not-constant", "what a task calls must be written out, not an expression").
				Hint = "to choose between several, make a task of each and choose in next"
			t.Action, t.Workflow, t.WithBroken = nil, nil, true
		}
	}
}

func (p *parser) mock(n *source.Node) *source.Node {
	if n == nil {
		return nil
	}
	r, ok := read(n, &mockKeys, "mock", &p.ds)
	if !ok {
		return nil
	}
	result, failure := r.value("result"), r.value("error")
	if (result == nil) == (failure == nil) {
		p.ds.Errorf(n.Pos, "bad-mock", "mock needs either result or error").Hint = "write mock: {result: …} or mock: {error: {code: not_found, message: …}}"
		return nil
	}
	if failure != nil {
		if f, ok := read(failure, &mockErrorKeys, "mock's error", &p.ds); !ok || f.textNode("code") == nil {
			return nil
		}
	}
	return n
}

func (p *parser) redact(paths []*source.Node) []*source.Node {
	var good []*source.Node
	for _, n := range paths {
		parts := strings.Split(n.Value.(string), ".")
		if slices.Contains(parts, "") {
			p.ds.Errorf(n.Pos, "bad-path", "%q is not a dotted path", n.Value).Hint = "write names joined by dots, such as result.user.password"
			continue
		}
		good = append(good, n)
	}
	return good
}

func (p *parser) join(n *source.Node) *JoinNode {
	if n == nil {
		return nil
	}
	modes := map[string]JoinMode{"all": JoinAll, "each": JoinEach, "any": JoinAny}
	switch v := n.Value.(type) {
	case string:
		if mode, ok := modes[v]; ok {
			return &JoinNode{Join{Mode: mode}, n.Pos}
		}
		d := p.ds.Errorf(n.Pos, "unknown-word", "join must be all, each, any or a whole number, not %q", v)
		d.Meant(v, []string{"all", "any", "each"})
	case int64:
		if v >= 1 && v <= math.MaxInt32 {
			return &JoinNode{Join{Mode: JoinCount, Count: int(v)}, n.Pos}
		}
		p.ds.Errorf(n.Pos, "out-of-range", "join must be at least 1, not %d", v).Hint = "to wait for all write join: all"
	default:
		source.WrongKind(&p.ds, n, "join", "all, each, any or a whole number")
	}
	return nil
}

func (p *parser) forEach(n *source.Node) *ForEachNode {
	if n == nil {
		return nil
	}
	f := &ForEachNode{Pos: n.Pos, As: "item", AsPos: n.Pos}
	if n.Kind == source.String || n.Kind == source.List {
		f.Items = n
		return f
	}
	r, ok := read(n, &forEachKeys, "for_each", &p.ds)
	if !ok {
		return nil
	}
	f.Items, f.Concurrency = r.value("items"), r.value("concurrency")
	f.Continue = r.text("on_error") == "continue"
	if as := r.textNode("as"); as != nil {
		f.As, f.AsPos = as.Value.(string), as.Pos
		if !checkName(f.As, f.AsPos, "item", &p.ds) {
			f.As = "item"
		}
		if slices.Contains(roots, f.As) {
			p.ds.Errorf(f.AsPos, "hidden-name", "as: %s would hide %s of expressions", f.As, f.As).Hint = "choose another name, such as one_" + strings.TrimSuffix(f.As, "s")
			f.As = "item"
		}
	}
	return f
}

func (p *parser) retry(n *source.Node) *RetryNode {
	if n == nil {
		return nil
	}
	re := &RetryNode{Retry: Retry{Attempts: 3, Delay: time.Second, Backoff: 2, MaxDelay: time.Minute, Jitter: true}}
	if attempts, ok := n.Value.(int64); ok {
		if attempts < 1 || attempts > maxAttempts {
			p.ds.Errorf(n.Pos, "out-of-range", "retry must lie between 1 and %d attempts, not %d", maxAttempts, attempts)
			return nil
		}
		re.Attempts = int(attempts)
		return re
	}
	r, ok := read(n, &retryKeys, "retry", &p.ds)
	if !ok {
		return nil
	}
	re.Attempts = r.whole("attempts", 3, 1, maxAttempts)
	re.Delay = r.duration("delay", time.Second, 0, MaxTimeout)
	re.MaxDelay = r.duration("max_delay", max(time.Minute, re.Delay), 0, MaxTimeout)
	if r.value("max_delay") != nil && re.MaxDelay < re.Delay {
		p.ds.Warnf(r.value("max_delay").Pos, "odd-retry", "max_delay is shorter than delay: each wait is max_delay")
	}
	re.Backoff = p.backoff(r)
	re.Jitter = r.flag("jitter", true)
	re.WhenNode = r.value("when")
	return re
}

const maxAttempts = 1000

func (p *parser) backoff(r reader) float64 {
	n := r.value("backoff")
	if n == nil {
		return 2
	}
	var f float64
	switch v := n.Value.(type) {
	case int64:
		f = float64(v)
	case float64:
		f = v
	default:
		source.WrongKind(&p.ds, n, "backoff", "a number")
		return 2
	}
	if !(f >= 1 && f <= 100) {
		p.ds.Errorf(n.Pos, "out-of-range", "backoff must lie between 1 and 100").Hint = "1 keeps the waits equal, 2 doubles them"
		return 2
	}
	return f
}
