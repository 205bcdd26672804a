package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"gantry/engine"
	"gantry/engine/history"
	"gantry/orgs"
)

// The walls' test: in a random tree every value tells whose it is and of which kind (a canary such as
// canary-secret-o3x), an echoing system sends back all that it is sent, and runs try every way to somebody
// else's things. Then everything that was stored, shown, logged and sent is searched.

const wallsWorkflow = `
inputs:
  to: {type: string, required: true}
  all: {type: list of string, required: true}
  echo: {type: string, required: true}
tasks:
  see:
    action: core.set
    with: {values: {plain: "${{ org.vars.?plain.orValue('none') }}", local: "${{ org.vars.?local.orValue('none') }}", whole: ["${{ org.parent }}", "${{ org.integrations }}", "${{ org.tags }}"]}}
    next: [{when: failed, publish: {e1: "${{ error }}"}, do: noop}]
  send:
    action: core.http_request
    with: {method: POST, url: "${{ inputs.echo }}/send", headers: {X-Secret: "${{ org.vars.?secret.orValue('none') }}"}, body: {org: "${{ org.slug }}", text: "see ${{ org.vars.?plain.orValue('none') }}"}}
    next: [{when: failed, publish: {e2: "${{ error }}"}, do: noop}]
  call:
    action: halo.list_agents
    with: {search: "${{ org.slug }}"}
    next: [{when: failed, publish: {e3: "${{ error }}"}, do: noop}]
  there_see:
    org: ${{ inputs.to }}
    action: core.set
    with: {values: "${{ org.vars.?plain.orValue('none') + org.vars.?local.orValue('none') + org.name }}"}
    next: [{when: failed, publish: {e4: "${{ error }}"}, do: noop}]
  there_send:
    org: ${{ inputs.to }}
    action: core.http_request
    with: {method: POST, url: "${{ inputs.echo }}/send", headers: {X-Secret: "${{ org.vars.?secret.orValue('none') }}"}, body: {org: "${{ org.slug }}"}}
    next: [{when: failed, publish: {e5: "${{ error }}"}, do: noop}]
  there_call:
    org: ${{ inputs.to }}
    action: halo.list_agents
    with: {search: "${{ org.slug }}"}
    next: [{when: failed, publish: {e6: "${{ error }}"}, do: noop}]
  there_sub:
    org: ${{ inputs.to }}
    workflow: below
    with: {echo: "${{ inputs.echo }}"}
    next: [{when: failed, publish: {e7: "${{ error }}"}, do: noop}]
  there_each:
    for_each: {items: "${{ inputs.all }}", as: slug, on_error: continue}
    org: ${{ slug }}
    action: core.set
    with: {values: "${{ org.vars.?plain.orValue('none') + org.vars.?local.orValue('none') }}"}
    next: [{when: failed, publish: {e8: "${{ error }}"}, do: noop}]
outputs: {errors: ["${{ ctx.?e1.orValue(null) }}", "${{ ctx.?e4.orValue(null) }}", "${{ ctx.?e8.orValue(null) }}"]}
`

const belowWorkflow = `
inputs: {echo: {type: string, required: true}}
tasks:
  see:
    action: core.set
    with: {values: "${{ org.vars.?plain.orValue('none') + org.vars.?local.orValue('none') }}"}
    next: [{when: failed, do: noop}]
  send:
    action: core.http_request
    with: {method: POST, url: "${{ inputs.echo }}/send", headers: {X-Secret: "${{ org.vars.?secret.orValue('none') }}"}, body: {org: "${{ org.slug }}"}}
    next: [{when: failed, do: noop}]
  call:
    action: halo.list_agents
    with: {search: "${{ org.slug }}"}
    next: [{when: failed, do: noop}]
outputs: {see: "${{ tasks.?see.result.orValue('none') }}"}
`

// echoing is a system that sends back whatever it is sent, in answers and in errors, and remembers it.
type echoing struct {
	mu   sync.Mutex
	sent []sentFor
	n    int
}

// sentFor is a request: for which organisation, and with whose secret.
type sentFor struct{ org, secret, token string }

