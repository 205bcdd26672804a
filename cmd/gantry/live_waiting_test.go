package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
)

// waitsFor are updates of a run whose task waits for a rate limit from second 10 to second 90, at noon.
func waitsFor(attempts int, until time.Duration) engine.Update {
	return engine.Update{Run: "r1", Workflow: "many", Status: flow.Running,
		Waiting: []engine.Waiting{{Step: 0, Attempts: attempts, System: "HaloPSA", Until: noon.Add(until)}}}
}

func TestWaitForARateLimitInTheTree(t *testing.T) {
	tree := newRunTree()
	begun := engine.Update{Run: "r1", Workflow: "many", Status: flow.Running, Changed: []engine.Step{{Name: "ask", Action: "halo.get_agent", Status: flow.Running, Started: noon}}}
	draw := func(at time.Duration) string {
		p := &picture{width: 100, now: noon.Add(at), live: true}
		p.draw(tree)
		var text []string
		for _, line := range p.lines {
			text = append(text, line.text)
		}
		return strings.Join(text, "\n")
	}
	tree.take(begun, noon)
	if text := draw(5 * time.Second); strings.Contains(text, "rate limit") {
		t.Errorf("nobody waits yet: %s", text)
	}
	tree.take(waitsFor(3, 90*time.Second), noon.Add(10*time.Second))
	for at, want := range map[time.Duration]string{10 * time.Second: "waiting for HaloPSA's rate limit, 1m20s", 78 * time.Second: "waiting for HaloPSA's rate limit, 12s"} {
		if text := draw(at); !strings.Contains(text, want) {
			t.Errorf("after %s: %s", at, text)
		}
	}
	if text := draw(89500 * time.Millisecond); strings.Contains(text, "rate limit") {
		t.Errorf("less than a second is not worth a word: %s", text)
	}
	tree.take(waitsFor(0, 0), noon.Add(90*time.Second))
	if text := draw(20 * time.Second); strings.Contains(text, "rate limit") {
		t.Errorf("nobody waits any more: %s", text)
	}
	tree.take(engine.Update{Run: "r1", Workflow: "many", Status: flow.Succeeded, Changed: []engine.Step{
		{Name: "ask", Action: "halo.get_agent", Status: flow.Succeeded, Started: noon, Finished: noon.Add(2 * time.Minute), Waited: 80 * time.Second}}}, noon)
	if text := draw(2 * time.Minute); !strings.Contains(text, "waited 1m20s for a rate limit") {
		t.Errorf("afterwards: %s", text)
	}
	tree.take(engine.Update{Run: "r1", Workflow: "many", Status: flow.Succeeded, Changed: []engine.Step{
		{Name: "ask", Action: "halo.get_agent", Status: flow.Succeeded, Started: noon, Finished: noon.Add(time.Minute), Waited: 160 * time.Second, Items: 30, ItemsEnded: 30}}}, noon)
	if text := draw(time.Minute); !strings.Contains(text, "waited 2m40s for a rate limit, all items together") {
		t.Errorf("of items side by side: %s", text)
	}
}

func TestWaitForARateLimitInLines(t *testing.T) {
	var out bytes.Buffer
	now := noon
	v := &lineView{knownTree: knownTree{newRunTree(), "for Acme MSP", func() time.Time { return now }}, out: &out, said: map[string]saidOfStep{}}
	v.take([]engine.Update{{Run: "r1", Workflow: "many", Status: flow.Running, Changed: []engine.Step{{Name: "ask", Action: "halo.get_agent", Status: flow.Running, Started: noon}}}})
	for _, at := range []time.Duration{10, 11, 12, 45, 46} { // the attempts of a loop begin to wait one after the other
		now = noon.Add(at * time.Second)
		v.take([]engine.Update{waitsFor(1, 90*time.Second)})
	}
	v.take([]engine.Update{waitsFor(1, 46500*time.Millisecond), waitsFor(0, 0)})
	want := "many  for Acme MSP\n  started    ask  halo.get_agent\n             ask  waiting for HaloPSA's rate limit, 1m20s\n             ask  waiting for HaloPSA's rate limit, 45s\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
