package simulation_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing/fstest"

	"gantry/actions"
	"gantry/engine/flow/flowtest"
	"gantry/engine/workflow"
	"gantry/fault"
)

// mains are the workflows that requests ask for.
var mains = []string{"w0", "w1"}

// library is the workflows of some worlds, as they are at first, and as they are once somebody has changed them.
type library struct {
	lib   [2]*workflow.Library
	texts [2]map[string]string
}

// perLibrary is how many seeds in a row have the same workflows: to check them costs as much as a world.
const perLibrary = 12

var libraries sync.Map // from a seed's quotient by perLibrary to a func() *library

// libraryOf gives the workflows of a seed.
func libraryOf(seed uint64) *library {
	draw := sync.OnceValue(func() *library { return drawLibrary(chance(seed / perLibrary)) })
	found, _ := libraries.LoadOrStore(seed/perLibrary, draw)
	libraries.Delete(seed/perLibrary - 64) // nobody is so far behind
	return found.(func() *library)()
}

// large tells whether a library is one of the few whose runs may go round in circles for long. Many small worlds show
// more than a few large ones, and one large world costs as much as twenty.
func (c chance) large() bool { return c.of("large").IntN(10) == 0 }

// drawLibrary draws until the checker accepts; nil if it never does.
func drawLibrary(c chance) *library {
	l := &library{}
	for i := range l.texts {
		l.texts[i] = map[string]string{"tell": handler}
	}
	for _, id := range append([]string{"sub"}, mains...) {
		if !l.draw(c, id) {
			return nil
		}
	}
	if !l.load(0, mains...) || !l.load(1, mains...) {
		return nil
	}
	return l
}

// draw adds a workflow, and what becomes of it when somebody changes it.
func (l *library) draw(c chance, id string) bool {
	for try := range 500 {
		r := c.of(fmt.Sprint("workflow ", id, try))
		d := drawWorkflow(r, c.large(), id != "sub")
		good := true
		for i := 0; good && i < len(l.lib); i++ {
			l.texts[i][id] = d.text()
			good = l.load(i, id)
			d.change(r)
		}
		if good {
			return true
		}
	}
	return false
}

// load checks workflows with those that they name.
func (l *library) load(i int, ids ...string) bool {
	var files []workflow.File
	for _, id := range append([]string{"tell", "sub"}, ids...) {
		if text := l.texts[i][id]; text != "" && !slices.ContainsFunc(files, func(f workflow.File) bool { return f.ID == id }) {
			files = append(files, workflow.File{ID: id, Name: id + ".yaml", Text: []byte(text)})
		}
	}
	lib, ds := workflow.LoadAll(files, workflow.World{Catalogue: catalogue()})
	l.lib[i] = lib
	return !ds.HasErrors()
}

// catalogue is the shipped one with a write that can be looked for.
var catalogue = sync.OnceValue(func() *actions.Catalogue {
	c, ds := actions.Load(actions.Builtin(), fstest.MapFS{"actions/sim/integration.yaml": {Data: []byte(integration)}}, "actions")
	if ds.HasErrors() {
		panic(ds.Err())
	}
	return c
})

const integration = `
title: Simulated
config: {server: {type: string, required: true}}
web_addresses: {server: {}}
base_url: ${{ config.server }}
auth: {type: none}
actions:
  make:
    title: Make
    effect: write
    inputs: {run: {type: string, required: true}, task: {type: string, required: true}, item: {type: string, required: true}}
    request: {method: POST, path: "/{run}/{task}/{item}/MAKE"}
    result: any
    verify:
      action: sim.look
      with: {run: "${{ inputs.run }}", task: "${{ inputs.task }}", item: "${{ inputs.item }}"}
      found: result.made
  look:
    title: Look
    inputs: {run: {type: string, required: true}, task: {type: string, required: true}, item: {type: string, required: true}}
    request: {method: GET, path: "/{run}/{task}/{item}/LOOK"}
    result: {type: object, fields: {made: boolean}}
`

const handler = "tasks: {note: {" + `action: core.http_request, with: {method: POST, url: "http://target/${{ run.id }}/note/-/POST"}}}` + "\n"

// drawing is a workflow of which parts may be drawn anew.
type drawing struct {
	main  bool
	head  string
	graph flowtest.Graph
	tasks [][]string
}

func drawWorkflow(r *rand.Rand, large, main bool) *drawing {
	most, longest := 5, 6+r.IntN(9)
	if large {
		most, longest = 6, 40
	}
	if !main {
		most = 3
	}
	d := &drawing{main: main, head: fmt.Sprintf("max_tasks: %d\n", longest)}
	if main && oneIn(r, 2) {
		d.head += fmt.Sprintf("concurrency: {limit: %d, when_full: %s}\n", 1+r.IntN(3), []string{"queue", "queue", "queue", "skip", "cancel_running"}[r.IntN(5)])
	}
	if main && oneIn(r, 3) {
		d.head += "on_failure: {workflow: tell}\n"
	}
	d.head += fmt.Sprintf("timeout: %ds\n", 20+r.IntN(600))
	d.graph = flowtest.DrawGraph(source{r}, most)
	for _, t := range d.graph.Tasks {
		d.tasks = append(d.tasks, drawTask(r, t.Name, main))
	}
	return d
}

