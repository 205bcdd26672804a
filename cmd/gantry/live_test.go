package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/source"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// golden compares with testdata/NAME.golden, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", path, got)
	}
}

// exampleUpdates is a run with everything that a tree can show.
func exampleUpdates() []engine.Update {
	after := func(seconds float64) time.Time { return noon.Add(time.Duration(seconds * float64(time.Second))) }
	wrong := fault.New(fault.BadRequest, "HaloPSA refused it: Summary is mandatory for tickets of the type Change Request").WithHint("pass summary, or make the field optional in Halo")
	return []engine.Update{
		{Run: "r1", Workflow: "triage/new-ticket", Status: flow.Running, Changed: []engine.Step{
			{ID: 0, Name: "get_ticket", Action: "halo.get_ticket", Instance: 1, Status: flow.Succeeded, Attempts: 1, Started: noon, Finished: after(0.24)},
			{ID: 1, Name: "notes", Action: "halo.add_note", Instance: 1, Status: flow.Running, Attempts: 25, Started: after(0.3), Items: 40, ItemsEnded: 23, ItemsFailed: 2},
			{ID: 2, Name: "tell", Action: "notify/customer", Instance: 1, Status: flow.Running, Attempts: 1, Started: after(0.3), Subrun: "r2"},
			{ID: 3, Name: "update", Action: "halo.update_ticket", Instance: 2, Status: flow.Failed, Attempts: 3, Started: after(0.3), Finished: after(9.5), Error: wrong},
			{ID: 4, Name: "later", Action: "core.delay", Instance: 1, Status: flow.Waiting, Attempts: 1, Started: after(0.3)},
			{ID: 5, Name: "next_one", Action: "core.noop", Instance: 1, Status: flow.Queued},
		}},
		{Run: "r2", Workflow: "notify/customer", Parent: "r1", Task: "tell", Status: flow.Running, Changed: []engine.Step{
			{ID: 0, Name: "find", Action: "halo.get_user", Instance: 1, Status: flow.Succeeded, Attempts: 1, Started: after(0.4), Finished: after(1)},
			{ID: 1, Name: "send", Action: "core.http_request", Instance: 1, Status: flow.Running, Attempts: 2, Started: after(1)},
		}},
	}
}

func drawn(width int) []string {
	tree := newRunTree()
	for _, u := range exampleUpdates() {
		tree.take(u, noon)
	}
	tree.root.Note = `for Northwind Dental, trigger "new ticket"`
	p := &picture{width: width, now: noon.Add(75 * time.Second), live: true}
	p.draw(tree)
	return fit(p.lines, 1000)
}

func TestPicture(t *testing.T) {
	var b strings.Builder
	for _, width := range []int{100, 80, 40} {
		fmt.Fprintf(&b, "== %d columns\n%s\n", width, strings.Join(drawn(width), "\n"))
	}
	golden(t, "live-tree", b.String())
}

func TestPictureNeverWiderThanTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(20, 120).Draw(t, "width")
		for _, line := range drawn(width) {
			if w := ansi.StringWidth(line); w > width {
				t.Fatalf("%d columns at %d: %q", w, width, line)
			}
		}
	})
}

// Of many lines those about what goes on or went wrong are kept.
func TestFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		vital := rapid.SliceOfN(rapid.Bool(), 1, 60).Draw(t, "vital")
		height := rapid.IntRange(4, 30).Draw(t, "height")
		lines := make([]pictureLine, len(vital))
		kept := 0
		for i, v := range vital {
			lines[i] = pictureLine{fmt.Sprint(i, v), v}
			if v {
				kept++
			}
		}
		got := fit(lines, height)
		if len(got) > height {
			t.Fatalf("%d lines in %d rows", len(got), height)
		}
		if len(lines) <= height && len(got) != len(lines) {
			t.Fatalf("left out of %d lines in %d rows: %q", len(lines), height, got)
		}
		if kept < height-2 {
			for _, l := range lines {
				if l.vital && !strings.Contains(strings.Join(got, "\n")+"\n", l.text+"\n") {
					t.Fatalf("misses %q: %q", l.text, got)
				}
			}
		}
	})
}

