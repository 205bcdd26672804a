package webhook_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWaitingForTheRun(t *testing.T) {
	b := setup(t, flow("verify: none\n    wait: 1m\n    dedupe: body\n    when: body.skip != true"))
	a := b.send(`{"skip": false}`).wants(t, 200)
	want := map[string]any{"event": a.event(t), "status": "succeeded",
		"outputs": map[string]any{"body": map[string]any{"skip": false}, "org": "northwind-dental"}}
	if diff := cmp.Diff(want, a.data); diff != "" {
		t.Error(diff)
	}
	again := b.send(`{"skip": false}`).wants(t, 200)
	if diff := cmp.Diff(want, again.data); diff != "" || again.header.Get(duplicate) != "true" {
		t.Errorf("a duplicate is answered otherwise: %s", diff)
	}
	if a := b.send(`{"skip": true}`).wants(t, 200); a.data["status"] != "filtered" || a.data["status_url"] != nil {
		t.Error(a.text)
	}
}

func TestARunThatTakesLonger(t *testing.T) {
	texts := map[string]string{"w": `triggers:
  - {name: hook, type: webhook, run_for: {all_managed: true}, verify: none, wait: 20ms, response: {body: "never"}}
tasks: {a: {action: core.delay, with: {duration: 400ms}}}
outputs: {done: true}
`}
	b := setup(t, texts)
	a := b.send("{}").wants(t, 202)
	address, _ := a.data["status_url"].(string)
	path, ok := strings.CutPrefix(address, "https://gantry.example.com")
	if !ok || a.data["outputs"] != nil {
		t.Fatal(a.text)
	}
	if s := b.do("GET", path, "").wants(t, 200); s.data["outputs"] != nil || s.data["status"] == "succeeded" {
		t.Error(s.text)
	}
	b.run(a)
	s := b.do("GET", path, "").wants(t, 200)
	if diff := cmp.Diff(map[string]any{"event": a.event(t), "status": "succeeded", "outputs": map[string]any{"done": true}}, s.data); diff != "" {
		t.Error(diff)
	}
	b.do("POST", path, "").wants(t, 405)
	b.do("GET", path+"a", "").wants(t, 404)
	b.do("GET", strings.Replace(path, b.path(), b.pathOf(b.contoso), 1), "").wants(t, 404) // another's address
}

func TestStatusNeedsTheSecret(t *testing.T) {
	b := setup(t, map[string]string{"w": `triggers:
  - {name: hook, type: webhook, run_for: {all_managed: true}, wait: 1ms, verify: {secret_header: {header: X-Token, secret: hook_secret}}}
tasks: {a: {action: core.delay, with: {duration: 50ms}}}
`})
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	a := b.send("{}", "X-Token", secret).wants(t, 202)
	path := strings.TrimPrefix(a.data["status_url"].(string), "https://gantry.example.com")
	b.do("GET", path, "").wants(t, 401)
	b.do("GET", path, "", "X-Token", secret).wants(t, 200)
	b.run(a)
}

func TestAFailedRun(t *testing.T) {
	b := setup(t, map[string]string{"w": `triggers:
  - name: hook
    type: webhook
    run_for: {all_managed: true}
    verify: none
    wait: 1m
    response: {status: "${{ status == 'succeeded' ? 200 : 502 }}", body: {why: "${{ error.?message.orValue('') }}"}}
tasks: {a: {action: core.fail, with: {message: Too late}}}
`})
	a := b.send("{}").wants(t, 502)
	if !strings.Contains(a.text, "Too late") {
		t.Error(a.text)
	}
}

