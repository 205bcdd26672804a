package server

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"gantry/engine"
	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault/faulttest"
)

// nastyFlow has markup wherever text of a workflow, its inputs or a form comes to the page.
const nastyFlow = `title: "</title><script>alert(1)</script>"
inputs: {text: {type: string, default: "<script>alert(0)</script>"}}
tasks:
  ask:
    action: core.ask
    with:
      question: "</title></h1><script>alert(2)</script> ${{ inputs.text }}"
      details: {"<img src=x onerror=alert(3)>": "</dd><script>alert(4)</script>", Link: "javascript:alert(5)"}
      buttons:
        - {value: "a\"><script>alert(6)</script>", label: "<script>alert(7)</script>", style: danger}
        - {value: "javascript:alert(8)"}
      fields:
        one: {type: string, title: "<script>alert(9)</script>", description: "\" onfocus=alert(10) x=\"", default: "\"><script>alert(11)</script>"}
        two: {enum: ["<script>alert(12)</script>", "\" onclick=alert(13) \""], required: true}
        three: {type: list of string, default: ["</textarea><script>alert(14)</script>"]}
      who: {link: true}
outputs: {values: "${{ tasks.ask.result.values }}"}
`

// strange gives the elements of a page that none of ours has, or that have other attributes.
func strange(t *testing.T, page string) (found []string) {
	t.Helper()
	ours := map[string]bool{}
	for _, name := range strings.Fields("html head meta title style body main h1 p dl dt dd form input label select option textarea fieldset legend div button footer") {
		ours[name] = true
	}
	attributes := map[string]bool{}
	for _, name := range strings.Fields("lang charset name content class role method autocomplete type id for value required selected checked maxlength inputmode formnovalidate rows aria-describedby aria-invalid") {
		attributes[name] = true
	}
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			for _, a := range token.Attr {
				if !attributes[a.Key] || a.Key == "method" && a.Val != "post" {
					found = append(found, token.String())
				}
			}
			if !ours[token.Data] {
				found = append(found, token.String())
			}
		}
	}
}

// TestAPageShowsTextAsText, whoever wrote it, also what was filled in and what was answered.
func TestAPageShowsTextAsText(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/w.yaml": nastyFlow}, nil)
	_, path := r.begun("w", "ask")
	_, page := r.get(path)
	evil := `"><script>alert(15)</script>`
	_, again := r.send(path, page, url.Values{"button": {evil}, "f.one": {evil}, "f.two": {evil}, "f.three": {"</textarea>" + evil}, "by": {evil}, "f." + evil: {evil}})
	_, done := r.send(path, page, url.Values{"button": {`a"><script>alert(6)</script>`}, "f.two": {"<script>alert(12)</script>"}, "f.three": {"x"}, "by": {evil}})
	_, closed := r.get(path)
	for name, text := range map[string]string{"the form": page, "the form filled in": again, "the answer": done, "after it": closed} {
		if found := strange(t, text); len(found) > 0 {
			t.Errorf("%s has %q:\n%s", name, found, text)
		}
	}
	if !strings.Contains(closed, "answered") || !strings.Contains(again, "alert(15)") {
		t.Errorf("%s\n%s", again, closed)
	}
}

