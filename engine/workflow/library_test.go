package workflow

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gantry/source"
)

func file(id, text string) File { return File{ID: id, Name: id + ".yaml", Text: []byte(text)} }

const noopTasks = "tasks:\n  a: {action: core.noop}\n"

func TestLoadAllTypesThroughCalls(t *testing.T) {
	files := []File{
		file("caller", "tasks:\n  a: {workflow: middle, next: b}\n  b:\n    action: desk.add_note\n    with: {ticket_id: \"${{ tasks.a.result.n }}\", note: \"${{ tasks.a.result.text }}\"}\n"),
		file("leaf", noopTasks+"outputs: {n: 5}\n"),
		file("middle", "tasks:\n  a: {workflow: leaf}\noutputs: {n: \"${{ tasks.a.result.n }}\", text: ok}\n"),
		file("wrong", "tasks:\n  a: {workflow: leaf, next: b}\n  b:\n    action: desk.add_note\n    with: {ticket_id: 1, note: \"${{ tasks.a.result.n }}\"}\n"),
	}
	lib, ds := LoadAll(files, testWorld(t))
	if got := lib.IDs(); !slices.Equal(got, []string{"caller", "leaf", "middle"}) {
		t.Errorf("loaded %v", got)
	}
	if len(ds) != 1 || !strings.Contains(ds[0].Message, "input note needs text, gets a whole number") {
		t.Errorf("diagnostics: %v", ds.Error())
	}
	if _, broken := lib.Broken("wrong"); !broken {
		t.Error("wrong is not known as broken")
	}
}

