package flow_test

import (
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gantry/engine/flow"
	"gantry/engine/workflow"
	"gantry/fault"
)

// mended plays a random graph to its end, by whatever way, and reopens it until it ends well: each time the
// task that failed the run is mended. Writes of unknown outcome are resolved as they would have ended.
type mended struct {
	t        *rapid.T
	g        graph
	p        *player
	random   *rand.Rand
	versions []*workflow.Workflow // the same in all but name
	reopened int
}

func drawMended(t *rapid.T, world workflow.World) *mended {
	g := drawGraph(t)
	wf := g.check(t, world)
	for name := range g.fails {
		g.lost[name] = rapid.IntRange(0, 3).Draw(t, "lost") == 0
	}
	other := g
	other.text += "# the next version\n"
	m := &mended{t: t, g: g, versions: []*workflow.Workflow{wf, other.check(t, world)}}
	m.random = rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	return m
}

// run plays the graph until it ends; it may be cancelled or run out of time at any moment.
func (m *mended) run() {
	steps := rapid.IntRange(0, 8).Draw(m.t, "undisturbed steps")
	for n := 0; n < steps && m.p.finish == nil; n++ {
		switch {
		case len(m.p.looks) > 0:
			m.p.look()
		case len(m.p.running) > 0:
			m.p.endAt(m.random.IntN(len(m.p.running)))
		default:
			m.p.advance(1)
		}
	}
	if m.p.finish == nil {
		switch rapid.SampledFrom([]string{"", "", "pause", "cancel", "deadline", "cut off"}).Draw(m.t, "then") {
		case "pause":
			m.p.apply(flow.PauseRequested{At: m.p.now})
			m.p.apply(flow.CancelRequested{At: m.p.now})
		case "cancel":
			m.p.apply(flow.CancelRequested{At: m.p.now})
		case "cut off":
			m.p.apply(flow.CancelRequested{At: m.p.now, AtOnce: true})
		case "deadline":
			m.p.advance(workflow.DefaultTimeout)
		}
	}
	if !m.p.rest(m.random.IntN) {
		m.t.Fatalf("the run is stuck after %v, status %s\n%s", m.p.started, m.p.state.Status(), m.g.text)
	}
}

// toEnd gives false for a run that no mending helps.
func (m *mended) toEnd() bool {
	m.p = play(m.t, m.versions[0], map[string]any{}, m.g.outcome)
	m.run()
	for m.p.state.Status() != flow.Succeeded {
		err := m.p.state.Error()
		if err.Code == fault.TooManyTasks || err.Code == fault.JoinUnsatisfied {
			return false
		}
		if err.Code == fault.BadRequest || err.Code == fault.ItemsFailed {
			m.g.fails[err.Task] = false
		}
		if m.reopened++; m.reopened > 60 {
			m.t.Fatalf("the run does not end well: %v\n%s", err, m.g.text)
		}
		m.resolve()
		m.reopen()
		m.run()
	}
	return true
}

func (m *mended) resolve() {
	ev := flow.Reopened{At: m.p.now}
	for _, u := range m.p.state.Unresolved() {
		if _, err := m.p.state.Apply(ev); err == nil {
			m.t.Fatalf("the run is reopened, though nobody knows about %s", u.Task)
		}
		word := flow.Resolved{At: m.p.now, Unit: u.Unit}
		if !m.g.fails[u.Task] || u.Item > 0 {
			word.Done = rapid.Bool().Draw(m.t, "done")
			word.Result = u.Task
		}
		m.p.apply(word)
	}
	if left := m.p.state.Unresolved(); len(left) > 0 {
		m.t.Fatalf("still to be resolved: %v", left)
	}
}

// reopen holds the reopening to its announcement, and every success to be left alone.
func (m *mended) reopen() {
	ev := flow.Reopened{At: m.p.now, Workflow: rapid.SampledFrom(m.versions).Draw(m.t, "version")}
	before := summarise(m.p.state)
	plan := m.p.state.Reopening(ev)
	if diff := cmp.Diff(plan, m.p.state.Reopening(ev)); diff != "" || plan.Nothing || len(plan.Misfits) > 0 {
		m.t.Fatalf("what is announced is not to be done, or not the same twice: %+v\n%s\n%s", plan, diff, m.g.text)
	}
	sameRun(m.t, before, summarise(m.p.state))
	done := map[flow.Unit]bool{}
	for _, e := range m.p.state.Executions() {
		done[flow.Unit{Exec: e.ID, Item: flow.NoItem}] = e.Status == flow.Succeeded
		for i, item := range e.Items() {
			done[flow.Unit{Exec: e.ID, Item: i}] = item.Status == flow.Succeeded || e.Status == flow.Succeeded
		}
	}
	known := len(m.p.state.Executions())
	commands := m.p.reopen(ev)
	for _, c := range commands {
		if c, ok := c.(flow.StartAttempt); ok && done[c.Unit] {
			m.t.Fatalf("%s succeeded and is repeated\n%s", label(c), m.g.text)
		}
	}
	m.holdTo(plan, commands, known)
}

