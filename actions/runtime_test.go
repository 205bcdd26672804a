package actions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"gantry/actions/wire"
	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"

	"pgregory.net/rapid"
)

const shop = `
title: Shop
config:
  server: {type: string, required: true}
  key: {type: secret, required: true}
web_addresses: {server: {}}
base_url: ${{ config.server }}
auth: {type: bearer, token: "${{ config.key }}"}
headers: {X-Shop: "a ${{ config.key }} b"}
errors:
  - when: body.?reason.orValue('') == 'closed'
    code: conflict
    message: The shop is closed.
    hint: come back tomorrow
  - when: body.?failed.orValue(false) == true
    successful: true
    code: failed
    message: "It says: ${{ body.why }}"
actions:
  read: {title: Read, request: {method: GET, path: /it}, result: any}
  write: {title: Write, effect: write, inputs: {x: any}, request: {method: POST, path: /it, body: {x: "${{ inputs.x }}"}}, result: any}
  put: {title: Put, effect: write, idempotent: true, request: {method: PUT, path: /it}, result: any}
  upsert:
    title: Upsert
    effect: write
    idempotent: inputs.items.all(i, has(i.id))
    inputs: {items: {type: list of any, required: true}}
    request: {method: POST, path: /it, body: "${{ inputs.items }}"}
    result: {type: list of any, from: items}
  one: {title: One, request: {method: GET, path: /it}, result: {type: {type: object, open: true, fields: {n: integer, names: list of string}}, lists: [names]}}
  many: {title: Many, request: {method: GET, path: /it}, result: {type: {type: list, items: {type: object, open: true}}, from: [items, rows]}}
  entries: {title: Entries, request: {method: GET, path: /it}, result: {type: {type: list, items: {type: object, open: true, fields: {id: integer}}}, from: items}}
  remove: {title: Remove, effect: delete, request: {method: DELETE, path: /it}, result: object or null}
  pages:
    title: Pages
    inputs: {limit: integer, q: string, kinds: list of any, yes: boolean, more: map}
    request: {method: GET, path: /pages, pass: query, spread: more}
    paginate: {style: page, parameter: page, size_parameter: size, page_size: 10, query: {all: true}, total: body.total}
    result: {type: list of any, from: items}
  blind:
    title: Blind pages
    request: {method: GET, path: /blind}
    paginate: {style: page, parameter: page, page_size: 10}
    result: {type: list of any, from: items}
  offset:
    title: Offset
    request: {method: GET, path: /offset}
    paginate: {style: offset, parameter: skip, size_parameter: top, page_size: 10}
    result: list of any
  cursor:
    title: Cursor
    request: {method: GET, path: /cursor}
    paginate: {style: cursor, parameter: after, next: body.next}
    result: {type: list of any, from: items}
  link:
    title: Link
    request: {method: GET, path: /link}
    paginate: {style: link, next: body.next}
    result: {type: list of any, from: items}
  sent:
    title: Sent
    effect: write
    inputs: {id: {type: integer, required: true}, name: string, size: {type: integer, default: 3}, more: map, dry: boolean}
    request: {method: POST, path: "/sent/{id}", pass: body, spread: more, query: {dry_run: "${{ inputs.dry }}"}, body: [{kind: thing, none: "${{ inputs.dry }}"}]}
    result: any
`

type kit struct {
	*Runtime
	catalogue *Catalogue
	config    map[string]any
	secrets   map[string]string
}

const theKey = "k-12345-secret"

func newKit(t *testing.T, h http.HandlerFunc) *kit {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	catalogue, ds := Load(Builtin(), files("shop/integration.yaml", shop), "actions")
	if len(ds) > 0 {
		t.Fatal(list(ds))
	}
	r := NewRuntime(Options{Network: Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	t.Cleanup(r.Close)
	return &kit{Runtime: r, catalogue: catalogue, config: map[string]any{"server": s.URL}, secrets: map[string]string{"key": theKey}}
}

func (k *kit) run(ctx context.Context, t *testing.T, id string, inputs map[string]any) Outcome {
	t.Helper()
	a, ok := k.catalogue.Action(id)
	if !ok {
		t.Fatalf("no action %s", id)
	}
	out := k.Execute(ctx, Call{Action: a, Inputs: inputs, Organisation: orgs.Organisation{ID: "o", Name: "Acme"},
		Instance:        &orgs.Instance{ID: "i", Integration: "shop", Name: "Shop", Config: k.config},
		InstanceSecrets: func() (map[string]string, error) { return k.secrets, nil },
		OpenSecret: func(s expr.Secret) (string, error) {
			if s.Name == "missing" {
				return "", errors.New("no such secret")
			}
			return "clear-" + s.Name, nil
		}})
	text, err := json.Marshal([]any{out.Result, out.Err, out.Requests})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), theKey) || strings.Contains(string(text), "clear-") {
		t.Errorf("%s leaks a secret: %s", id, text)
	}
	return out
}

