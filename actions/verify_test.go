package actions

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

const orders = `
types:
  Order: {type: object, open: true, fields: {id: integer, ref: string or null, note: string or null}}
actions:
  order:
    title: Order
    effect: write
    inputs: {ref: string, note: string}
    request: {method: POST, path: /orders, pass: body}
    result: shop.Order
    verify:
      when: inputs.ref != null && inputs.ref != ''
      after: 30s
      action: shop.list_orders
      with: {ref: "${{ inputs.ref }}", limit: 3}
      unsure: size(result) == 3
      found: result.filter(o, o.ref == inputs.ref)
  put_order:
    title: Put an order under a key of its own
    effect: write
    inputs: {ref: {type: string, required: true}, note: {type: string, default: none}}
    request: {method: PUT, path: "/orders/{ref}", pass: body}
    result: {type: {type: object, fields: {ref: string, order: shop.Order}}}
    verify:
      action: shop.get_order
      with: {ref: "${{ inputs.ref }}"}
      missing: not_done
      found: result.note == inputs.note
      result: "{'ref': inputs.ref, 'order': found}"
  drop_order:
    title: Drop an order
    effect: delete
    idempotent: false
    inputs: {ref: {type: string, required: true}}
    request: {method: DELETE, path: "/orders/{ref}"}
    result: any
    verify: {action: shop.get_order, with: {ref: "${{ inputs.ref }}"}, missing: done, found: "false"}
  list_orders:
    title: List Orders
    inputs: {ref: string, limit: integer}
    request: {method: GET, path: /orders, pass: query}
    result: {type: list of shop.Order, from: orders}
  get_order:
    title: Get Order
    inputs: {ref: {type: string, required: true}}
    request: {method: GET, path: "/orders/{ref}"}
    result: shop.Order
`

// verifyAt looks in a shop that answers with h.
func verifyAt(t *testing.T, h http.HandlerFunc, id string, inputs map[string]any) Verification {
	t.Helper()
	k := newKit(t, h)
	catalogue, ds := Load(Builtin(), files("shop/integration.yaml", shop, "shop/orders.yaml", orders), "actions")
	if len(ds) > 0 {
		t.Fatal(list(ds))
	}
	a, _ := catalogue.Action(id)
	v := k.Verify(t.Context(), Call{Action: a, Inputs: inputs, Organisation: orgs.Organisation{ID: "o", Name: "Acme"},
		Instance:        &orgs.Instance{ID: "i", Integration: "shop", Name: "Shop", Config: k.config},
		InstanceSecrets: func() (map[string]string, error) { return k.secrets, nil },
		OpenSecret:      func(s expr.Secret) (string, error) { return "clear-" + s.Name, nil }})
	text, err := json.Marshal([]any{v.Result, v.Err, v.Requests})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), theKey) || strings.Contains(string(text), "clear-") {
		t.Errorf("leaks a secret: %s", text)
	}
	return v
}

