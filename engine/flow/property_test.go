package flow_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gantry/engine/flow"
	"gantry/engine/flow/flowtest"
	"gantry/engine/workflow"
	"gantry/fault"
)

// graph is a random workflow with the outcomes of its tasks. Outcomes depend on the task alone, so that
// only the order of completions differs between two plays.
type graph struct {
	text   string
	fails  map[string]bool
	lost   map[string]bool // it fails because its answer is lost
	waits  map[string]bool
	racing bool // it has any or number joins
}

// drawGraph draws a workflow with the ends of its tasks.
func drawGraph(t *rapid.T) graph {
	tasks := flowtest.DrawGraph(drawn{t}, 9)
	g := graph{fails: map[string]bool{}, lost: map[string]bool{}, waits: map[string]bool{}, racing: tasks.Racing}
	g.text = "max_tasks: 120\n" + tasks.Text(func(i int) []string {
		name := tasks.Tasks[i].Name
		g.fails[name] = rapid.IntRange(0, 3).Draw(t, "fails") == 0
		g.waits[name] = rapid.IntRange(0, 5).Draw(t, "waits") == 0
		keys := []string{"action: test.read"}
		if rapid.IntRange(0, 5).Draw(t, "for_each") == 0 {
			keys = append(keys, fmt.Sprintf("for_each: {items: [1, 2, 3], concurrency: %d, on_error: %s}",
				rapid.IntRange(1, 3).Draw(t, "concurrency"), rapid.SampledFrom([]string{"fail", "continue"}).Draw(t, "on_error")))
		}
		return keys
	})
	return g
}

// drawn lets rapid make the choices.
type drawn struct{ t *rapid.T }

func (d drawn) IntN(label string, n int) int { return rapid.IntRange(0, n-1).Draw(d.t, label) }

func (g graph) outcome(c flow.StartAttempt) outcome {
	var out outcome
	if g.fails[c.Task.Name] && c.Item < 1 { // of items the first
		out.Error = fault.New(fault.BadRequest, "scripted")
		out.Unknown = g.lost[c.Task.Name]
	} else {
		out.Result = c.Task.Name
		if g.waits[c.Task.Name] {
			out.waits = 1
		}
	}
	return out
}

// check gives the workflow, or nil for a draw that the checker refuses (a task reached from nowhere, say).
func (g graph) check(t *rapid.T, world workflow.World) *workflow.Workflow {
	def, ds := workflow.Parse("main", "main.yaml", []byte(g.text))
	if ds.HasErrors() {
		t.Fatalf("%v\n%s", ds.Err(), g.text)
	}
	wf, ds := workflow.Check(def, world)
	if ds.HasErrors() {
		t.Skip("the checker refuses it:", ds.Err())
	}
	return wf
}

// ending is what must not depend on the order of completions: the status, the outputs, and how often each
// task ran with which end.
type ending struct {
	Status  flow.Status
	Outputs map[string]any
	Tasks   map[string]int
}

func endingOf(s *flow.State) ending {
	e := ending{Status: s.Status(), Outputs: s.Outputs(), Tasks: map[string]int{}}
	for _, x := range s.Executions() {
		e.Tasks[x.Task.Name+" "+string(x.Status)]++
	}
	return e
}

// TestAnyOrderEndsTheSame: any order of completions that the graph allows gives the same final state,
// where no any or number join asks for a race.
func TestAnyOrderEndsTheSame(t *testing.T) {
	world := workflow.World{Catalogue: catalogue(t)}
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		if g.racing {
			return
		}
		wf := g.check(t, world)
		first := g.play(t, wf, nil)
		if code := first.state.Error(); code != nil && code.Code == fault.TooManyTasks {
			return // where it was cut off depends on the order
		}
		seed := rapid.Uint64().Draw(t, "seed")
		for round := range uint64(4) {
			random := rand.New(rand.NewPCG(seed, round))
			again := g.play(t, wf, random.IntN)
			want, got := endingOf(first.state), endingOf(again.state)
			if want.Status != flow.Succeeded { // what had started when the run failed depends on the order; that it failed does not
				want, got = ending{Status: want.Status}, ending{Status: got.Status}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("another order, another end (-first +again):\n%s\n%s\nfirst: %v\nagain: %v", diff, g.text, first.started, again.started)
			}
		}
	})
}

