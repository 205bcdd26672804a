package server

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"gantry/actions"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault/faulttest"
	"gantry/orgs"
)

const asksFlow = `tasks:
  ask:
    action: core.ask
    timeout: 2h
    with:
      question: "Buy <b>three</b> licences?"
      details: {Client: "Northwind & Sons"}
      buttons: [{value: buy, label: Buy them, style: primary}, {value: leave, skips_fields: true}]
      fields:
        order: {type: string, required: true, title: Purchase order}
        amount: {type: integer, default: 3}
        urgent: boolean
        plan: {enum: [basic, premium], required: true}
      who: {link: true}
outputs: {values: "${{ tasks.ask.result.values }}", by: "${{ tasks.ask.result.by }}"}
`

const closedFlow = "tasks: {ask: {action: core.ask, with: {question: Between us?}}}\n"

const hookFlow = `tasks:
  hook: {action: core.wait_for_webhook, timeout: 2h, with: {verify: {secret_header: {header: X-Key, secret: hook_key}}, max_body: 2MiB}}
outputs: {body: "${{ tasks.hook.result.body }}", headers: "${{ tasks.hook.result.headers }}"}
`

// begun starts a workflow, waits until it waits, and gives the path of its task's link.
func (r *running) begun(workflow, task string) (run, path string) {
	r.t.Helper()
	org, err := r.data.Orgs.Root(r.t.Context())
	faulttest.Must(r.t, err)
	run, err = r.engine.Start(r.t.Context(), engine.Request{Workflow: workflow, Organisation: org})
	faulttest.Must(r.t, err)
	until(r.t, "it waits", func() bool {
		waits, err := r.data.History.Waits(r.t.Context(), history.WaitFilter{Run: run})
		faulttest.Must(r.t, err)
		return len(waits) == 1
	})
	link, err := r.engine.Link(r.t.Context(), run, task)
	faulttest.Must(r.t, err)
	path, ok := strings.CutPrefix(link, r.URL)
	if !ok {
		r.t.Errorf("%s does not lead to %s", link, r.URL)
	}
	return run, path
}

var askedValue = regexp.MustCompile(`name="asked" value="([^"]+)"`)

// send sends the form of a page.
func (r *running) send(path, page string, form url.Values, more ...string) (int, string) {
	r.t.Helper()
	if m := askedValue.FindStringSubmatch(page); m != nil {
		form.Set("asked", m[1])
	}
	return r.do(http.MethodPost, path, form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, more...)...)
}

// TestALinkThatIsFetchedAnswersNothing, and its form does, once.
func TestALinkThatIsFetchedAnswersNothing(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/w.yaml": asksFlow}, nil)
	run, path := r.begun("w", "ask")
	var page string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		status, text := r.do(method, path+"?button=buy&f.order=1&f.plan=basic", "")
		if page = text; status != http.StatusOK {
			t.Fatalf("%s: %d", method, status)
		}
	}
	for _, want := range []string{"Buy &lt;b&gt;three&lt;/b&gt; licences?", "Northwind &amp; Sons", "Purchase order", `value="3"`, "formnovalidate", "UTC", "workflow w"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "<b>three") {
		t.Error(page)
	}
	good := url.Values{"button": {"buy"}, "f.order": {"PO <7>"}, "f.plan": {"premium"}, "f.urgent": {"true"}, "f.amount": {"x"}, "by": {"Dana"}}
	status, text := r.send(path, page, good)
	if status != http.StatusUnprocessableEntity || !strings.Contains(text, "needs a whole number") || !strings.Contains(text, "PO &lt;7&gt;") || !strings.Contains(text, "selected>premium") || !strings.Contains(text, `value="Dana"`) {
		t.Errorf("%d %s", status, text)
	}
	good.Set("f.amount", "4")
	for name, c := range map[string]struct {
		page string
		form url.Values
		more []string
		want int
	}{
		"without its token":   {"", url.Values{"button": {"leave"}}, nil, http.StatusConflict},
		"from another site":   {page, url.Values{"button": {"leave"}}, []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"without a button":    {page, url.Values{"f.order": {"x"}, "f.plan": {"basic"}}, nil, http.StatusUnprocessableEntity},
		"much too long":       {page, url.Values{"button": {"leave"}, "by": {strings.Repeat("x", 600<<10)}}, nil, http.StatusRequestEntityTooLarge},
		"required left empty": {page, url.Values{"button": {"buy"}, "f.plan": {"basic"}}, nil, http.StatusUnprocessableEntity},
		"bytes, no text":      {page, url.Values{"button": {"buy"}, "f.order": {"PO \xff7"}, "f.plan": {"basic"}}, nil, http.StatusUnprocessableEntity},
		"with a NUL":          {page, url.Values{"button": {"buy"}, "f.order": {"PO \x007"}, "f.plan": {"basic"}}, nil, http.StatusUnprocessableEntity},
		"of another choice":   {page, url.Values{"button": {"buy"}, "f.order": {"x"}, "f.plan": {"gold"}}, nil, http.StatusUnprocessableEntity},
	} {
		if status, text := r.send(path, c.page, c.form, c.more...); status != c.want {
			t.Errorf("%s: %d, want %d: %s", name, status, c.want, text)
		} else if noText(c.form.Get("f.order")) && !strings.Contains(text, "has characters that are no text") {
			t.Errorf("%s: %s", name, text)
		}
	}
	if waits, err := r.data.History.Waits(t.Context(), history.WaitFilter{Kind: actions.ForAnswer}); err != nil || len(waits) != 1 {
		t.Fatal("something of that answered", err)
	}
	if status, text = r.send(path, page, good); status != http.StatusSeeOther && status != http.StatusGone && status != http.StatusOK {
		t.Fatalf("%d %s", status, text)
	}
	_, err := r.engine.Wait(t.Context(), run)
	faulttest.Must(t, err)
	detail, err := r.data.History.Show(t.Context(), run)
	faulttest.Must(t, err)
	values, _ := detail.Outputs["values"].(map[string]any)
	if detail.Status != flow.Succeeded || detail.Outputs["by"] != "link: Dana" || values["amount"] != int64(4) || values["urgent"] != true || values["plan"] != "premium" {
		t.Errorf("%s %v", detail.Status, detail.Outputs)
	}
	if status, text := r.get(path); status != http.StatusGone || !strings.Contains(text, "Buy them") || !strings.Contains(text, "link: Dana") {
		t.Errorf("%d %s", status, text)
	}
	if status, text := r.send(path, page, url.Values{"button": {"leave"}}); status != http.StatusGone || !strings.Contains(text, "has been answered") {
		t.Errorf("a second answer: %d %s", status, text)
	}
	token := path[strings.LastIndex(path, "/")+1:]
	if strings.Contains(r.log.String(), token) {
		t.Error("the log has the link")
	}
}