// What a look finds decides; what it does not tell leaves the write unknown.
func TestVerdicts(t *testing.T) {
	const j = "application/json"
	one := map[string]any{"ref": "A-1"}
	order := func(refs ...string) string {
		rows := make([]string, len(refs))
		for i, ref := range refs {
			rows[i] = fmt.Sprintf(`{"id":%d,"ref":%q,"note":"none"}`, i+1, ref)
		}
		return `{"orders":[` + strings.Join(rows, ",") + `]}`
	}
	for _, c := range []struct {
		name, action string
		inputs       map[string]any
		answer       http.HandlerFunc
		verdict      Verdict
		words        string // of why nobody can tell; or of the result
	}{
		{"found", "order", one, answer(200, j, order("A-1")), Done, `"id":1`},
		{"found among others", "order", one, answer(200, j, order("B-1", "A-1")), Done, `"id":2`},
		{"not found", "order", one, answer(200, j, order()), NotDone, ""},
		{"only others", "order", one, answer(200, j, order("B-1", "C-1")), NotDone, ""},
		{"found twice", "order", one, answer(200, j, order("A-1", "A-1")), Unsure, "2 things fit"},
		{"the list may be cut off", "order", one, answer(200, j, order("B-1", "C-1", "A-1")), Unsure, "does not tell"},
		{"the look-up is refused", "order", one, answer(403, j, `{}`), Unsure, "does not allow"},
		{"nobody answers", "order", one, hijack(""), Unsure, "without an answer"},
		{"not what is expected", "order", one, answer(200, "text/html", "<html>"), Unsure, "web page"},
		{"not found, and that tells nothing", "order", one, answer(404, j, `{}`), Unsure, "does not know"},
		{"nothing to look for", "order", map[string]any{"note": "x"}, answer(200, j, order("A-1")), Unsure, "no way to look"},
		{"wrong inputs", "order", map[string]any{"ref": 5}, answer(200, j, order("A-1")), Unsure, "ref"},
		{"a secret to look for", "order", map[string]any{"ref": expr.Secret{Organisation: "o", Name: "ref"}}, answer(200, j, order("clear-ref")), Done, `"ref":"********"`},
		{"a key that is missing", "put_order", one, answer(404, j, `{}`), NotDone, ""},
		{"a key that is there", "put_order", one, answer(200, j, `{"id":7,"ref":"A-1","note":"none"}`), Done, `"order":{"id":7`},
		{"a key with something else", "put_order", one, answer(200, j, `{"id":7,"ref":"A-1","note":"other"}`), NotDone, ""},
		{"gone", "drop_order", one, answer(404, j, `{}`), Done, "null"},
		{"still there", "drop_order", one, answer(200, j, `{"id":7}`), NotDone, ""},
		{"perhaps gone", "drop_order", one, answer(500, j, `{}`), Unsure, "failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := verifyAt(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet {
					t.Errorf("a look sends %s", r.Method)
				}
				c.answer(w, r)
			}, "shop."+c.action, c.inputs)
			if v.Verdict != c.verdict || (v.Err != nil) != (c.verdict == Unsure) {
				t.Fatalf("%s: %v", v.Verdict, v.Err)
			}
			text, _ := json.Marshal(v.Result)
			if v.Err != nil {
				text = []byte(v.Err.Message)
				if v.Err.Code != fault.UnknownOutcome || v.Err.Hint == "" {
					t.Errorf("%+v", v.Err)
				}
			}
			if c.words != "" && !strings.Contains(string(text), c.words) {
				t.Errorf("gives %s", text)
			}
			if looked := c.name != "nothing to look for" && c.name != "wrong inputs"; looked != (len(v.Requests) == 1) {
				t.Errorf("%d requests", len(v.Requests))
			}
		})
	}
}

// What a server did that failed in the middle is looked for where that is possible.
func TestAServerErrorIsLookedInto(t *testing.T) {
	catalogue, _ := Load(Builtin(), files("shop/integration.yaml", shop, "shop/orders.yaml", orders), "actions")
	for ref, unknown := range map[string]bool{"A-1": true, "": false} {
		k := newKit(t, answer(500, "application/json", `{}`))
		k.catalogue = catalogue
		out := k.run(t.Context(), t, "shop.order", map[string]any{"ref": ref})
		if out.Err == nil || out.Err.Code != fault.ServerError || out.Unknown != unknown || out.Err.Passing != unknown {
			t.Errorf("ref %q: unknown %v, %+v", ref, out.Unknown, out.Err)
		}
	}
}

func TestVerifies(t *testing.T) {
	catalogue, _ := Load(Builtin(), files("shop/integration.yaml", shop, "shop/orders.yaml", orders), "actions")
	for _, c := range []struct {
		action string
		with   map[string]any
		want   bool
		after  time.Duration
	}{
		{"shop.order", map[string]any{"ref": "A"}, true, 30 * time.Second},
		{"shop.order", map[string]any{"ref": ""}, false, 30 * time.Second},
		{"shop.order", nil, false, 30 * time.Second},
		{"shop.put_order", nil, true, 10 * time.Second},
		{"shop.get_order", map[string]any{"ref": "A"}, false, 0},
		{"core.http_request", map[string]any{"method": "POST"}, false, 0},
	} {
		a, _ := catalogue.Action(c.action)
		if got := a.Verifies(c.with); got != c.want || a.VerifyAfter != c.after {
			t.Errorf("%s %v: %v after %s", c.action, c.with, got, a.VerifyAfter)
		}
	}
}