// TestAFormThatIsNotOurs answers nothing: another type of content, many fields, fields twice, another question's proof.
func TestAFormThatIsNotOurs(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/w.yaml": asksFlow}, nil)
	run, path := r.begun("w", "ask")
	_, other := r.begun("w", "ask")
	_, page := r.get(path)
	_, otherPage := r.get(other)
	proof := askedValue.FindStringSubmatch(page)[1]
	form := url.Values{"button": {"leave"}, "asked": {proof}}
	for name, c := range map[string]struct {
		method, query, body, kind string
		want                      int
	}{
		"as JSON":                {http.MethodPost, "", `{"button":"leave","asked":"` + proof + `"}`, "application/json", http.StatusUnsupportedMediaType},
		"as text":                {http.MethodPost, "", form.Encode(), "text/plain", http.StatusUnsupportedMediaType},
		"as nothing":             {http.MethodPost, "", form.Encode(), "", http.StatusUnsupportedMediaType},
		"in parts":               {http.MethodPost, "", "--x\r\nContent-Disposition: form-data; name=\"button\"\r\n\r\nleave\r\n--x--\r\n", "multipart/form-data; boundary=x", http.StatusUnsupportedMediaType},
		"in the query":           {http.MethodPost, "?" + form.Encode(), "", "application/x-www-form-urlencoded", http.StatusConflict},
		"fetched with a body":    {http.MethodGet, "?" + form.Encode(), form.Encode(), "application/x-www-form-urlencoded", http.StatusOK},
		"put":                    {http.MethodPut, "", form.Encode(), "application/x-www-form-urlencoded", http.StatusMethodNotAllowed},
		"of a thousand fields":   {http.MethodPost, "", strings.Repeat("f.order=x&a=b&", 20_000), "application/x-www-form-urlencoded", http.StatusBadRequest},
		"with another's proof":   {http.MethodPost, "", "button=leave&asked=" + askedValue.FindStringSubmatch(otherPage)[1], "application/x-www-form-urlencoded", http.StatusConflict},
		"with the token as such": {http.MethodPost, "", "button=leave&asked=" + path[strings.LastIndex(path, "/")+1:], "application/x-www-form-urlencoded", http.StatusConflict},
		"with a long proof":      {http.MethodPost, "", "button=leave&asked=" + strings.Repeat("a", 100_000), "application/x-www-form-urlencoded", http.StatusConflict},
	} {
		if status, text := r.do(c.method, path+c.query, c.body, "Content-Type", c.kind); status != c.want {
			t.Errorf("%s: %d, want %d: %.300s", name, status, c.want, text)
		}
	}
	if waits, err := r.data.History.Waits(t.Context(), history.WaitFilter{Run: run}); err != nil || len(waits) != 1 {
		t.Fatal("something of that answered", err)
	}
	r.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	form = url.Values{"button": {"buy", "leave"}, "f.order": {"first", "second"}, "f.plan": {"basic", "gold"}, "f.urgent": {"false"}}
	if status, text := r.send(path, page, form); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, text)
	}
	_, err := r.engine.Wait(t.Context(), run)
	faulttest.Must(t, err)
	detail, err := r.data.History.Show(t.Context(), run)
	faulttest.Must(t, err)
	if values, _ := detail.Outputs["values"].(map[string]any); values["order"] != "first" || values["urgent"] != false {
		t.Errorf("%v", detail.Outputs)
	}
}

// TestAfterAnAnswerThePageIsLoadedAgain, also where a proxy has a path of its own before the server's.
func TestAfterAnAnswerThePageIsLoadedAgain(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/w.yaml": asksFlow}, nil)
	_, path := r.begun("w", "ask")
	_, page := r.get(path)
	r.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	form := url.Values{"button": {"leave"}, "asked": {askedValue.FindStringSubmatch(page)[1]}}
	answer, err := r.client.PostForm(r.URL+path, form)
	faulttest.Must(t, err)
	defer answer.Body.Close()
	location, err := answer.Location()
	faulttest.Must(t, err)
	if answer.StatusCode != http.StatusSeeOther || location.String() != r.URL+path || strings.HasPrefix(answer.Header.Get("Location"), "/") {
		t.Errorf("%d %s", answer.StatusCode, answer.Header.Get("Location"))
	}
}

// TestTwoAnswerOnThePage: one is told that it counts, the other that another came first.
func TestTwoAnswerOnThePage(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/w.yaml": asksFlow}, nil)
	r.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for range 5 {
		_, path := r.begun("w", "ask")
		_, page := r.get(path)
		var both sync.WaitGroup
		var statuses [2]int
		for i := range statuses {
			both.Go(func() { statuses[i], _ = r.send(path, page, url.Values{"button": {"leave"}, "by": {fmt.Sprint(i)}}) })
		}
		both.Wait()
		if statuses != [2]int{http.StatusSeeOther, http.StatusGone} && statuses != [2]int{http.StatusGone, http.StatusSeeOther} {
			t.Errorf("%v", statuses)
		}
	}
}

// TestALinkShowsNoNamesOfOurs: whoever has it learns that it was answered, not by which account.
func TestALinkShowsNoNamesOfOurs(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/w.yaml": asksFlow}, nil)
	run, path := r.begun("w", "ask")
	waits, err := r.data.History.Waits(t.Context(), history.WaitFilter{Run: run})
	faulttest.Must(t, err)
	faulttest.Must(t, r.engine.Answer(t.Context(), engine.Answer{Wait: waits[0], By: "dana.reyes@msp.example", Result: map[string]any{"button": "leave", "values": map[string]any{}}}))
	_, err = r.engine.Wait(t.Context(), run)
	faulttest.Must(t, err)
	if status, text := r.get(path); status != http.StatusGone || strings.Contains(text, "dana") || !strings.Contains(text, "somebody who is signed in") {
		t.Errorf("%d %s", status, text)
	}
}

