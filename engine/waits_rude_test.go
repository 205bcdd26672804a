package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/fault/faulttest"
)

// TestTheInstantOfATimeout: until the time is up an answer counts, from that instant on it does not, whether the timer
// has fired or not; nor does a request.
func TestTheInstantOfATimeout(t *testing.T) {
	for _, c := range []struct {
		before time.Duration
		counts bool
	}{{time.Nanosecond, true}, {0, false}, {-time.Hour, false}} {
		t.Run(c.before.String(), func(t *testing.T) {
			var shift atomic.Pointer[time.Time]
			b := setup(t, map[string]string{"w": askFlow, "hook": "tasks: {hook: {action: core.wait_for_webhook, timeout: 2h, with: {verify: none}}}\n"})
			b.close()
			b.options.Now = func() time.Time {
				if at := shift.Load(); at != nil {
					return *at
				}
				return time.Now()
			}
			b.open(map[string]string{"w": askFlow, "hook": "tasks: {hook: {action: core.wait_for_webhook, timeout: 2h, with: {verify: none}}}\n"})
			asks, hook := b.start(engine.Request{Workflow: "w"}), b.start(engine.Request{Workflow: "hook"})
			w := b.opened(asks, 1)[0]
			until := b.opened(hook, 1)[0].Until
			at := w.Until.Add(-c.before)
			shift.Store(&at)
			if err := b.answer(w, "leave", nil); c.counts {
				faulttest.Must(t, err)
				b.expect(b.wait(asks), flow.Succeeded)
			} else {
				faulttest.Want(t, err, fault.Conflict, "its time was up")
			}
			at = until.Add(-c.before)
			shift.Store(&at)
			if err := b.engine.Deliver(context.Background(), delivery(hook, "x")); c.counts {
				faulttest.Must(t, err)
				b.expect(b.wait(hook), flow.Succeeded)
			} else {
				faulttest.Want(t, err, fault.Conflict)
			}
		})
	}
}

// TestAnAnswerAfterTheTimeNobodyServed: the run is taken up, and takes the way of its timeout.
func TestAnAnswerAfterTheTimeNobodyServed(t *testing.T) {
	texts := map[string]string{"w": askFlow}
	b := setup(t, texts)
	id := b.start(engine.Request{Workflow: "w"})
	w := b.opened(id, 1)[0]
	b.reopen(texts, 3*time.Hour)
	faulttest.Want(t, b.answer(w, "leave", nil), fault.Conflict)
	if d := b.wait(id); d.Outputs["order"] != "late" {
		t.Errorf("%s %v", d.Status, d.Outputs)
	}
}

// TestAnAnswerToAnEarlierAsking does not count for a question that is asked anew, which may be another.
func TestAnAnswerToAnEarlierAsking(t *testing.T) {
	b := setup(t, map[string]string{"w": `
tasks:
  ask: {action: core.ask, with: {question: Now?, buttons: [later, now]}, retry: {attempts: 3, delay: 1ms, when: "result.button == 'later'"}}
outputs: {button: "${{ tasks.ask.result.button }}"}
`})
	id := b.start(engine.Request{Workflow: "w"})
	first := b.opened(id, 1)[0]
	faulttest.Must(t, b.answer(first, "later", nil))
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var second history.Wait
	for _, err := range b.engine.Events(ctx, id, 0) {
		faulttest.Must(t, err)
		if waits := b.waits(id); len(waits) == 1 && !waits[0].Since.Equal(first.Since) {
			second = waits[0]
			break
		}
	}
	if first.Unit != second.Unit || b.engine.AskedProof(first) == b.engine.AskedProof(second) {
		t.Fatalf("%+v %+v", first, second)
	}
	faulttest.Want(t, b.answer(first, "now", nil), fault.Conflict)
	faulttest.Must(t, b.answer(second, "now", nil))
	if d := b.wait(id); d.Status != flow.Succeeded || d.Outputs["button"] != "now" {
		t.Errorf("%s %v", d.Status, d.Outputs)
	}
}

// TestATimedOutQuestionIsAskedAnew when its run is resumed: the link is the same, what proves a form is not.
func TestATimedOutQuestionIsAskedAnew(t *testing.T) {
	texts := map[string]string{"w": "tasks: {ask: {action: core.ask, timeout: 2h, with: {question: Now?, who: {link: true}}}}\noutputs: {button: \"${{ tasks.ask.result.button }}\"}\n"}
	b := setup(t, texts)
	ctx := context.Background()
	id := b.start(engine.Request{Workflow: "w"})
	first := b.opened(id, 1)[0]
	link, err := b.engine.Link(ctx, id, "ask")
	faulttest.Must(t, err)
	b.reopen(texts, 3*time.Hour)
	if _, problems := b.engine.Recover(ctx); len(problems) > 0 {
		t.Fatal(problems)
	}
	b.expect(b.wait(id), flow.Failed)
	faulttest.Must(t, b.engine.Resume(ctx, engine.ResumeRequest{Run: id, By: "dana"}))
	second := b.opened(id, 1)[0]
	again, err := b.engine.Link(ctx, id, "ask")
	faulttest.Must(t, err)
	if again != link || b.engine.AskedProof(first) == b.engine.AskedProof(second) || !second.Until.After(first.Until) {
		t.Errorf("%s %s %+v %+v", link, again, first, second)
	}
	faulttest.Want(t, b.answer(first, "no", nil), fault.Conflict)
	faulttest.Must(t, b.answer(second, "yes", nil))
	if d := b.wait(id); d.Outputs["button"] != "yes" {
		t.Errorf("%s %v", d.Status, d.Outputs)
	}
}