// TestLinksThatLeadNowhere all get the same answer: also that of a question for those who are signed in alone.
func TestLinksThatLeadNowhere(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/w.yaml": asksFlow, "workflows/closed.yaml": closedFlow}, nil)
	_, open := r.begun("w", "ask")
	run, shut := r.begun("closed", "ask")
	_, nowhere := r.get("/waits/x/y/z")
	// No token has a 1, so that this one is another whatever it ends with.
	for _, path := range []string{shut, open[:len(open)-1] + "1", open + "/0", "/waits/" + run, "/waits/" + run + "/other/" + shut[strings.LastIndex(shut, "/")+1:]} {
		if status, text := r.get(path); status != http.StatusNotFound || text != nowhere {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	faulttest.Must(t, r.engine.Cancel(run, ""))
	_, err := r.engine.Wait(t.Context(), run)
	faulttest.Must(t, err)
	if status, _ := r.get(shut); status != http.StatusNotFound {
		t.Error(status)
	}
}

// TestAWebhookOfATask is verified as the task says, kept before it is answered, and counts once.
func TestAWebhookOfATask(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/w.yaml": hookFlow}, nil)
	faulttest.Must(t, r.data.Orgs.SetVariable(t.Context(), r.root(), orgs.Variable{Name: "hook_key", Type: orgs.TypeSecret, Value: "correct horse battery"}))
	run, path := r.begun("w", "hook")
	key := []string{"Content-Type", "application/json", "X-Key", "correct horse battery", "X-Trace", path}
	for name, c := range map[string]struct {
		method, body string
		headers      []string
		want         int
	}{
		"without the key": {http.MethodPost, "{}", []string{"Content-Type", "application/json"}, http.StatusUnauthorized},
		"another method":  {http.MethodPut, "{}", key, http.StatusMethodNotAllowed},
		"fetched":         {http.MethodGet, "", key, http.StatusMethodNotAllowed},
		"no JSON":         {http.MethodPost, "{", key, http.StatusBadRequest},
		"too large":       {http.MethodPost, `"` + strings.Repeat("x", 2<<20) + `"`, key, http.StatusRequestEntityTooLarge},
	} {
		if status, text := r.do(c.method, path, c.body, c.headers...); status != c.want {
			t.Errorf("%s: %d, want %d: %s", name, status, c.want, text)
		}
	}
	large := `"` + strings.Repeat("x", 2<<20-2) + `"` // no more than max_body allows, but with its headers more than a run keeps
	if status, text := r.do(http.MethodPost, path, large, key...); status != http.StatusRequestEntityTooLarge || !strings.Contains(text, "larger than 2 MiB") {
		t.Errorf("%d %s", status, text)
	}
	if status, text := r.do(http.MethodPost, path, `{"done": true}`, key...); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, text)
	}
	_, err := r.engine.Wait(t.Context(), run)
	faulttest.Must(t, err)
	detail, err := r.data.History.Show(t.Context(), run)
	faulttest.Must(t, err)
	body, _ := detail.Outputs["body"].(map[string]any)
	headers, _ := detail.Outputs["headers"].(map[string]any)
	trace, _ := headers["x-trace"].(string)
	if body["done"] != true || headers["x-key"] != nil || strings.Contains(trace, path[len(path)-8:]) {
		t.Errorf("%v", detail.Outputs)
	}
	if status, text := r.do(http.MethodPost, path, `{"done": false}`, key...); status != http.StatusGone {
		t.Errorf("%d %s", status, text)
	}
}