func (e *echoing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if strings.HasSuffix(r.URL.Path, "/token") {
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		_ = r.ParseForm()
		owner := strings.TrimPrefix(r.Form.Get("client_id"), "canary-client-")
		if r.Form.Get("client_secret") != "canary-isecret-"+owner {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":"canary-token-%s","token_type":"Bearer","expires_in":3600}`, owner)
		return
	}
	var said struct{ Org string }
	_ = json.Unmarshal(body, &said)
	e.mu.Lock()
	e.n++
	n := e.n
	e.sent = append(e.sent, sentFor{said.Org + r.URL.Query().Get("search"), r.Header.Get("X-Secret"), strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")})
	e.mu.Unlock()
	echo := fmt.Sprint(r.Header, string(body), r.URL)
	w.Header().Set("Content-Type", "application/json")
	if n%3 == 0 {
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(map[string]any{"Message": "refused: " + echo})
		return
	}
	w.Header().Set("X-Echo", r.Header.Get("X-Secret")+r.Header.Get("Authorization"))
	json.NewEncoder(w).Encode([]any{map[string]any{"id": n, "name": echo, echo: "a key"}})
}

func (e *echoing) take() []sentFor {
	e.mu.Lock()
	defer e.mu.Unlock()
	sent := e.sent
	e.sent = nil
	return sent
}

// safely collects what is logged and what watchers are told.
type safely struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *safely) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *safely) watch(u engine.Update) {
	text, _ := json.Marshal(u)
	_, _ = s.Write(text)
}

func (s *safely) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestNoRunReadsAnotherOrganisationsThings(t *testing.T) {
	echo := &echoing{}
	server := httptest.NewServer(echo)
	defer server.Close()
	shown := &safely{}
	b := &bench{t: t, dir: t.TempDir(), options: engine.Options{Log: slog.New(slog.NewTextHandler(shown, nil))}}
	b.open(map[string]string{"walls": wallsWorkflow, "below": belowWorkflow})
	ctx := context.Background()
	var err error
	if b.msp, err = b.orgs.Create(ctx, orgs.NewOrganisation{Slug: "msp", Name: "canary-name-msp"}); err != nil {
		t.Fatal(err)
	}
	for _, v := range []orgs.Variable{{Name: "plain", Type: orgs.TypeString, Value: "canary-plain-msp"}, {Name: "secret", Type: orgs.TypeSecret, Value: "canary-secret-msp"}} {
		if err := b.orgs.SetVariable(ctx, b.msp.ID, v); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.orgs.AddInstance(ctx, b.msp.ID, "halo", "Halo", map[string]any{"resource_server": server.URL, "client_id": "canary-client-msp"},
		map[string]string{"client_secret": "canary-isecret-msp"}, true); err != nil {
		t.Fatal(err)
	}
	n, reached := 0, map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		n++
		w := drawWall(rt, b, n, server.URL)
		org := rapid.SampledFrom(w.orgs).Draw(rt, "organisation")
		to := rapid.SampledFrom(w.orgs).Draw(rt, "to")
		var all []any
		for _, o := range w.orgs {
			all = append(all, o.Slug)
		}
		req := engine.Request{Workflow: "walls", Organisation: org, Inputs: map[string]any{"to": to.Slug, "all": all, "echo": server.URL}, Watch: shown.watch}
		lent := rapid.SampledFrom([]string{"", "default", "instance", "search", "mapping"}).Draw(rt, "override")
		if lent != "" {
			req.Integrations = map[string]*orgs.Override{"halo": {Use: lent, Name: "Halo", Fallback: "fail_task"}}
		}
		echo.take()
		w.run(req)
		if err := b.engine.Drain(ctx); err != nil {
			rt.Fatal(err)
		}
		w.checkSent(rt, echo.take(), org.Slug, lent, reached)
		w.checkStored(rt)
	})
	w := &wall{bench: b}
	w.checkClear(t, "what was logged and shown", shown.String())
	for _, what := range []string{"secret of its own", "secret of an ancestor", "instance of its own", "instance lent by the MSP", "another organisation's secret below"} {
		if reached[what] == 0 {
			t.Errorf("no run ever used a %s: the test proves nothing (%v)", what, reached)
		}
	}
}