// TestRequestsForItemsThatThereAreNot are not kept once it is known how many there are.
func TestRequestsForItemsThatThereAreNot(t *testing.T) {
	b := setup(t, map[string]string{"w": "tasks: {hook: {action: core.wait_for_webhook, for_each: {items: [a, b, c], concurrency: 1}, with: {verify: none}}}\n"})
	id := b.start(engine.Request{Workflow: "w"})
	b.opened(id, 1)
	give := func(item int) error {
		d := delivery(id, fmt.Sprint(item))
		d.Item = item
		return b.engine.Deliver(context.Background(), d)
	}
	faulttest.Want(t, give(3), fault.Conflict)
	faulttest.Want(t, give(1<<40), fault.Conflict)
	for _, item := range []int{2, 1, 0} { // two come before their waits begin
		faulttest.Must(t, give(item))
	}
	b.expect(b.wait(id), flow.Succeeded)
}

// TestALinkIsKeptNowhere: whatever an action does with a link and whatever comes back, also in errors of failed requests
// and in what is said of the failed run, no file of the data directory has it.
func TestALinkIsKeptNowhere(t *testing.T) {
	target := newTarget(t)
	seen := make(chan string, 20)
	var remembered atomic.Value
	remembered.Store("")
	target.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		seen <- r.URL.String() + r.Header.Get("X-Back") + string(text)
		remembered.Store(remembered.Load().(string) + r.URL.Query().Get("back") + " " + string(text) + " ")
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/remembered" { // another system shows to a sub-workflow what it was sent
			fmt.Fprintf(w, `{"notes": %q}`, remembered.Load())
			return
		}
		w.Header().Set("X-Echo", r.URL.Query().Get("back"))
		if r.URL.Path == "/fails" {
			w.WriteHeader(http.StatusBadRequest)
		}
		fmt.Fprintf(w, `{"error": "%s is not wanted", "list": [{"%s": 1}], "sent": %q}`, r.URL.Query().Get("back"), r.URL.Query().Get("back"), text)
	})
	texts := map[string]string{
		"w": strings.ReplaceAll(`
tasks:
  body: {action: core.http_request, with: {method: POST, url: "TARGET/one", body: {run: "${{ run }}"}}, next: query}
  query:
    for_each: {items: [1, 2]}
    action: core.http_request
    with: {url: TARGET/two, query: {back: "${{ run.links.hook }}/${{ index }}"}, headers: {X-Back: "${{ run.links.ask }}"}}
    next: [{publish: {kept: "${{ result }}"}, do: inner}]
  inner: {workflow: inner, with: {of: "${{ ctx.kept }}"}, next: refused}
  refused:
    action: core.http_request
    with: {url: TARGET/fails, query: {back: "${{ run.links.hook }}"}}
    next: [{when: failed, publish: {why: "${{ error }}"}, do: nowhere}]
  nowhere: {action: core.http_request, retry: {attempts: 2, delay: 1ms}, with: {url: "http://127.0.0.1:1/${{ run.links.hook }}"}, next: [hook, ask]}
  hook: {action: core.wait_for_webhook, with: {verify: none}}
  ask: {action: core.ask, with: {question: Now?, who: {link: true}}}
on_failure: {workflow: told}
`, "TARGET", target.URL),
		"inner": strings.ReplaceAll(`
inputs: {of: any}
tasks:
  a: {action: core.set, with: {values: {of: "${{ inputs.of }}"}}, next: b}
  b: {action: core.http_request, with: {url: TARGET/remembered}}
outputs: {of: "${{ inputs.of }}", notes: "${{ tasks.b.result }}"}
`, "TARGET", target.URL),
		"told": "inputs: {failed_run: any}\ntasks: {a: {action: core.set, with: {values: {of: \"${{ inputs.failed_run }}\"}}}}\n",
	}
	b := setup(t, texts)
	var told bytes.Buffer
	b.close()
	b.options.Log, b.options.Address = slog.New(slog.NewTextHandler(&told, nil)), "https://gantry.example"
	b.open(texts)
	id := b.start(engine.Request{Workflow: "w"})
	d := b.wait(id)
	b.expect(d, flow.Failed)
	faulttest.Must(t, b.engine.Drain(context.Background()))
	var tokens []string
	for _, task := range []string{"hook", "ask"} {
		link, err := b.engine.Link(context.Background(), id, task)
		faulttest.Must(t, err)
		tokens = append(tokens, link[strings.LastIndex(link, "/")+1:])
	}
	sent := ""
	for len(seen) > 0 {
		sent += <-seen
	}
	dir := b.dir
	b.close()
	for _, token := range tokens {
		if !strings.Contains(sent, token) {
			t.Errorf("the link was not sent: %s", sent)
		}
		if strings.Contains(told.String(), token) {
			t.Errorf("the log has it: %s", told.String())
		}
		faulttest.Must(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if at := bytes.Index(text, []byte(token)); at >= 0 {
				t.Errorf("%s has it: %q", path, text[max(0, at-300):at])
			}
			return err
		}))
	}
}