func answer(status int, kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if kind != "" {
			w.Header().Set("Content-Type", kind)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// hijack breaks the connection after writing what is given.
func hijack(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		io.WriteString(c, text)
		c.Close()
	}
}

func TestSafeToRepeat(t *testing.T) {
	c, _ := Load(Builtin(), files("shop/integration.yaml", shop), "actions")
	for _, row := range []struct {
		id     string
		inputs map[string]any
		want   bool
	}{
		{"shop.read", nil, true}, {"shop.write", nil, false}, {"shop.put", nil, true}, {"shop.remove", nil, true},
		{"shop.upsert", map[string]any{"items": []any{map[string]any{"id": int64(1)}}}, true},
		{"shop.upsert", map[string]any{"items": []any{map[string]any{"id": int64(1)}, map[string]any{}}}, false},
		{"shop.upsert", map[string]any{"items": []any{int64(1)}}, false},
		{"shop.upsert", nil, false},
		{"halo.list_tickets", nil, true}, {"halo.create_ticket", nil, false}, {"halo.update_ticket", nil, true}, {"halo.add_note", nil, false},
		{"halo.add_or_update_tickets", map[string]any{"tickets": []any{map[string]any{"id": int64(1)}}}, true},
		{"halo.add_or_update_tickets", map[string]any{"tickets": []any{map[string]any{"id": int64(0)}}}, false},
		{"halo.add_or_update_tickets", map[string]any{"tickets": []any{map[string]any{"id": nil}}}, false},
		{"halo.add_or_update_tickets", map[string]any{"tickets": []any{map[string]any{"summary": "x"}}}, false},
		{"halo.api_request", map[string]any{"path": "x"}, true}, {"halo.api_request", map[string]any{"method": "POST"}, false},
		{"halo.api_request", map[string]any{"method": "POST", "idempotent": true}, true},
		{"core.http_request", nil, true}, {"core.http_request", map[string]any{"method": "POST"}, false},
		{"core.http_request", map[string]any{"method": "PUT"}, true}, {"core.http_request", map[string]any{"method": "PUT", "idempotent": false}, false},
		{"core.http_request", map[string]any{"method": "PATCH", "idempotent": true}, true},
		{"core.set", nil, true}, {"core.fail", nil, true},
	} {
		a, ok := c.Action(row.id)
		if !ok || a.SafeToRepeat(row.inputs) != row.want {
			t.Errorf("%s %v: want %v", row.id, row.inputs, row.want)
		}
	}
}

func TestResultsComeInTheDeclaredShape(t *testing.T) {
	for _, c := range []struct{ id, body, want string }{
		{"shop.one", `{"n":5.0,"extra":1.0}`, `{"extra":1,"n":5,"names":[]}`},
		{"shop.one", `[{"n":1,"names":null}]`, `{"n":1,"names":[]}`},
		{"shop.one", `[]`, `invalid_result`},
		{"shop.one", `"x"`, `invalid_result`},
		{"shop.one", ``, `invalid_result`},
		{"shop.many", `[{"a":1}]`, `[{"a":1}]`},
		{"shop.many", `{"items":[{"a":1}],"count":1}`, `[{"a":1}]`},
		{"shop.many", `{"rows":[]}`, `[]`},
		{"shop.many", `{"items":null}`, `[]`},
		{"shop.many", `{"a":1}`, `[{"a":1}]`},
		{"shop.entries", `{"id":1,"items":[{"id":2}]}`, `[{"id":1,"items":[{"id":2}]}]`},
		{"shop.entries", `{"items":[{"id":2}]}`, `[{"id":2}]`},
		{"shop.entries", `{"id":null,"items":[{"id":2}]}`, `[{"id":2}]`},
		{"shop.entries", `{"id":2}`, `[{"id":2}]`},
		{"shop.entries", `{"count":0}`, `[]`},
		{"shop.entries", `{"count":0.0,"more":false,"next":null}`, `[]`},
		{"shop.entries", `{"count":3}`, `invalid_result`},
		{"shop.entries", `{"Message":"not now"}`, `invalid_result`},
		{"shop.entries", "\uFEFF[]", `[]`},
		{"shop.many", ``, `[]`},
		{"shop.many", `3`, `invalid_result`},
		{"shop.remove", ``, `null`},
		{"shop.remove", `{"id":1}`, `{"id":1}`},
	} {
		out := newKit(t, answer(200, "application/json", c.body)).run(t.Context(), t, c.id, nil)
		got, _ := json.Marshal(out.Result)
		if out.Err != nil {
			got = []byte(out.Err.Code)
		}
		if string(got) != c.want {
			t.Errorf("%s of %s: %s, want %s", c.id, c.body, got, c.want)
		}
	}
}

func TestWhatIsSent(t *testing.T) {
	var got string
	k := newKit(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = fmt.Sprintf("%s %s %s %s %s", r.Method, r.URL, body, r.Header.Get("Authorization"), r.Header.Get("X-Shop"))
		io.WriteString(w, "{}")
	})
	with := map[string]any{"id": int64(7), "name": "x", "more": map[string]any{"colour": nil}}
	k.run(t.Context(), t, "shop.sent", with)
	if want := `POST /sent/7 [{"colour":null,"kind":"thing","name":"x","size":3}] Bearer k-12345-secret a k-12345-secret b`; got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
	k.run(t.Context(), t, "shop.sent", map[string]any{"id": int64(7), "dry": true})
	if want := `POST /sent/7?dry_run=true [{"kind":"thing","none":true,"size":3}] Bearer k-12345-secret a k-12345-secret b`; got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
	out := k.run(t.Context(), t, "shop.sent", map[string]any{"id": "7", "nmae": "x"})
	if out.Err == nil || out.Err.Code != fault.InvalidInput || !strings.Contains(out.Err.Message, "id") || !strings.Contains(out.Err.Message, "nmae") {
		t.Errorf("%v", out.Err)
	}
	if len(out.Requests) != 0 {
		t.Error("sent in spite of wrong inputs")
	}
}