func TestResponses(t *testing.T) {
	for _, c := range []struct {
		name, response, body string
		status               int
		kind, text           string
	}{
		{"text", `{status: 200, body: "ok"}`, "{}", 200, "text/plain; charset=utf-8", "ok"},
		{"challenge", `{status: 200, body: {challenge: "${{ body.?challenge.orValue(null) }}"}}`, `{"challenge": "x<y"}`, 200, "application/json", "{\"challenge\":\"x<y\"}\n"},
		{"headers", `{headers: {Content-Type: text/html, X-Org: "${{ org.slug }}"}, body: "<b>${{ method }}</b>"}`, "{}", 202, "text/html", "<b>POST</b>"},
		{"nothing", `{status: 204}`, "{}", 204, "", ""},
		{"query", `{body: "${{ query.a }}"}`, "{}", 202, "text/plain; charset=utf-8", "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := setup(t, flow("verify: none\n    response: "+c.response))
			a := b.do("POST", b.path()+"?a=1", c.body).wants(t, c.status)
			if a.header.Get("Content-Type") != c.kind || a.text != c.text {
				t.Errorf("%q %q", a.header.Get("Content-Type"), a.text)
			}
			if a.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(a.header.Get("Content-Security-Policy"), "sandbox") {
				t.Errorf("a page could be served: %v", a.header)
			}
			b.until(func() bool { return len(b.runs()) == 1 })
		})
	}
}

func TestAResponseWithTheRun(t *testing.T) {
	b := setup(t, flow(`verify: none
    when: body.n == 1
    response: {headers: {X-Run: "${{ run.id }}"}, body: {run: "${{ run.id }}", event: "${{ event.id }}"}}`))
	a := b.send(`{"n": 1}`).wants(t, 202)
	run := b.run(a)
	if a.data["run"] != run.ID || a.header.Get("X-Run") != run.ID {
		t.Errorf("%s, the run is %s", a.text, run.ID)
	}
	if a := b.send(`{"n": 2}`).wants(t, 202); a.data["run"] != nil || a.header.Values("X-Run") != nil {
		t.Error(a.text)
	}
}

func TestAResponseThatFailsLosesNothing(t *testing.T) {
	b := setup(t, flow(`verify: none
    response: {status: "${{ body.status }}", headers: {X-A: "${{ body.?a.orValue('') }}"}, body: "${{ body.text }}"}`))
	for _, body := range []string{`{}`, `{"status": 99, "text": "x"}`, `{"status": 200, "text": "x", "a": "b\r\nSet-Cookie: c=d"}`} {
		a := b.send(body).wants(t, 202)
		b.run(a)
		if a.header.Get("Set-Cookie") != "" || a.header.Get("X-A") != "" {
			t.Errorf("%v", a.header)
		}
	}
	if b.refused()["response"] == "" {
		t.Error("the admin is not told")
	}
	if a := b.send(`{"status": 200, "text": "fine", "a": "b"}`).wants(t, 200); a.text != "fine" || a.header.Get("X-A") != "b" {
		t.Errorf("%s", a.text)
	}
}

func TestTypedBodies(t *testing.T) {
	b := setup(t, map[string]string{"w": `inputs: {number: {type: number, required: true}}
triggers:
  - name: hook
    type: webhook
    run_for: {all_managed: true}
    verify: none
    body_type: {fields: {number: {type: number, required: true}}, open: true}
    inputs: {number: "${{ body.number + 0.5 }}"}
tasks: {a: {action: core.noop}}
`})
	if run := b.run(b.send(`{"number": 1}`).wants(t, 202)); run.Inputs["number"] != 1.5 {
		t.Errorf("%v", run.Inputs)
	}
}

func TestOnlySoManyWait(t *testing.T) {
	b := setup(t, map[string]string{"w": `triggers:
  - {name: hook, type: webhook, run_for: {all_managed: true}, verify: none, wait: 1m}
tasks: {a: {action: core.delay, with: {duration: 2s}}}
`}, func(b *bench) { b.limits.Waiting = 1 })
	answers := make(chan answer)
	for range 3 {
		go func() { answers <- b.send("{}") }()
	}
	statuses := map[int]int{}
	for range 3 {
		a := <-answers
		if statuses[a.status]++; a.status == 202 && a.data["status_url"] == nil {
			t.Errorf("told nothing of its status: %s", a.text)
		}
		b.run(a)
	}
	if statuses[200] == 0 || statuses[202] == 0 || statuses[200]+statuses[202] != 3 {
		t.Errorf("answered %v", statuses)
	}
}
