package simulation_test

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"gantry/actions"
	"gantry/engine/flow/flowtest"
	"gantry/engine/workflow"
	"gantry/fault"
)

// mains are the workflows that requests ask for.
var mains = []string{"w0", "w1"}

// library is a world's workflows.
type library struct {
	lib   *workflow.Library
	texts map[string]string
	world workflow.World
}

// perLibrary is how many seeds in a row have the same workflows: to check them is nearly half of a world's cost.
const perLibrary = 8

var libraries sync.Map // from a seed's quotient by perLibrary to a func() *library

// libraryOf gives the workflows of a seed.
func libraryOf(seed uint64) *library {
	draw := sync.OnceValue(func() *library { return drawLibrary(chance(seed / perLibrary)) })
	found, _ := libraries.LoadOrStore(seed/perLibrary, draw)
	return found.(func() *library)()
}

// drawLibrary draws until the checker accepts; nil if it never does.
func drawLibrary(c chance) *library {
	for try := range 200 {
		l := &library{texts: map[string]string{"tell": handler}, world: workflow.World{Catalogue: actions.Builtin()}}
		r := c.of(fmt.Sprint("workflows ", try))
		l.texts["sub"] = drawWorkflow(r, 3, false)
		for _, id := range mains {
			l.texts[id] = drawWorkflow(r, 6, true)
		}
		var files []workflow.File
		for _, id := range append([]string{"sub", "tell"}, mains...) {
			files = append(files, workflow.File{ID: id, Name: id + ".yaml", Text: []byte(l.texts[id])})
		}
		var ds interface{ HasErrors() bool }
		if l.lib, ds = workflow.LoadAll(files, l.world); !ds.HasErrors() {
			return l
		}
	}
	return nil
}

const handler = "tasks: {note: {" + `action: core.http_request, with: {method: POST, url: "http://target/${{ run.id }}/note/POST/-"}}}` + "\n"

func drawWorkflow(r *rand.Rand, most int, main bool) string {
	text := "max_tasks: 40\n" + fmt.Sprintf("timeout: %ds\n", 20+r.IntN(600))
	if main && oneIn(r, 2) {
		text += fmt.Sprintf("concurrency: {limit: %d, when_full: %s}\n", 1+r.IntN(3), []string{"queue", "queue", "queue", "skip", "cancel_running"}[r.IntN(5)])
	}
	if main && oneIn(r, 3) {
		text += "on_failure: {workflow: tell}\n"
	}
	g := flowtest.DrawGraph(source{r}, most)
	return text + g.Text(func(i int) []string { return drawTask(r, g.Tasks[i].Name, main) })
}

// drawTask draws what a task does.
func drawTask(r *rand.Rand, name string, main bool) []string {
	switch r.IntN(12) {
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
	case 5, 6:
		items := make([]int, r.IntN(5))
		each := []string{fmt.Sprintf("for_each: {items: %s, concurrency: %d, on_error: %s}", list(len(items)), 1+r.IntN(3), []string{"fail", "continue"}[r.IntN(2)])}
		return append(each, drawRequest(r, name, "${{ index }}")...)
	}
	return drawRequest(r, name, "-")
}

func list(n int) string {
	text := "["
	for i := range n {
		text += fmt.Sprint(i, ",")
	}
	return text + "]"
}

// drawRequest draws a request whose address says what it is: the run, the task, the method and the item.
func drawRequest(r *rand.Rand, name, item string) []string {
	method := []string{"GET", "GET", "POST", "POST", "PUT"}[r.IntN(5)]
	lines := []string{"action: core.http_request", fmt.Sprintf(`with: {method: %s, url: "http://target/${{ run.id }}/%s/%s/%s"}`, method, name, method, item)}
	if oneIn(r, 2) {
		lines = append(lines, fmt.Sprintf("retry: {attempts: %d, delay: %dms}", 2+r.IntN(3), 200+r.IntN(3000)))
	}
	if oneIn(r, 2) {
		lines = append(lines, fmt.Sprintf("timeout: %dms", 500+r.IntN(20_000)))
	}
	return lines
}

// text is what the workflows say.
func (l *library) text() (text string) {
	for _, id := range l.lib.IDs() {
		text += "# " + id + ".yaml\n" + l.texts[id] + "\n"
	}
	return text
}

func (l *library) Workflow(id string) (*workflow.Workflow, error) {
	if wf, ok := l.lib.Get(id); ok {
		return wf, nil
	}
	return nil, fault.New(fault.Missing, "there is no workflow %s", id)
}

func (l *library) Compile(id string, text []byte) (*workflow.Workflow, error) {
	wf, err := l.Workflow(id)
	if err == nil && string(wf.Text) != string(text) {
		return nil, fault.New(fault.Internal, "workflow %s was kept with another text", id)
	}
	return wf, err
}