// A wrong `verify` is told with its place, whatever file what it names stands in, and takes its file away.
func TestVerifyMistakes(t *testing.T) {
	for _, c := range []struct{ name, verify, code, words string }{
		{"unknown key", "{action: acme.list_things, foud: result}", "unknown-key", `did you mean "found"?`},
		{"unknown key of read", "{action: acme.list_things, found: result, read: {action: acme.get_thing, wiht: {}}}", "unknown-key", `"with"`},
		{"nothing to find", "{action: acme.list_things}", "missing-key", "found"},
		{"nobody to ask", "{found: 'true'}", "missing-key", "action"},
		{"unknown action", "{action: acme.list_thing, found: result}", "unknown-action", "acme.list_things"},
		{"an action that writes", "{action: acme.bad, found: 'true'}", "not-a-read", "must be a read"},
		{"an action of another integration", "{action: halo.list_agents, found: result}", "not-a-read", "integration acme"},
		{"unknown input of it", "{action: acme.list_things, with: {nmae: x}, found: result}", "unknown-input", `did you mean "name"?`},
		{"wrong input of it", "{action: acme.list_things, with: {name: 5}, found: result}", "wrong-input", "name"},
		{"missing input of it", "{action: acme.get_thing, found: 'true'}", "wrong-input", "id is missing"},
		{"unknown input of ours", `{action: acme.list_things, with: {name: "${{ inputs.nmae }}"}, found: result}`, "", "nmae"},
		{"when that is no condition", "{when: inputs.name, action: acme.list_things, found: result}", "wrong-type", "true or false"},
		{"when that sees the result", "{when: size(result) == 0, action: acme.list_things, found: result}", "", "result"},
		{"unsure that is no condition", "{action: acme.list_things, unsure: size(result), found: result}", "wrong-type", "true or false"},
		{"found that is text", "{action: acme.list_things, found: \"'yes'\"}", "wrong-type", "true or false, or a list"},
		{"found with an unknown field", "{action: acme.get_thing, with: {id: 1}, found: result.nmae == 'x'}", "", "nmae"},
		{"what is found is not the result", "{action: acme.list_names, found: result}", "wrong-type", "acme.Thing"},
		{"nor what is read", "{action: acme.list_things, found: result, read: {action: acme.list_names}}", "wrong-type", "acme.Thing"},
		{"nor the expression", "{action: acme.list_things, found: result, result: found.name}", "wrong-type", "acme.Thing"},
		{"unknown word", "{action: acme.get_thing, with: {id: 1}, missing: don, found: 'true'}", "unknown-word", `did you mean "done"?`},
		{"no length of time", "{after: soon, action: acme.list_things, found: result}", "bad-duration", "10s"},
		{"too long", "{after: 1h, action: acme.list_things, found: result}", "bad-duration", "15m"},
		{"not a map", "yes", "", "verify"},
	} {
		t.Run(c.name, func(t *testing.T) {
			catalogue, ds := Load(Builtin(), files("acme/integration.yaml", acme, "acme/a.yaml", `
actions:
  good: {title: Good, request: {method: GET, path: /}}
  bad:
    title: Bad
    effect: write
    inputs: {name: string}
    request: {method: POST, path: /things, pass: body}
    result: acme.Thing
    verify: `+c.verify+"\n", "acme/z.yaml", `
actions:
  list_things: {title: List, inputs: {name: string}, request: {method: GET, path: /things, pass: query}, result: list of acme.Thing}
  list_names: {title: Names, request: {method: GET, path: /names}, result: list of string}
  get_thing: {title: Get, inputs: {id: {type: integer, required: true}}, request: {method: GET, path: "/things/{id}"}, result: acme.Thing}
`), "actions")
			text := list(ds)
			if !ds.HasErrors() || !strings.Contains(text, "actions/acme/a.yaml:") || !strings.Contains(text, "["+c.code) || !strings.Contains(text, c.words) && !strings.Contains(hints(ds), c.words) {
				t.Errorf("not reported as %s %q:\n%s%s", c.code, c.words, text, hints(ds))
			}
			if _, ok := catalogue.Action("acme.good"); ok {
				t.Error("a file with a mistake is half loaded")
			}
			if _, ok := catalogue.Action("acme.list_things"); !ok {
				t.Error("another file is gone")
			}
		})
	}
	_, ds := Load(Builtin(), files("acme/integration.yaml", acme, "acme/a.yaml", things+"    verify: {action: acme.list_things, found: result}\n"), "actions")
	if !strings.Contains(list(ds), "[not-a-write]") {
		t.Errorf("a read that verifies: %s", list(ds))
	}
}

func hints(ds source.Diagnostics) string {
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(d.Hint + "\n")
	}
	return b.String()
}
