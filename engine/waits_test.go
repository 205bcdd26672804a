package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
	"gantry/fault/faulttest"
)

const askFlow = `
tasks:
  ask:
    action: core.ask
    timeout: 2h
    with:
      question: "Buy a licence?"
      details: {Zone: west, Amount: 3}
      buttons: [{value: buy, style: primary}, {value: leave, skips_fields: true}]
      fields: {order: {type: string, required: true}, amount: {type: integer, default: 3}}
    next:
      - {when: succeeded && result.button == 'buy', publish: {order: "${{ result.values.order }}", by: "${{ result.by }}"}, do: after}
      - {when: succeeded && result.button == 'leave', publish: {order: none, by: "${{ result.by }}"}}
      - {when: timed_out, publish: {order: late, by: nobody}, do: noop}
  after: {action: core.noop}
outputs: {order: "${{ ctx.?order.orValue('') }}", by: "${{ ctx.?by.orValue('') }}"}
`

// opened waits until so many waits of a run are open on disk.
func (b *bench) opened(id string, n int) []history.Wait {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, err := range b.engine.Events(ctx, id, 0) {
		faulttest.Must(b.t, err)
		if waits := b.waits(id); len(waits) >= n {
			return waits
		}
	}
	b.t.Fatalf("run %s never waited", id)
	return nil
}

func (b *bench) waits(id string) []history.Wait {
	b.t.Helper()
	waits, err := b.history.Waits(context.Background(), history.WaitFilter{Run: id, Limit: 1000})
	faulttest.Must(b.t, err)
	return waits
}

func (b *bench) answer(w history.Wait, button string, values map[string]any) error {
	b.t.Helper()
	q, err := actions.ReadQuestion(w.Asks)
	faulttest.Must(b.t, err)
	result, problems, err := q.Answered(button, values)
	if err != nil || len(problems) > 0 {
		b.t.Fatal(problems, err)
	}
	return b.engine.Answer(context.Background(), engine.Answer{Wait: w, Result: result, By: "dana"})
}

func (b *bench) reopen(texts map[string]string, later time.Duration) {
	b.t.Helper()
	b.close()
	b.options.Now = func() time.Time { return time.Now().Add(later) }
	b.open(texts)
}

func TestAQuestionIsAnswered(t *testing.T) {
	b := setup(t, map[string]string{"w": askFlow})
	id := b.start(engine.Request{Workflow: "w", Organisation: b.client})
	w := b.opened(id, 1)[0]
	if w.Task != "ask" || w.Kind != actions.ForAnswer || w.OrganisationID != b.client.ID || w.Workflow != "w" || w.Until.Sub(w.Since) != 2*time.Hour {
		t.Errorf("%+v", w)
	}
	q, err := actions.ReadQuestion(w.Asks)
	faulttest.Must(t, err)
	if len(q.Fields) != 2 || q.Fields[0].Name != "order" || len(q.Details) != 2 || q.Details[0] != (actions.Detail{Name: "Zone", Text: "west"}) {
		t.Errorf("the order that the file has is lost: %+v", q)
	}
	faulttest.Must(t, b.answer(w, "buy", map[string]any{"order": "PO-7"}))
	d := b.wait(id)
	b.expect(d, flow.Succeeded)
	result, _ := taskOf(d, "ask").Result.(map[string]any)
	values, _ := result["values"].(map[string]any)
	if d.Outputs["order"] != "PO-7" || d.Outputs["by"] != "dana" || values["amount"] != int64(3) || result["at"] == "" {
		t.Errorf("%v %v", d.Outputs, result)
	}
	if left := b.waits(id); len(left) > 0 {
		t.Errorf("left open: %+v", left)
	}
	faulttest.Want(t, b.answer(w, "leave", nil), fault.Conflict)
}

