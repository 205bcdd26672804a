package flow_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gantry/actions"
	"gantry/engine/flow"
	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/source"
)

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// catalogue is the built-in one with test.read and test.write.
func catalogue(t testing.TB) *actions.Catalogue {
	t.Helper()
	c, ds := actions.Load(actions.Builtin(), os.DirFS("testdata"), "actions")
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	return c
}

// library checks workflows given by id; warnings are fine, errors are not.
func library(t testing.TB, texts map[string]string) *workflow.Library {
	t.Helper()
	var files []workflow.File
	for id, text := range texts {
		files = append(files, workflow.File{ID: id, Name: id + ".yaml", Text: []byte(text)})
	}
	lib, ds := workflow.LoadAll(files, workflow.World{Catalogue: catalogue(t)})
	if ds.HasErrors() {
		var report strings.Builder
		named := source.Texts{}
		for id, text := range texts {
			named[id+".yaml"] = []byte(text)
		}
		ds.Render(&report, named, false)
		t.Fatal(report.String())
	}
	return lib
}

// player plays the driver of a run: it keeps the clock, the attempts under way and the timers, and ends
// attempts with scripted outcomes.
type player struct {
	t        failer
	state    *flow.State
	now      time.Time
	outcomes func(flow.StartAttempt) outcome
	running  []flow.StartAttempt
	timers   map[flow.Unit]time.Time
	deadline time.Time
	log      []flow.Event
	started  []string
	stopped  []string
	finish   *flow.Finish
	handler  *flow.StartHandler
	pauses   []bool

	first   *workflow.Workflow // as the run began
	others  map[string]*workflow.Workflow
	looks   []flow.VerifyAttempt // asked for and not answered
	looked  int
	subruns []string // the sub-workflows' runs, reopened ones once more
}

// outcome is a scripted end of an attempt; with waits it first waits that long.
type outcome struct {
	flow.Outcome
	waits  time.Duration
	awaits string         // for whom it waits; with waits 0 without an end of its own
	looks  []flow.Verdict // what looking for it tells, one after the other
}

func play(t failer, wf *workflow.Workflow, inputs map[string]any, outcomes func(flow.StartAttempt) outcome) *player {
	p := &player{t: t, state: flow.New(wf), now: start, outcomes: outcomes, timers: map[flow.Unit]time.Time{}, first: wf, others: map[string]*workflow.Workflow{}}
	p.apply(flow.Started{At: p.now, RunID: "run-1", URL: "https://gantry.example/runs/run-1", Inputs: inputs,
		Org:     map[string]any{"id": "o1", "name": "Northwind Dental", "slug": "northwind-dental", "parent": nil, "tags": []any{}, "vars": map[string]any{}, "integrations": map[string]any{}},
		Trigger: map[string]any{"type": "always_pass", "name": "by hand"}})
	return p
}

func (p *player) apply(event flow.Event) {
	p.t.Helper()
	for _, c := range p.take(event) {
		p.obey(c)
	}
}

// take applies an event, and does not obey yet.
func (p *player) take(event flow.Event) []flow.Command {
	p.t.Helper()
	commands, err := p.state.Apply(event)
	if err != nil {
		p.t.Fatal(err)
	}
	p.log = append(p.log, event)
	return commands
}

func (p *player) obey(c flow.Command) {
	switch c := c.(type) {
	case flow.StartAttempt:
		p.running = append(p.running, c)
		p.started = append(p.started, label(c))
		p.apply(flow.AttemptStarted{At: p.now, Unit: c.Unit, Subrun: p.subrun(c)})
	case flow.VerifyAttempt:
		p.looks = append(p.looks, c)
		p.looked++
	case flow.FindOrganisation:
		found := flow.OrganisationFound{At: p.now, Unit: c.Unit, Name: c.Name}
		if c.Name == "elsewhere" {
			found.Error = fault.New(fault.Tenant, "not below")
		} else {
			found.Org = map[string]any{"id": "id-of-" + c.Name, "name": c.Name, "slug": c.Name, "parent": nil, "tags": []any{}, "vars": map[string]any{}, "integrations": map[string]any{}}
		}
		p.apply(found)
	case flow.StopAttempt:
		p.stop(c)
	case flow.SetTimer:
		p.timers[c.Unit] = c.At
	case flow.ClearTimer:
		delete(p.timers, c.Unit)
	case flow.SetDeadline:
		p.deadline = c.At
	case flow.PassPause:
		p.pauses = append(p.pauses, c.Resume)
	case flow.Finish:
		p.finish = &c
	case flow.StartHandler:
		p.handler = &c
	}
}

// subrun names the run of a sub-workflow: a new one, or the one that is reopened.
func (p *player) subrun(c flow.StartAttempt) string {
	if c.Task.SubWorkflow == "" {
		return ""
	}
	id := c.Reopen
	if id == "" {
		id = fmt.Sprintf("%s/%d", label(c), c.Attempt)
	}
	p.subruns = append(p.subruns, id)
	return id
}

// look answers the first look that is under way.
func (p *player) look() {
	c := p.looks[0]
	p.looks = p.looks[1:]
	out := p.outcomes(flow.StartAttempt{Unit: c.Unit, Task: c.Task, Instance: c.Instance, Attempt: c.Attempt, With: c.With, Org: c.Org})
	ev := flow.AttemptVerified{At: p.now, Unit: c.Unit, Verdict: flow.Unsure}
	if len(out.looks) > 0 {
		ev.Verdict = out.looks[min(c.Try, len(out.looks))-1]
	}
	if ev.Verdict == flow.Done {
		ev.Result = out.Result
	}
	p.apply(ev)
}