// change draws some of the tasks anew, and now and then how they hang together.
func (d *drawing) change(r *rand.Rand) {
	for i, t := range d.graph.Tasks {
		if oneIn(r, 3) {
			d.tasks[i] = drawTask(r, t.Name, d.main)
		}
	}
	if n := len(d.graph.Tasks); oneIn(r, 4) {
		t := &d.graph.Tasks[r.IntN(n)]
		t.Next = t.Next[:min(len(t.Next), 1)]
	}
}

func (d *drawing) text() string {
	return d.head + d.graph.Text(func(i int) []string { return slices.Clone(d.tasks[i]) })
}

// drawTask draws what a task does.
func drawTask(r *rand.Rand, name string, main bool) []string {
	switch r.IntN(16) {
	case 0:
		return []string{"action: core.noop"}
	case 1:
		return []string{fmt.Sprintf("action: core.set\n    with: {values: %d}", r.IntN(9))}
	case 2:
		return []string{fmt.Sprintf("action: core.delay\n    with: {duration: %dms}", 1+r.IntN(30_000))}
	case 3, 4:
		if main {
			return []string{"workflow: sub"}
		}
	case 5, 6, 7:
		items := make([]int, r.IntN(5))
		each := []string{fmt.Sprintf("for_each: {items: %s, concurrency: %d, on_error: %s}", list(len(items)), 1+r.IntN(3), []string{"fail", "continue"}[r.IntN(2)])}
		if oneIn(r, 4) {
			return append(each, drawWait(r)...)
		}
		return append(each, drawRequest(r, name, "${{ index }}")...)
	case 8, 9:
		return drawWait(r)
	}
	return drawRequest(r, name, "-")
}

// drawWait draws a wait for somebody.
func drawWait(r *rand.Rand) []string {
	lines := [][]string{
		{"action: core.ask", `with: {question: "Well?", buttons: [{value: well}, {value: ill}]}`},
		{"action: core.wait_for_webhook"},
	}[r.IntN(2)]
	if oneIn(r, 2) {
		lines = append(lines, fmt.Sprintf("timeout: %dms", 500+r.IntN(60_000)))
	}
	return lines
}

func list(n int) string {
	text := "["
	for i := range n {
		text += fmt.Sprint(i, ",")
	}
	return text + "]"
}

// drawRequest draws a request whose address says what it is: the run, the task, the item and the method.
func drawRequest(r *rand.Rand, name, item string) []string {
	method := []string{"GET", "GET", "POST", "POST", "PUT", "MAKE"}[r.IntN(6)]
	unit := "${{ run.id }}/" + name + "/" + item
	lines := []string{"action: core.http_request", fmt.Sprintf(`with: {method: %s, url: "http://target/%s/%s"}`, method, unit, method)}
	if method == "MAKE" {
		lines = []string{"action: sim.make", fmt.Sprintf(`with: {run: "${{ run.id }}", task: %s, item: "%s"}`, name, textual(item))}
	}
	if oneIn(r, 2) {
		lines = append(lines, fmt.Sprintf("retry: {attempts: %d, delay: %dms}", 2+r.IntN(3), 200+r.IntN(3000)))
	}
	if oneIn(r, 2) {
		lines = append(lines, fmt.Sprintf("timeout: %dms", 500+r.IntN(20_000)))
	}
	return lines
}

// textual makes an expression give text.
func textual(item string) string { return strings.Replace(item, "index", "string(index)", 1) }

// text is what the workflows say.
func (l *library) text() (text string) {
	for i, lib := range l.lib {
		for _, id := range lib.IDs() {
			if i == 0 || l.texts[i][id] != l.texts[0][id] {
				text += fmt.Sprintf("# %s.yaml, %s\n%s\n", id, []string{"at first", "changed"}[i], l.texts[i][id])
			}
		}
	}
	return text
}

// shelf is the library of one world, which is changed at some moment of it.
type shelf struct {
	*library
	changed atomic.Bool
}

func (s *shelf) Workflow(id string) (*workflow.Workflow, error) {
	i := 0
	if s.changed.Load() {
		i = 1
	}
	if wf, ok := s.lib[i].Get(id); ok {
		return wf, nil
	}
	return nil, fault.New(fault.Missing, "there is no workflow %s", id)
}

func (s *shelf) Compile(id string, text []byte) (*workflow.Workflow, error) {
	for i := range s.lib {
		if wf, ok := s.lib[i].Get(id); ok && string(wf.Text) == string(text) {
			return wf, nil
		}
	}
	return nil, fault.New(fault.Internal, "workflow %s was kept with another text", id)
}

// version gives a version that was there once.
func (s *shelf) version(id, version string) *workflow.Workflow {
	for i := range s.lib {
		if wf, ok := s.lib[i].Get(id); ok && wf.Version == version {
			return wf
		}
	}
	return nil
}