// TestAQuestionOutlivesTheProcess: it is on disk, and who answers before anybody has taken the run up takes it up.
func TestAQuestionOutlivesTheProcess(t *testing.T) {
	texts := map[string]string{"w": askFlow, "outer": "tasks: {inner: {workflow: w}}\noutputs: {order: \"${{ tasks.inner.result.order }}\"}\n"}
	for _, recovers := range []bool{true, false} {
		t.Run(fmt.Sprintf("recovers %t", recovers), func(t *testing.T) {
			b := setup(t, texts)
			id := b.start(engine.Request{Workflow: "outer"})
			var inner string
			for u, err := range b.engine.Events(context.Background(), id, 0) {
				faulttest.Must(t, err)
				for _, s := range u.Changed {
					inner = s.Subrun
				}
				if inner != "" {
					break
				}
			}
			w := b.opened(inner, 1)[0]
			b.reopen(texts, time.Minute)
			if recovers {
				if _, problems := b.engine.Recover(context.Background()); len(problems) > 0 {
					t.Fatal(problems)
				}
			}
			if left := b.waits(inner); len(left) != 1 {
				t.Fatalf("%+v", left)
			}
			faulttest.Must(t, b.answer(w, "leave", nil))
			d := b.wait(id)
			b.expect(d, flow.Succeeded)
			if d.Outputs["order"] != "none" {
				t.Errorf("%v", d.Outputs)
			}
		})
	}
}

func TestAQuestionWhoseTimeIsUp(t *testing.T) {
	texts := map[string]string{"w": askFlow}
	b := setup(t, texts)
	id := b.start(engine.Request{Workflow: "w"})
	w := b.opened(id, 1)[0]
	b.reopen(texts, 2*time.Hour)
	if _, problems := b.engine.Recover(context.Background()); len(problems) > 0 {
		t.Fatal(problems)
	}
	d := b.wait(id)
	b.expect(d, flow.Succeeded)
	if taskOf(d, "ask").Status != flow.TimedOut || d.Outputs["order"] != "late" || len(b.waits(id)) > 0 {
		t.Errorf("%v %v %v", taskOf(d, "ask"), d.Outputs, b.waits(id))
	}
	faulttest.Want(t, b.answer(w, "leave", nil), fault.Conflict)
}

// TestAnswersRace: of many who answer at once, and a cancel, one is told that it counts, or none, and the run says so.
func TestAnswersRace(t *testing.T) {
	b := setup(t, map[string]string{"w": askFlow})
	for round := range 20 {
		id := b.start(engine.Request{Workflow: "w"})
		w := b.opened(id, 1)[0]
		errs := make([]error, 8)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				errs[i] = b.engine.Answer(context.Background(), engine.Answer{Wait: w, By: fmt.Sprint(i),
					Result: map[string]any{"button": "leave", "values": map[string]any{"order": nil, "amount": nil}}})
			})
		}
		if round%2 == 0 {
			all.Go(func() { _ = b.engine.Cancel(id, "") })
		}
		all.Wait()
		d := b.wait(id)
		counted := ""
		for i, err := range errs {
			if err == nil {
				counted += fmt.Sprint(i)
			} else {
				faulttest.Want(t, err, fault.Conflict)
			}
		}
		result, _ := taskOf(d, "ask").Result.(map[string]any)
		by, _ := result["by"].(string)
		if len(counted) > 1 || counted != by || (counted == "") != (d.Status == flow.Cancelled && by == "") {
			t.Errorf("%q were told that they count; the run is %s and was answered by %q", counted, d.Status, by)
		}
		if left := b.waits(id); len(left) > 0 {
			t.Errorf("left open: %+v", left)
		}
	}
}

func TestAQuestionOfAPausedRun(t *testing.T) {
	b := setup(t, map[string]string{"w": askFlow})
	id := b.start(engine.Request{Workflow: "w"})
	w := b.opened(id, 1)[0]
	faulttest.Must(t, b.engine.Pause(id))
	faulttest.Must(t, b.answer(w, "buy", map[string]any{"order": "PO-8"}))
	if left := b.waits(id); len(left) > 0 {
		t.Errorf("left open: %+v", left)
	}
	faulttest.Must(t, b.engine.Unpause(id))
	d := b.wait(id)
	b.expect(d, flow.Succeeded)
	if d.Outputs["order"] != "PO-8" {
		t.Errorf("%v", d.Outputs)
	}
}