// TestALinkOutlivesTheProcessAndItsKeys: after a restart, and after the master key was changed, the same link leads to
// the same question.
func TestALinkOutlivesTheProcessAndItsKeys(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/w.yaml": asksFlow}, nil)
	run, path := r.begun("w", "ask")
	_, page := r.get(path)
	_, err := r.data.Orgs.Rotate(t.Context(), r.data.History, r.hooks.Resealer())
	faulttest.Must(t, err)
	for range 2 {
		faulttest.Must(t, r.stop())
		r.start(nil)
		if status, text := r.get(path); status != http.StatusOK || askedValue.FindString(text) != askedValue.FindString(page) {
			t.Fatalf("%d %s", status, text)
		}
	}
	if status, text := r.send(path, page, url.Values{"button": {"leave"}}); status != http.StatusGone && status != http.StatusOK {
		t.Errorf("%d %s", status, text)
	}
	_, err = r.engine.Wait(t.Context(), run)
	faulttest.Must(t, err)
	detail, err := r.data.History.Get(t.Context(), run)
	faulttest.Must(t, err)
	if detail.Status != flow.Succeeded {
		t.Error(detail.Status)
	}
	token := path[strings.LastIndex(path, "/")+1:]
	faulttest.Must(t, r.stop())
	faulttest.Must(t, filepath.WalkDir(r.dir, func(file string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(file)
		if bytes.Contains(text, []byte(token)) {
			t.Errorf("%s has the link", file)
		}
		return err
	}))
	if strings.Contains(r.log.String(), token) {
		t.Error("the log has the link")
	}
}

// TestAddressesAlmostALink are all nowhere, with the same answer.
func TestAddressesAlmostALink(t *testing.T) {
	r := serveProject(t, map[string]string{"workflows/w.yaml": asksFlow, "workflows/each.yaml": eachFlow}, nil)
	run, path := r.begun("w", "ask")
	_, each := r.begun("each", "ask")
	token := path[strings.LastIndex(path, "/")+1:]
	_, nowhere := r.get("/waits/x/y/z")
	for _, other := range []string{
		path + "/", path + "//", path + "?x=1/..", "/waits//" + run + "/ask/" + token, "/waits/x/../" + run + "/ask/" + token, "/waits/" + run + "%2Fask/" + token, "/waits/" + run + "/ask%2F" + token,
		"/waits/" + strings.ToUpper(run) + "/ask/" + token, "/waits/" + run + "/ASK/" + token, "/waits/" + run + "/ask/" + strings.ToUpper(token), "/waits/" + run[len(run)-8:] + "/ask/" + token,
		"/waits/" + run + "/ask/" + token + strings.Repeat("a", 10_000), "/waits/" + run + "/ask/" + token[:31], "/waits/" + run + "/ask/", "/waits/" + run + "/%zz/" + token, "/waits/" + run + "/ask%00/" + token,
		"/waits/" + strings.Split(each, "/")[2] + "/ask/" + token, each, each + "/-1", each + "/+0", each + "/00", each + "/99999999999999999999", each + "/0/0", each + "/0x0",
	} {
		q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.URL, nil)
		faulttest.Must(t, err)
		q.URL.Opaque = "//" + q.URL.Host + other // as it is, also where that is no address
		answer, err := r.client.Do(q)
		faulttest.Must(t, err)
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if strings.Contains(other, "?x=1") {
			if answer.StatusCode != http.StatusOK {
				t.Errorf("%s: %d", other, answer.StatusCode)
			}
		} else if err != nil || !(answer.StatusCode == http.StatusNotFound && string(text) == nowhere || answer.StatusCode == http.StatusBadRequest && !strings.Contains(string(text), token)) {
			t.Errorf("%s: %d %.200s", other, answer.StatusCode, text)
		}
	}
	if status, text := r.get(each + "/0"); status != http.StatusOK || !strings.Contains(text, "<form") {
		t.Errorf("%d %s", status, text)
	}
	if status, text := r.get(each + "/1"); status != http.StatusOK || !strings.Contains(text, "not been asked yet") {
		t.Errorf("%d %s", status, text)
	}
}

const eachFlow = "tasks: {ask: {action: core.ask, for_each: {items: [a, b], concurrency: 1}, with: {question: Well?, who: {link: true}}}}\n"

// TestAPageOfAHundredFields is whole.
func TestAPageOfAHundredFields(t *testing.T) {
	var fields strings.Builder
	form := url.Values{"button": {"send"}}
	for i := range 100 {
		fmt.Fprintf(&fields, "        field_%d: {type: string, required: true, max_length: 3000}\n", i)
		form.Set(fmt.Sprintf("f.field_%d", i), strings.Repeat("x", 3000))
	}
	r := serveProject(t, map[string]string{"workflows/w.yaml": "tasks:\n  ask:\n    action: core.ask\n    with:\n      question: Much?\n      who: {link: true}\n      fields:\n" + fields.String()}, nil)
	run, path := r.begun("w", "ask")
	_, page := r.get(path)
	if n := strings.Count(page, `<input type="text" id="field-`); n != 100 {
		t.Errorf("%d fields", n)
	}
	if status, text := r.send(path, page, form); status != http.StatusGone && status != http.StatusOK {
		t.Fatalf("%d %.300s", status, text)
	}
	_, err := r.engine.Wait(context.Background(), run)
	faulttest.Must(t, err)
}