// holdTo compares what a reopening did at once with what was announced.
func (m *mended) holdTo(plan flow.Reopening, commands []flow.Command, known int) {
	attempted, announced := map[int]bool{}, map[int]bool{}
	begun, reachable := map[string]bool{}, map[string]bool{}
	for _, c := range commands {
		if c, ok := c.(flow.StartAttempt); ok && c.Exec < known {
			attempted[c.Exec] = true
		}
	}
	for _, e := range m.p.state.Executions()[known:] {
		begun[e.Task.Name] = true
	}
	if err := m.p.state.Error(); err != nil && err.Code == fault.TooManyTasks {
		return // it ended before it was through
	}
	for _, step := range plan.Steps {
		switch step.What {
		case flow.ReopenRepeat, flow.ReopenItems, flow.ReopenSubRun:
			announced[step.Exec] = true
		case flow.ReopenStart:
			m.reach(step.Task, reachable)
			if !begun[step.Task] {
				m.t.Fatalf("%s was to start, and did not: %+v\n%s", step.Task, plan.Steps, m.g.text)
			}
		case flow.ReopenJoin, flow.ReopenGoOn:
			m.reach(step.Task, reachable)
		}
	}
	if m.p.state.Error() == nil && !maps.Equal(attempted, announced) {
		m.t.Fatalf("announced are %v, attempted %v: %+v\n%s", announced, attempted, plan.Steps, m.g.text)
	}
	for task := range begun {
		if !reachable[task] {
			m.t.Fatalf("%s begins unannounced: %+v\n%s", task, plan.Steps, m.g.text)
		}
	}
}

// reach gathers a task and those behind it.
func (m *mended) reach(name string, seen map[string]bool) {
	if seen[name] {
		return
	}
	seen[name] = true
	for _, task := range m.versions[0].Tasks {
		if task.Name != name {
			continue
		}
		for _, transition := range task.Next {
			for _, target := range transition.Do {
				if target.Task != nil {
					m.reach(target.Task.Name, seen)
				}
			}
		}
	}
}

// TestReopenedRunsEndAsUndisturbedOnes: a run that is reopened until it ends well, its causes mended, ends as
// one that nothing disturbed.
func TestReopenedRunsEndAsUndisturbedOnes(t *testing.T) {
	world := workflow.World{Catalogue: catalogue(t)}
	rapid.Check(t, func(t *rapid.T) {
		m := drawMended(t, world)
		if m.g.racing || !m.toEnd() {
			return
		}
		undisturbed := m.g.play(t, m.versions[0], nil)
		if diff := cmp.Diff(endingOf(undisturbed.state), endingOf(m.p.state)); diff != "" {
			t.Fatalf("reopened %d times, another end (-undisturbed +reopened):\n%s\n%s", m.reopened, diff, m.g.text)
		}
		m.p.checkReplay()
	})
}

// TestWhatSucceededIsNeverRepeated: whatever the graph, however often and at whatever end a run is reopened,
// nothing is stuck, nothing that succeeded is attempted again, and its events give the same state.
func TestWhatSucceededIsNeverRepeated(t *testing.T) {
	world := workflow.World{Catalogue: catalogue(t)}
	rapid.Check(t, func(t *rapid.T) {
		m := drawMended(t, world)
		m.toEnd()
		if m.reopened > 0 {
			m.p.checkReplay()
		}
	})
}

// TestReopeningsDoWhatTheyAnnounce: a preview changes nothing, says the same twice, and is what the reopening
// then does: also of runs that fail again and again.
func TestReopeningsDoWhatTheyAnnounce(t *testing.T) {
	world := workflow.World{Catalogue: catalogue(t)}
	rapid.Check(t, func(t *rapid.T) {
		m := drawMended(t, world)
		m.p = play(t, m.versions[0], map[string]any{}, m.g.outcome)
		m.run()
		for range 3 {
			if m.p.state.Status() == flow.Succeeded {
				if !m.p.state.Reopening(flow.Reopened{}).Nothing {
					t.Fatal("a run that ended well is announced to go on")
				}
				return
			}
			m.resolve()
			m.reopen()
			m.run()
		}
		m.p.checkReplay()
	})
}