func TestACancelledRunAsksNothing(t *testing.T) {
	b := setup(t, map[string]string{"w": askFlow})
	id := b.start(engine.Request{Workflow: "w"})
	w := b.opened(id, 1)[0]
	faulttest.Must(t, b.engine.Cancel(id, ""))
	b.expect(b.wait(id), flow.Cancelled)
	if left := b.waits(id); len(left) > 0 {
		t.Errorf("left open: %+v", left)
	}
	faulttest.Want(t, b.answer(w, "leave", nil), fault.Conflict)
}

// TestManyAreAsked: each item of a for_each has a question of its own.
func TestManyAreAsked(t *testing.T) {
	b := setup(t, map[string]string{"w": `
tasks:
  ask: {action: core.ask, for_each: {items: [a, b, c]}, with: {question: "Is ${{ item }} right?"}}
outputs: {buttons: "${{ tasks.ask.result.map(r, r.result.button) }}"}
`})
	id := b.start(engine.Request{Workflow: "w"})
	for _, w := range b.opened(id, 3) {
		faulttest.Must(t, b.answer(w, map[bool]string{true: "yes", false: "no"}[w.Unit.Item == 1], nil))
	}
	d := b.wait(id)
	b.expect(d, flow.Succeeded)
	if fmt.Sprint(d.Outputs["buttons"]) != "[no yes no]" {
		t.Errorf("%v", d.Outputs)
	}
}

const hookFlow = `
tasks:
  first: {action: core.http_request, with: {method: POST, url: TARGET/hold, body: {back: "${{ run.links.hook }}"}}, next: hook}
  hook: {action: core.wait_for_webhook, with: {verify: none}}
outputs: {body: "${{ tasks.hook.result.body }}", echo: "${{ tasks.first.result.body }}"}
`

func delivery(run, body string) engine.Delivery {
	return engine.Delivery{Run: run, Task: "hook", Item: flow.NoItem, Result: map[string]any{"body": body, "headers": map[string]any{}, "query": map[string]any{}, "method": "POST"}}
}

// TestAWebhookThatComesTooEarly is kept, also over a restart; the first that came counts, and later ones are told.
func TestAWebhookThatComesTooEarly(t *testing.T) {
	for _, restart := range []bool{false, true} {
		t.Run(fmt.Sprintf("restart %t", restart), func(t *testing.T) {
			target := newTarget(t)
			texts := map[string]string{"w": strings.ReplaceAll(strings.Replace(hookFlow, "method: POST", "idempotent: true, method: POST", 1), "TARGET", target.URL)}
			b := setup(t, texts)
			id := b.start(engine.Request{Workflow: "w"})
			<-target.arrived
			ctx := context.Background()
			faulttest.Must(t, b.engine.Deliver(ctx, delivery(id, "one")))
			faulttest.Want(t, b.engine.Deliver(ctx, delivery(id, "two")), fault.Exists)
			if restart {
				b.reopen(texts, time.Minute)
				if _, problems := b.engine.Recover(ctx); len(problems) > 0 {
					t.Fatal(problems)
				}
				faulttest.Want(t, b.engine.Deliver(ctx, delivery(id, "three")), fault.Exists)
			}
			target.let()
			d := b.wait(id)
			b.expect(d, flow.Succeeded)
			if d.Outputs["body"] != "one" {
				t.Errorf("%v", d.Outputs)
			}
			faulttest.Want(t, b.engine.Deliver(ctx, delivery(id, "late")), fault.Conflict)
			if came, err := b.history.Came(ctx, id); err != nil || len(came) > 0 {
				t.Errorf("kept after the end: %v %v", came, err)
			}
		})
	}
}