// reopen lets the run go on that has ended, and gives what it was told to do at once.
func (p *player) reopen(ev flow.Reopened) []flow.Command {
	p.t.Helper()
	ev.At = p.now
	if ev.Workflow != nil {
		ev.Version = ev.Workflow.Version
		p.others[ev.Version] = ev.Workflow
	}
	p.finish, p.handler = nil, nil
	commands := p.take(ev)
	for _, c := range commands {
		p.obey(c)
	}
	return commands
}

// stop does what the engine does: on cancel reads are cut off and writes finish; at the end of the run's
// time everything is cut off, and a write becomes unknown.
func (p *player) stop(c flow.StopAttempt) {
	i := slices.IndexFunc(p.running, func(a flow.StartAttempt) bool { return a.Unit == c.Unit })
	if i < 0 || c.Why == flow.Withdrawn {
		return
	}
	attempt := p.running[i]
	write := attempt.Task.Action != nil && attempt.Task.Action.Effect != actions.Read
	out := flow.Outcome{Cancelled: true, Error: fault.New(fault.Cancelled, "cut off")}
	if c.Why == flow.RunTimeout {
		out = flow.Outcome{TimedOut: true, Unknown: write, Error: fault.New(fault.Timeout, "cut off")}
	} else if write {
		return
	}
	p.stopped = append(p.stopped, label(attempt))
	p.running = slices.Delete(p.running, i, i+1)
	p.apply(flow.AttemptEnded{At: p.now, Unit: c.Unit, Outcome: out})
}

// label names an attempt as scenarios do: task, task#2 for the second instance, task[0] for an item.
func label(c flow.StartAttempt) string {
	name := c.Task.Name
	if c.Instance > 1 {
		name += fmt.Sprintf("#%d", c.Instance)
	}
	if c.Item != flow.NoItem {
		name += fmt.Sprintf("[%d]", c.Item)
	}
	return name
}

func (p *player) end(name string) {
	p.t.Helper()
	i := slices.IndexFunc(p.running, func(a flow.StartAttempt) bool { return label(a) == name })
	if i < 0 {
		p.t.Fatalf("%s is not running; running are %v", name, p.names())
	}
	p.endAt(i)
}

func (p *player) endAt(i int) {
	attempt := p.running[i]
	p.running = slices.Delete(p.running, i, i+1)
	out := p.outcomes(attempt)
	switch {
	case attempt.Mock != nil:
		p.apply(flow.AttemptEnded{At: p.now, Unit: attempt.Unit, Outcome: *attempt.Mock})
	case out.awaits != "":
		ev := flow.AttemptWaits{At: p.now, Unit: attempt.Unit, Awaits: out.awaits}
		if out.waits > 0 {
			ev.Until = p.now.Add(out.waits)
		}
		p.apply(ev)
	case out.waits > 0:
		p.apply(flow.AttemptWaits{At: p.now, Unit: attempt.Unit, Until: p.now.Add(out.waits), Result: out.Result})
	default:
		p.apply(flow.AttemptEnded{At: p.now, Unit: attempt.Unit, Outcome: out.Outcome})
	}
}

func (p *player) names() []string {
	out := []string{}
	for _, a := range p.running {
		out = append(out, label(a))
	}
	return out
}

// advance moves the clock and lets what is due on the way happen, in its order.
func (p *player) advance(d time.Duration) {
	until := p.now.Add(d)
	for {
		at, fire := p.nextDue()
		if fire == nil || at.After(until) {
			break
		}
		p.now = at
		p.apply(fire(at))
	}
	p.now = until
}

func (p *player) nextDue() (time.Time, func(time.Time) flow.Event) {
	var first time.Time
	var fire func(time.Time) flow.Event
	units := make([]flow.Unit, 0, len(p.timers))
	for id := range p.timers {
		units = append(units, id)
	}
	slices.SortFunc(units, func(a, b flow.Unit) int { return (a.Exec-b.Exec)*100_000 + a.Item - b.Item })
	for _, id := range units {
		if at := p.timers[id]; fire == nil || at.Before(first) {
			first = at
			fire = func(at time.Time) flow.Event {
				delete(p.timers, id)
				return flow.TimerFired{At: at, Unit: id}
			}
		}
	}
	if !p.deadline.IsZero() && (fire == nil || p.deadline.Before(first)) {
		first = p.deadline
		fire = func(at time.Time) flow.Event { return flow.DeadlineReached{At: at} }
	}
	return first, fire
}

// rest lets the run go on by itself: attempts end in the order they began (or as pick says), and time
// passes when nothing runs. It reports false if the run is stuck.
func (p *player) rest(pick func(n int) int) bool {
	for p.finish == nil {
		if len(p.looks) > 0 {
			p.look()
			continue
		}
		if len(p.running) > 0 {
			i := 0
			if pick != nil {
				i = pick(len(p.running))
			}
			p.endAt(i)
			continue
		}
		at, fire := p.nextDue()
		if fire == nil {
			return false
		}
		p.advance(at.Sub(p.now))
	}
	return true
}

// failer is what the player needs of a test.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}