// Secrets in inputs are revealed to the other system, and masked wherever it echoes them.
func TestEchoedSecrets(t *testing.T) {
	var received string
	k := newKit(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		received = string(body)
		w.WriteHeader(418)
		fmt.Fprintf(w, `%s %s %s`, body, r.Header.Get("Authorization"), url.QueryEscape(r.Header.Get("X-Shop")))
	})
	out := k.run(t.Context(), t, "shop.write", map[string]any{"x": expr.Secret{Organisation: "o", Name: "pass word"}})
	if received != `{"x":"clear-pass word"}` {
		t.Errorf("received %s", received)
	}
	if !strings.Contains(fmt.Sprint(out.Err.Detail), wire.Mask) {
		t.Errorf("detail %v", out.Err.Detail)
	}
	out = k.run(t.Context(), t, "shop.write", map[string]any{"x": expr.Secret{Organisation: "o", Name: "missing"}})
	if out.Err == nil || len(out.Requests) != 0 {
		t.Errorf("a missing secret: %v", out.Err)
	}
	if out := k.run(t.Context(), t, "core.set", map[string]any{"values": expr.Secret{Name: "a"}}); out.Err == nil || out.Err.Code != fault.Secret {
		t.Errorf("core.set of a secret: %+v", out)
	}
}

// Whatever the other system answers, no secret leaves the runtime.
func TestNoAnswerLeaksASecret(t *testing.T) {
	var status int
	var body string
	k := newKit(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
	rapid.Check(t, func(rt *rapid.T) {
		status = rapid.SampledFrom([]int{200, 201, 400, 404, 500, 502}).Draw(rt, "status")
		noise := rapid.SampledFrom([]string{"", "<html>", `{"a":"`, `{"`, `["x","`, " ", `{"Message":"`}).Draw(rt, "before")
		after := rapid.SampledFrom([]string{"", `"}`, `":1}`, `"]`, "</html>"}).Draw(rt, "after")
		body = noise + theKey + after
		k.run(t.Context(), t, rapid.SampledFrom([]string{"shop.read", "shop.write", "shop.many", "shop.one"}).Draw(rt, "action"), nil)
	})
}

func TestInstanceIsMissing(t *testing.T) {
	a, _ := Builtin().Action("halo.list_agents")
	out := NewRuntime(Options{}).Execute(t.Context(), Call{Action: a, Organisation: orgs.Organisation{Name: "Northwind Dental"}})
	if out.Err == nil || out.Err.Code != fault.NotInstalled || !strings.Contains(out.Err.Message, "HaloPSA integration is not installed for Northwind Dental") {
		t.Errorf("%v", out.Err)
	}
}

func TestPanicsAreFaults(t *testing.T) {
	broken := &Action{ID: "core.broken", Effect: Write, inputType: Builtin().actions["core.noop"]().inputType,
		Core: &Core{run: func(context.Context, *attempt) Outcome { panic("boom") }}}
	var logged string
	r := NewRuntime(Options{Log: func(format string, args ...any) { logged = fmt.Sprintf(format, args...) }})
	out := r.Execute(t.Context(), Call{Action: broken})
	if out.Err == nil || out.Err.Code != fault.Internal || !strings.Contains(logged, "boom") {
		t.Errorf("%v, logged %q", out.Err, logged)
	}
}
