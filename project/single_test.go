package project

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/fault"
)

// TestOneByOne: a workflow that is asked for alone is what it is among all.
func TestOneByOne(t *testing.T) {
	all, err := Load("..", Options{Getenv: none})
	if err != nil {
		t.Fatal(err)
	}
	all.check()
	for _, id := range all.IDs() {
		p, err := Load("..", Options{Getenv: none})
		if err != nil {
			t.Fatal(err)
		}
		want, _ := all.Workflow(id)
		got, err := p.Workflow(id)
		if err != nil || p.checked.Load() {
			t.Fatalf("%s: %v, all were checked: %t", id, err, p.checked.Load())
		}
		if diff := cmp.Diff(fmt.Sprintf("%+v", want.Inputs), fmt.Sprintf("%+v", got.Inputs)); got.Version != want.Version || len(got.Tasks) != len(want.Tasks) || got.OutputType.String() != want.OutputType.String() || diff != "" && !strings.Contains(diff, "0x") {
			t.Errorf("%s differs: %s", id, diff)
		}
		if again, err := p.Compile(id, got.Text); err != nil || again != got {
			t.Errorf("%s: compiled it is another one: %v", id, err)
		}
	}
}

// TestOneOfMany: what is wrong elsewhere matters to nobody, and who asks for many has all checked at once.
func TestOneOfMany(t *testing.T) {
	files := map[string]string{"workflows/broken.yaml": "tasks: [", "workflows/calls.yaml": "tasks: {a: {workflow: broken}}\n"}
	for i := range mostSingle + 1 {
		files[fmt.Sprintf("workflows/w%d.yaml", i)] = greeting
	}
	p := open(t, files)
	if _, err := p.Workflow("calls"); fault.From(err).Code != fault.NotChecked || !strings.Contains(fault.From(err).Message, "broken") {
		t.Error(err)
	}
	if _, err := p.Workflow("broken"); fault.From(err).Code != fault.NotChecked {
		t.Error(err) // known from the first
	}
	if _, err := p.Workflow("w9"); fault.From(err).Code != fault.Missing {
		t.Error(err)
	}
	for i := range mostSingle + 1 {
		if p.checked.Load() != (i >= mostSingle) && i < mostSingle {
			t.Errorf("all are checked before number %d", i)
		}
		if _, err := p.Workflow(fmt.Sprintf("w%d", i)); err != nil {
			t.Error(err)
		}
	}
	if !p.checked.Load() {
		t.Error("many are checked one by one")
	}
}

// TestOneByOneTogether: it is asked for from many sides.
func TestOneByOneTogether(t *testing.T) {
	p := open(t, map[string]string{"workflows/a.yaml": "tasks: {a: {workflow: b}}\n", "workflows/b.yaml": greeting})
	ended := make(chan error)
	for i := range 8 {
		go func() {
			_, err := p.Workflow([]string{"a", "b"}[i%2])
			if i == 5 {
				p.Diagnostics()
			}
			ended <- err
		}()
	}
	for range 8 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}