// checkSent looks at what left: every secret and every token must be of who the task acted for.
func (w *wall) checkSent(rt *rapid.T, sent []sentFor, runner, lent string, reached map[string]int) {
	for _, s := range sent {
		if !slices.Contains(w.above(s.org), runner) {
			rt.Errorf("a run of %s acted for %s, which is not below it", runner, s.org)
		}
		if s.token == "" {
			want := "none"
			if holder := w.holder(s.org, "secret"); holder != "" {
				want = "canary-secret-" + holder
				reached[map[bool]string{true: "secret of its own", false: "secret of an ancestor"}[holder == s.org]]++
			}
			if s.secret != want {
				rt.Errorf("%s sent %q, want %q", s.org, s.secret, want)
			}
			if s.org != runner {
				reached["another organisation's secret below"]++
			}
			continue
		}
		want := s.org
		if lent != "" {
			want = "msp"
		}
		if s.token != "canary-token-"+want || !w.own[want] {
			rt.Errorf("%s worked with %s, want an instance of %s (override %q)", s.org, s.token, want, lent)
		}
		reached[map[bool]string{true: "instance lent by the MSP", false: "instance of its own"}[lent != ""]]++
	}
}

var canary = regexp.MustCompile(`canary-([a-z]+)-(msp|o\d+x\d+x)`)

// checkStored searches everything that the history keeps of this tree's runs.
func (w *wall) checkStored(rt *rapid.T) {
	ctx := context.Background()
	for _, org := range w.orgs {
		if org.Slug == "msp" {
			continue // its runs may act for everybody below
		}
		runs, err := w.history.Runs(ctx, history.Filter{OrganisationID: org.ID, Children: true, Limit: 100})
		if err != nil {
			rt.Fatal(err)
		}
		for _, r := range runs {
			detail, err := w.history.Show(ctx, r.ID)
			if err != nil {
				rt.Fatal(err)
			}
			whole, _ := json.Marshal(detail)
			w.checkOwners(rt, "run of "+org.Slug, org.Slug, string(whole)+w.rows(rt, r.ID), true)
			for _, task := range detail.Tasks {
				text, _ := json.Marshal(task)
				w.checkOwners(rt, task.Name+" of "+org.Slug, org.Slug, string(text), strings.HasPrefix(task.Name, "there"))
			}
		}
	}
	runs, err := w.history.Runs(ctx, history.Filter{Children: true, Limit: 50})
	if err != nil {
		rt.Fatal(err)
	}
	for _, r := range runs {
		w.checkClear(rt, "the history of "+r.Organisation, w.rows(rt, r.ID))
	}
}

// rows gives a run's rows as the database has them.
func (w *wall) rows(rt *rapid.T, run string) string {
	var b strings.Builder
	for _, query := range []string{"SELECT data FROM events WHERE run = ?", "SELECT name || coalesce(error, '') || coalesce(item_ends, '') FROM tasks WHERE run = ?",
		"SELECT url || error FROM requests WHERE run = ?", "SELECT settings || inputs || coalesce(outputs, '') || coalesce(error, '') FROM runs WHERE id = ?"} {
		var texts []string
		if err := w.store.Read().Select(&texts, query, run); err != nil {
			rt.Fatal(err)
		}
		b.WriteString(strings.Join(texts, "\n"))
	}
	return b.String()
}

// checkOwners: inherited things may be of those above, an organisation's own ones of nobody else; with below
// also those of the organisations below, for whom a task may act.
func (w *wall) checkOwners(rt *rapid.T, what, slug, text string, below bool) {
	for _, found := range canary.FindAllStringSubmatch(text, -1) {
		kind, owner := found[1], found[2]
		fromAbove := slices.Contains(w.above(slug), owner) && (owner == slug || kind == "plain" || kind == "name")
		fromBelow := below && slices.Contains(w.above(owner), slug)
		if !fromAbove && !fromBelow {
			rt.Errorf("%s shows %s", what, found[0])
		}
	}
}

// checkClear: secrets and tokens stand nowhere, not even the organisation's own.
func (w *wall) checkClear(t interface{ Errorf(string, ...any) }, what, text string) {
	for _, found := range canary.FindAllStringSubmatch(text, -1) {
		if slices.Contains([]string{"secret", "isecret", "token"}, found[1]) {
			t.Errorf("%s holds %s", what, found[0])
		}
	}
}