func (g graph) play(t *rapid.T, wf *workflow.Workflow, pick func(int) int) *player {
	p := play(t, wf, map[string]any{}, g.outcome)
	if !p.rest(pick) {
		t.Fatalf("the run is stuck after %v, status %s\n%s", p.started, p.state.Status(), g.text)
	}
	return p
}

// TestNothingIsStuck: whatever the graph, the joins and the order, a run ends; and its events give the
// same state again.
func TestNothingIsStuck(t *testing.T) {
	world := workflow.World{Catalogue: catalogue(t)}
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		wf := g.check(t, world)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		p := g.play(t, wf, random.IntN)
		p.checkReplay()
		for _, e := range p.state.Executions() {
			if !e.Status.Ended() {
				t.Fatalf("%s#%d is %s after the run's end\n%s", e.Task.Name, e.Instance, e.Status, g.text)
			}
		}
	})
}

// TestControlAtAnyMoment: cancel, pause, resume and the end of the run's time may come at any moment; the
// run still ends, with nothing left in progress, and replays.
func TestControlAtAnyMoment(t *testing.T) {
	world := workflow.World{Catalogue: catalogue(t)}
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		wf := g.check(t, world)
		p := play(t, wf, map[string]any{}, g.outcome)
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			if p.finish != nil {
				break
			}
			switch rapid.SampledFrom([]string{"end", "end", "end", "pause", "resume", "cancel", "advance", "deadline", "put back"}).Draw(t, "step") {
			case "end":
				if len(p.running) > 0 {
					p.endAt(rapid.IntRange(0, len(p.running)-1).Draw(t, "which"))
				}
			case "pause":
				p.apply(flow.PauseRequested{At: p.now})
			case "resume":
				p.apply(flow.ResumeRequested{At: p.now})
			case "cancel":
				p.apply(flow.CancelRequested{At: p.now})
			case "put back":
				if len(p.running) > 0 {
					c := p.running[rapid.IntRange(0, len(p.running)-1).Draw(t, "which")]
					p.apply(flow.AttemptPutBack{At: p.now, Unit: c.Unit})
					if rapid.Bool().Draw(t, "again") {
						p.apply(flow.AttemptStarted{At: p.now, Unit: c.Unit})
					}
				}
			case "advance":
				p.advance(1)
			case "deadline":
				p.advance(workflow.DefaultTimeout)
			}
		}
		if p.finish == nil {
			p.apply(flow.ResumeRequested{At: p.now})
		}
		if !p.rest(nil) {
			t.Fatalf("the run is stuck after %v, status %s\n%s", p.started, p.state.Status(), g.text)
		}
		if n := len(p.state.InProgress()); n > 0 {
			t.Fatalf("%d executions are still in progress after the end\n%s", n, g.text)
		}
		p.checkReplay()
	})
}

// TestConcurrencyNeverDecidesFailure: whether a for_each fails never depends on concurrency or order.
func TestConcurrencyNeverDecidesFailure(t *testing.T) {
	cat := catalogue(t)
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.IntRange(0, 12).Draw(t, "items")
		bad := map[int]bool{}
		for i := range items {
			bad[i] = rapid.IntRange(0, 4).Draw(t, "bad") == 0
		}
		onError := rapid.SampledFrom([]string{"fail", "continue"}).Draw(t, "on_error")
		var statuses []flow.Status
		for _, concurrency := range []int{1, 2, rapid.IntRange(3, 20).Draw(t, "concurrency")} {
			text := fmt.Sprintf("tasks:\n  a: {for_each: {items: %s, concurrency: %d, on_error: %s}, action: test.read}\n", list(items), concurrency, onError)
			def, _ := workflow.Parse("main", "main.yaml", []byte(text))
			wf, ds := workflow.Check(def, workflow.World{Catalogue: cat})
			if ds.HasErrors() {
				t.Fatal(ds.Err())
			}
			p := play(t, wf, map[string]any{}, func(c flow.StartAttempt) outcome {
				var out outcome
				if bad[c.Item] {
					out.Error = fault.New(fault.BadRequest, "scripted")
				}
				return out
			})
			random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
			if !p.rest(random.IntN) {
				t.Fatal("stuck")
			}
			p.checkReplay()
			statuses = append(statuses, p.state.Status())
		}
		if len(slices.Compact(slices.Clone(statuses))) != 1 {
			t.Fatalf("concurrency decided: %v, bad items %v", statuses, bad)
		}
	})
}

func list(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprint(i)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
