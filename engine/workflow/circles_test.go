package workflow

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gantry/source"
)

// TestCircles holds each library of testdata/circles against its golden file. A library is one text: a line
// "-- id --" begins each workflow.
func TestCircles(t *testing.T) {
	names, err := filepath.Glob("testdata/circles/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			files, texts := readLibrary(t, name)
			lib, ds := LoadAll(files, testWorld(t))
			var got strings.Builder
			ds.Render(&got, texts, false)
			fmt.Fprintf(&got, "loaded: %s\n", strings.Join(lib.IDs(), ", "))
			golden(t, strings.TrimSuffix(name, ".txt")+".golden", got.String())
		})
	}
}

func readLibrary(t *testing.T, name string) (files []File, texts source.Texts) {
	t.Helper()
	all, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	texts = source.Texts{}
	for _, part := range strings.Split("\n"+string(all), "\n-- ")[1:] {
		id, text, ok := strings.Cut(part, " --\n")
		if !ok {
			t.Fatalf("%s: %q has no id", name, part)
		}
		files = append(files, file(id, text+"\n"))
		texts[id+".yaml"] = []byte(text + "\n")
	}
	return files, texts
}

// What a completion trigger sees of outputs is typed whichever of the two is checked first.
func TestCompletionSeesTypedOutputs(t *testing.T) {
	after := func(of, field string) string {
		return "inputs: {n: {type: integer, required: true}}\ntriggers: [{type: completion, workflow: " + of + ", inputs: {n: \"${{ completed.outputs." + field + " }}\"}}]\n" + noopTasks
	}
	files := []File{
		file("a-follower", after("m", "n")), file("z-follower", after("m", "text")),
		file("m", "tasks:\n  a: {workflow: leaf}\noutputs: {n: \"${{ tasks.a.result.n }}\", text: ok}\n"), file("leaf", noopTasks+"outputs: {n: 5}\n"),
		file("wrong", after("m", "nn")),
	}
	lib, ds := LoadAll(files, testWorld(t))
	if len(lib.IDs()) != 3 || len(ds) != 2 {
		t.Errorf("loaded %v: %v", lib.IDs(), ds.Error())
	}
	for i, want := range []string{"has no field `nn`", "needs a whole number, gets text"} {
		if !strings.Contains(ds[i].Message, want) {
			t.Errorf("got %q, want %q", ds[i].Message, want)
		}
	}
}