// TestAWebhookThatIsTooLarge is refused before anything of it is taken: the next one counts.
func TestAWebhookThatIsTooLarge(t *testing.T) {
	target := newTarget(t)
	texts := map[string]string{"w": strings.ReplaceAll(hookFlow, "TARGET", target.URL)}
	b := setup(t, texts)
	b.options.Bounds.MaxValue = 4 << 10
	b.reopen(texts, 0)
	id := b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	ctx := context.Background()
	faulttest.Want(t, b.engine.Deliver(ctx, delivery(id, strings.Repeat("x", 4<<10))), fault.TooLarge)
	faulttest.Must(t, b.engine.Deliver(ctx, delivery(id, "small")))
	target.let()
	d := b.wait(id)
	b.expect(d, flow.Succeeded)
	if d.Outputs["body"] != "small" {
		t.Errorf("%v", d.Outputs)
	}
}

// TestAWebhookThatNobodyTook: the run ends before the task that it came for begins to wait. The log tells so.
func TestAWebhookThatNobodyTook(t *testing.T) {
	target := newTarget(t)
	var log bytes.Buffer
	texts := map[string]string{"w": strings.ReplaceAll(hookFlow, "TARGET", target.URL)}
	b := setup(t, texts)
	b.options.Log = slog.New(slog.NewTextHandler(&log, nil))
	b.reopen(texts, 0)
	id := b.start(engine.Request{Workflow: "w"})
	<-target.arrived
	ctx := context.Background()
	faulttest.Must(t, b.engine.Deliver(ctx, delivery(id, "the body")))
	faulttest.Must(t, b.engine.Cancel(id, "not needed"))
	target.let()
	b.expect(b.wait(id), flow.Cancelled)
	faulttest.Must(t, b.engine.Drain(ctx))
	b.close()
	if told := log.String(); !strings.Contains(told, "dropped") || !strings.Contains(told, "run="+id) || !strings.Contains(told, "task=hook") || strings.Contains(told, "the body") {
		t.Errorf("the log: %s", told)
	}
}

// TestALinkIsASecret: it reaches the other system, and is nowhere in the history, also where that system gives it back.
func TestALinkIsASecret(t *testing.T) {
	target := newTarget(t)
	var sent string
	target.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(text)
		sent = string(text)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text)
	})
	b := setup(t, map[string]string{"w": strings.ReplaceAll(hookFlow, "TARGET", target.URL)})
	b.engine.Address = "https://gantry.example/"
	id := b.start(engine.Request{Workflow: "w"})
	b.opened(id, 1)
	link, err := b.engine.Link(context.Background(), id, "hook")
	faulttest.Must(t, err)
	if !strings.HasPrefix(link, "https://gantry.example/waits/"+id+"/hook/") || sent != `{"back":"`+link+`"}` {
		t.Errorf("%s was sent, the link is %s", sent, link)
	}
	faulttest.Must(t, b.engine.Deliver(context.Background(), delivery(id, "one")))
	d := b.wait(id)
	b.expect(d, flow.Succeeded)
	token := link[strings.LastIndex(link, "/")+1:]
	if shown := fmt.Sprint(d); strings.Contains(shown, token) || !strings.Contains(shown, "********") {
		t.Errorf("%s", shown)
	}
	for _, path := range []string{"/waits/", "/waits/" + id, "/waits/" + id + "/hook/" + strings.Repeat("a", 32), "/waits/" + id + "/first/" + token,
		"/waits/" + id + "/hook/" + token + "/0", "/waits/00000000-0000-7000-8000-000000000000/hook/" + token} {
		_, err := b.engine.Linked(context.Background(), path)
		faulttest.Want(t, err, fault.Missing)
	}
	linked, err := b.engine.Linked(context.Background(), strings.TrimPrefix(link, "https://gantry.example"))
	faulttest.Must(t, err)
	if linked.Task.Name != "hook" || linked.Run.ID != id {
		t.Errorf("%+v", linked)
	}
}