func TestLines(t *testing.T) {
	var out bytes.Buffer
	v := &lineView{knownTree: knownTree{newRunTree(), "for Northwind Dental", func() time.Time { return noon.Add(10 * time.Second) }}, out: &out, said: map[string]saidOfStep{}}
	updates := exampleUpdates()
	v.take(updates)
	v.take(updates) // what has been said is not said again
	more := updates[0].Changed[1]
	more.ItemsEnded = 30
	v.take([]engine.Update{{Run: "r1", Workflow: "triage/new-ticket", Status: flow.Running, Changed: []engine.Step{more}}})
	golden(t, "live-lines", out.String())
}

// What is done again since a run was resumed is told by itself, not from the first attempt on.
func TestTimeSinceResumed(t *testing.T) {
	var out bytes.Buffer
	now := noon.Add(time.Minute)
	known := newRunTree()
	v := &lineView{knownTree: knownTree{known, "resumed", func() time.Time { return now }}, out: &out, said: map[string]saidOfStep{}}
	failed := engine.Step{ID: 1, Name: "post", Instance: 1, Status: flow.Failed, Attempts: 1, Started: noon, Finished: noon.Add(2 * time.Second)}
	get := engine.Step{ID: 0, Name: "get", Instance: 1, Status: flow.Succeeded, Attempts: 1, Started: noon, Finished: noon.Add(3 * time.Second)}
	known.take(engine.Update{Run: "r1", Workflow: "w", Status: flow.Failed, Changed: []engine.Step{get, failed}}, noon.Add(4*time.Second))
	again := failed
	again.Status, again.Attempts, again.Finished = flow.Running, 2, time.Time{}
	v.take([]engine.Update{{Run: "r1", Workflow: "w", Status: flow.Running, Changed: []engine.Step{again}}})
	now = now.Add(10 * time.Millisecond)
	again.Status, again.Finished = flow.Succeeded, now
	v.take([]engine.Update{{Run: "r1", Workflow: "w", Status: flow.Succeeded, Changed: []engine.Step{again}}})
	if !strings.Contains(out.String(), "succeeded  post  in 10ms, attempt 2") {
		t.Errorf("%s", &out)
	}
	atOnce := again
	now = now.Add(2 * time.Minute)
	atOnce.Attempts, atOnce.Finished = 3, now.Add(-time.Minute)
	v.take([]engine.Update{{Run: "r1", Workflow: "w", Status: flow.Succeeded, Changed: []engine.Step{atOnce}}})
	if !strings.Contains(out.String(), "succeeded  post  in <1ms, attempt 3") {
		t.Errorf("%s", &out)
	}
	if took := known.root.took(get, now); took != 3*time.Second {
		t.Errorf("what was done before took %s", took)
	}
}

func TestLostItems(t *testing.T) {
	var out bytes.Buffer
	v := &lineView{knownTree: knownTree{newRunTree(), "", func() time.Time { return noon }}, out: &out, said: map[string]saidOfStep{}}
	for lost, want := range []string{"4 of 4 items in 1.0s\n", "4 of 4 items in 1.0s, 1 failed or unknown\n"} {
		v.take([]engine.Update{{Run: fmt.Sprint(lost), Workflow: "w", Status: flow.Succeeded, Changed: []engine.Step{
			{Name: "each", Instance: 1, Status: flow.Succeeded, Started: noon, Finished: noon.Add(time.Second), Items: 4, ItemsEnded: 4, ItemsFailed: lost}}}})
		if !strings.HasSuffix(out.String(), want) {
			t.Errorf("%q, want %q", out.String(), want)
		}
	}
}

func TestShortDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "<1ms", 240 * time.Millisecond: "240ms", 999999 * time.Microsecond: "999ms", 3400 * time.Millisecond: "3.4s", 9999 * time.Millisecond: "9.9s", 42 * time.Second: "42s",
		187 * time.Second: "3m07s", 2*time.Hour + 5*time.Minute: "2h05m", 72 * time.Hour: "3d",
	} {
		if got := shortDuration(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

// Text from other systems must not steer the terminal.
func TestPlainText(t *testing.T) {
	if got := source.OneLine("a\x1b[31mred\x07\u202eb\nc\td\u009b2J"); got != "a[31mredb c d2J" {
		t.Errorf("got %q", got)
	}
}
