package inside_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/engine/inside"
	"gantry/fault"
	"gantry/fault/faulttest"
)

const several = `
inputs: {url: {type: string, required: true}}
tasks:
  get:
    action: core.http_request
    with: {method: GET, url: "${{ inputs.url }}"}
    retry: {attempts: 3, delay: 10ms, jitter: false}
    next:
      - label: got it
        when: succeeded
        publish: {name: "${{ result.body.name }}"}
        do: pause
  pause:
    action: core.delay
    with: {duration: 20ms}
    next: each
  each:
    for_each: {items: "${{ [1, 2] }}", as: n}
    action: core.set
    with: {values: {n: "${{ n }}", name: "${{ ctx.name }}"}}
    next: child
  child:
    workflow: part
    next:
      - publish: {name: Bob, more: 1}
`

const part = `
tasks:
  fails:
    action: core.fail
    with: {message: no}
    next:
      - when: failed
        do: noop
`

// TestTimeline: attempts, each kind of wait that passes by itself, items and published values, in the order in which they
// came up; and without the workflow, what the log alone says.
func TestTimeline(t *testing.T) {
	h := open(t, map[string]string{"several": several, "part": part})
	run := h.run("several", map[string]any{"url": flaky(t, 1)})
	whole := h.timeline(run, inside.Page{})
	log := `get#1 attempt 1 failed
get#1 attempt 2 succeeded
pause#1 attempt 1 succeeded
each#1.0 attempt 1 succeeded
each#1.1 attempt 1 succeeded
child#1 attempt 1 succeeded
get#1 wait retry over:true by:
pause#1 wait delay over:true by:
child#1 wait sub_run over:true by:
`
	if diff := cmp.Diff(log+"get#1 published 0 {\"name\":\"Ada\"}got it\nchild#1 published 0 {\"more\":1,\"name\":\"Bob\"}\n", text(whole)); diff != "" {
		t.Error(diff)
	}
	var taken []string
	for _, l := range whole.Taken {
		taken = append(taken, fmt.Sprintf("%s#%d %v", l.Task, l.Instance, l.Transitions))
	}
	if diff := cmp.Diff([]string{"get#1 [0]", "pause#1 [0]", "each#1 [0]", "child#1 [0]"}, taken); diff != "" {
		t.Error(diff)
	}
	if a := whole.Attempts[0]; a.Error == nil || a.Error.Code != fault.ServerError || a.FinishedAt == nil || a.FinishedAt.Before(a.StartedAt) {
		t.Errorf("%+v", a)
	}
	if w := whole.Waits[0]; w.Until.Sub(w.From) < 10*time.Millisecond || w.Seq != whole.Published[0].Seq-3 {
		t.Errorf("%+v", w)
	}
	if whole.Waits[2].Run == "" || whole.Waits[2].Run != whole.Attempts[5].Run || whole.More || whole.Problem != nil {
		t.Errorf("%+v", whole)
	}
	h.library.gone = true
	alone := h.timeline(run, inside.Page{})
	if diff := cmp.Diff(log, text(alone)); diff != "" || alone.Problem == nil || !strings.Contains(alone.Problem.Message, "does not check any more") {
		t.Error(diff, alone.Problem)
	}
}

// TestTimelinePages: the pages of a timeline make the whole of it, whatever their size.
func TestTimelinePages(t *testing.T) {
	h := open(t, map[string]string{"several": several, "part": part})
	run := h.run("several", map[string]any{"url": flaky(t, 2)})
	for _, task := range []string{"", "each", "get"} {
		whole := h.timeline(run, inside.Page{Task: task})
		for limit := range 5 {
			var all inside.Timeline
			for page := (inside.Page{Task: task, Limit: limit + 1}); ; {
				one := h.timeline(run, page)
				all.Attempts, all.Waits, all.Published = append(all.Attempts, one.Attempts...), append(all.Waits, one.Waits...), append(all.Published, one.Published...)
				if !one.More {
					break
				}
				if one.Next <= page.After {
					t.Fatalf("after %d comes %d", page.After, one.Next)
				}
				page.After = one.Next
			}
			if diff := cmp.Diff(text(whole), text(&all)); diff != "" {
				t.Errorf("%s by %d: %s", task, limit+1, diff)
			}
		}
	}
}

// TestTimelineUnderWay: what waits is there, with whom it waits for, and what ended the wait.
func TestTimelineUnderWay(t *testing.T) {
	h := open(t, map[string]string{"ask": `
tasks:
  ask: {action: core.ask, with: {question: Buy?, buttons: [buy, leave]}}
  nap: {action: core.delay, with: {duration: 1h}}
`})
	ctx := context.Background()
	id := h.start("ask", nil)
	<-h.waiting
	now := h.timeline(h.get(id), inside.Page{})
	if diff := cmp.Diff("ask#1 attempt 1 waiting\nnap#1 attempt 1 waiting\nask#1 wait answer over:false by:\nnap#1 wait delay over:false by:\n", text(now)); diff != "" {
		t.Error(diff)
	}
	if due := now.Waits[1].Until; due == nil || time.Until(*due) < time.Minute {
		t.Error(due)
	}
	faulttest.Must(t, h.engine.Cancel(id, "enough"))
	if _, err := h.engine.Wait(ctx, id); err != nil {
		t.Fatal(err)
	}
	want := "ask#1 attempt 1 cancelled\nnap#1 attempt 1 cancelled\nask#1 wait answer over:true by:\nnap#1 wait delay over:true by:\n"
	if diff := cmp.Diff(want, text(h.timeline(h.get(id), inside.Page{}))); diff != "" {
		t.Error(diff)
	}
	h.library.gone = true
	if diff := cmp.Diff(want, text(h.timeline(h.get(id), inside.Page{}))); diff != "" {
		t.Error(diff)
	}
}

// TestTimelineOfManyItems: ten thousand items come in pages, each within a second.
func TestTimelineOfManyItems(t *testing.T) {
	h := open(t, map[string]string{"many": `
tasks:
  many:
    for_each: {items: "${{ lists.range(10000) }}", as: n, concurrency: 50}
    action: core.set
    with: {values: {n: "${{ n }}"}}
`})
	run := h.run("many", nil)
	if run.Status != flow.Succeeded {
		t.Fatal(run.Error)
	}
	seen, pages := map[string]bool{}, 0
	for page := (inside.Page{}); ; pages++ {
		began := time.Now()
		one := h.timeline(run, page)
		t.Logf("page %d in %s", pages, time.Since(began))
		for _, a := range one.Attempts {
			seen[fmt.Sprint(*a.Item)] = true
		}
		if page.After = one.Next; !one.More {
			break
		}
	}
	if len(seen) != 10000 || pages != 4 {
		t.Error(len(seen), pages)
	}
}