func TestLoadAllLeavesOutOnlyWhatIsWrong(t *testing.T) {
	files := []File{
		file("good", noopTasks),
		file("unreadable", "tasks: ["),
		file("calls-unreadable", "tasks:\n  a: {workflow: unreadable, with: {x: 1}}\n"),
		file("calls-caller", "tasks:\n  a: {workflow: calls-unreadable}\n"),
		file("handled-by-broken", noopTasks+"on_failure: unreadable\n"),
		file("calls-nobody", "tasks:\n  a: {workflow: nobody}\n"),
		{ID: "good", Name: "other/good.yaml", Text: []byte(noopTasks)},
	}
	lib, ds := LoadAll(files, testWorld(t))
	if got := lib.IDs(); !slices.Equal(got, []string{"good"}) {
		t.Errorf("loaded %v", got)
	}
	var got []string
	for _, d := range ds {
		got = append(got, d.Pos.File+" "+d.Code)
	}
	want := []string{
		"calls-caller.yaml calls-broken", "calls-nobody.yaml unknown-workflow", "calls-unreadable.yaml calls-broken",
		"handled-by-broken.yaml calls-broken", "other/good.yaml same-id", "unreadable.yaml " + codeOf(ds, "unreadable.yaml"),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if len(lib.All()) != 1 {
		t.Error("All and IDs differ")
	}
}

func codeOf(ds source.Diagnostics, file string) string {
	for _, d := range ds {
		if d.Pos.File == file {
			return d.Code
		}
	}
	return "none"
}

// Workflows that call each other in a circle do not know each other's outputs: those are any.
func TestLoadAllCircles(t *testing.T) {
	files := []File{
		file("a", "tasks:\n  t: {workflow: b, next: u}\n  u:\n    action: desk.add_note\n    with: {ticket_id: 1, note: \"${{ tasks.t.result.whatever }}\"}\noutputs: {n: 5}\n"),
		file("b", "tasks:\n  t: {workflow: a}\noutputs: {n: \"${{ tasks.t.result.n }}\"}\n"),
		file("c", "tasks:\n  t: {workflow: c}\n"),
		file("d", "tasks:\n  t: {workflow: a, next: u}\n  u:\n    action: desk.add_note\n    with: {ticket_id: \"${{ tasks.t.result.n }}\", note: x}\n"),
	}
	lib, ds := LoadAll(files, testWorld(t))
	if len(lib.IDs()) != 4 {
		t.Errorf("loaded %v: %v", lib.IDs(), ds.Error())
	}
	var got []string
	for _, d := range ds {
		got = append(got, d.Pos.File+" "+d.Code)
	}
	if want := []string{"a.yaml calls-in-circle", "b.yaml calls-in-circle", "c.yaml calls-itself"}; !slices.Equal(got, want) {
		t.Errorf("warned of %v, want %v", got, want)
	}
}

// TestLoadOne: one workflow with what it leads to checks as it does among all, and nothing else is looked at.
func TestLoadOne(t *testing.T) {
	files := []File{
		file("caller", "tasks:\n  a: {workflow: middle, next: b}\n  b:\n    action: desk.add_note\n    with: {ticket_id: \"${{ tasks.a.result.n }}\", note: \"${{ tasks.a.result.text }}\"}\non_failure: handler\n"),
		file("handler", noopTasks),
		file("leaf", noopTasks+"outputs: {n: 5}\n"),
		file("middle", "tasks:\n  a: {workflow: leaf}\noutputs: {n: \"${{ tasks.a.result.n }}\", text: ok}\n"),
		file("wrong", "tasks:\n  a: {workflow: leafs}\n"),
		file("unreadable", "tasks: ["),
		file("calls-unreadable", "tasks:\n  a: {workflow: unreadable}\n"),
		file("follows", "triggers: [{name: t, type: completion, workflow: leaf, run_for: {this: true}, when: completed.outputs.n == 5}]\n"+noopTasks),
		{ID: "leaf", Name: "other/leaf.yaml", Text: []byte("tasks: [")},
	}
	all, _ := LoadAll(files, testWorld(t))
	for id, want := range map[string]string{"caller": "caller handler leaf middle", "leaf": "leaf", "follows": "follows leaf", "wrong": "", "calls-unreadable": "", "nobody": ""} {
		lib := LoadOne(id, files, testWorld(t))
		if got := strings.Join(lib.IDs(), " "); got != want {
			t.Errorf("%s: loaded %q, want %q", id, got, want)
		}
		had, _ := all.Broken(id)
		if got, _ := lib.Broken(id); got.Error() != had.Error() {
			t.Errorf("%s: %v, among all %v", id, got.Error(), had.Error())
		}
	}
	if ds, _ := LoadOne("wrong", files, testWorld(t)).Broken("wrong"); !strings.Contains(ds[0].Hint, "leaf") {
		t.Errorf("no guess among all: %q", ds[0].Hint)
	}
}

func TestLoadAllLongChain(t *testing.T) {
	var files []File
	for i := range 300 {
		files = append(files, file(fmt.Sprintf("w%03d", i), fmt.Sprintf("tasks:\n  t: {workflow: w%03d}\noutputs: {n: \"${{ tasks.t.result.n }}\"}\n", i+1)))
	}
	files = append(files, file("w300", noopTasks+"outputs: {n: 1}\n"))
	lib, ds := LoadAll(files, testWorld(t))
	if len(ds) > 0 {
		t.Fatal(ds.Error())
	}
	first, _ := lib.Get("w000")
	if n, _ := first.OutputType.Field("n"); n.Type.Kind != "integer" {
		t.Errorf("the type of the chain's output is %s", n.Type)
	}
}

func TestVersionIsTheContent(t *testing.T) {
	one, _ := checkText(testWorld(t), "a", "a.yaml", []byte(noopTasks))
	two, _ := checkText(testWorld(t), "b", "b.yaml", []byte(noopTasks))
	three, _ := checkText(testWorld(t), "a", "a.yaml", []byte(noopTasks+"\n"))
	if one.Version != two.Version || one.Version == three.Version || len(one.Version) != 12 {
		t.Error(one.Version, two.Version, three.Version)
	}
}
