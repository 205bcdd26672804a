package inside_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/engine/inside"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
)

const secretive = `
inputs: {url: {type: string, required: true}, key: {type: string, default: plain-words}}
tasks:
  get:
    action: core.http_request
    with: {method: GET, url: "${{ inputs.url }}", headers: {Authorization: "Bearer ${{ org.vars.api_key }}"}}
    redact: [result.body.token, result.body.pin]
    next:
      - when: succeeded
        publish:
          pin: ${{ result.body.pin + 1 }}
          name: ${{ result.body.name }}
          copy: ${{ ctx.pin }}
          all: ${{ result }}
        do: use
  use:
    action: core.set
    with:
      values:
        token: ${{ tasks.get.result.body.token }}
        carried: ${{ ctx.copy }}
        list: ["${{ ctx.pin }}", "${{ ctx.name }}"]
        name: ${{ ctx.name }}
        told: the key is ${{ inputs.key }}
        note: ${{ inputs.url }}
    redact: [with.values.note]
`

// TestNothingSecretIsTold: neither secrets nor what is redacted, nor what expressions made of it, in anything that tells
// of a run; and all the rest is.
func TestNothingSecretIsTold(t *testing.T) {
	h := open(t, map[string]string{"secretive": secretive})
	ctx := context.Background()
	faulttest.Must(t, h.orgs.SetVariable(ctx, h.org.ID, orgs.Variable{Name: "api_key", Type: orgs.TypeSecret, Value: "s3cret-of-acme"}))
	url := flaky(t, 0)
	run := h.run("secretive", map[string]any{"url": url, "key": "s3cret-of-acme"}) // somebody typed it in
	if run.Status != flow.Succeeded {
		t.Fatal(run.Error)
	}
	get, err := h.reader.Inputs(ctx, run, "get", 1, flow.NoItem)
	faulttest.Must(t, err)
	use, err := h.reader.Inputs(ctx, run, "use", 1, flow.NoItem)
	faulttest.Must(t, err)
	seen, err := h.reader.Seen(ctx, run, 1)
	faulttest.Must(t, err)
	end, err := h.reader.SeenAtEnd(ctx, run)
	faulttest.Must(t, err)
	told := h.timeline(run, inside.Page{})
	all, err := json.Marshal([]any{get, use, seen, end, told})
	faulttest.Must(t, err)
	for _, secret := range []string{"s3cret", "hunter2", `"pin":7`, `"pin":8`, ":8", "[8"} {
		if strings.Contains(string(all), secret) {
			t.Errorf("%s is told: %s", secret, all)
		}
	}
	const hid = "********"
	if diff := cmp.Diff(map[string]any{"method": "GET", "url": url, "headers": map[string]any{"Authorization": "Bearer " + hid}}, get.Inputs); diff != "" {
		t.Error(diff)
	}
	want := map[string]any{"values": map[string]any{"token": hid, "carried": hid, "list": []any{hid, "Ada"}, "name": "Ada", "told": "the key is " + hid, "note": hid}}
	if diff := cmp.Diff(want, use.Inputs); diff != "" || use.Attempt != 1 {
		t.Error(diff)
	}
	values := map[string]any{"pin": hid, "name": "Ada", "copy": hid, "all": hid}
	for _, of := range []map[string]any{seen, end, told.Published[0].Values} {
		if diff := cmp.Diff(values, of); diff != "" {
			t.Error(diff)
		}
	}
}

// TestInputs: of which execution and item they are, and why there are none.
func TestInputs(t *testing.T) {
	h := open(t, map[string]string{"w": `
vars: {none: []}
tasks:
  each:
    for_each: {items: "${{ ['a', 'b'] }}", as: letter}
    action: core.set
    with: {values: {letter: "${{ letter }}", at: "${{ index }}"}}
    next: wrong
  wrong:
    action: core.set
    with: {values: {first: "${{ vars.none[0] }}"}}
`})
	ctx := context.Background()
	run := h.run("w", nil)
	given, err := h.reader.Inputs(ctx, run, "each", 1, 1)
	faulttest.Must(t, err)
	if diff := cmp.Diff(map[string]any{"values": map[string]any{"letter": "b", "at": int64(1)}}, given.Inputs); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct {
		task           string
		instance, item int
		want           string
	}{
		{"each", 1, flow.NoItem, "has 2 items"}, {"each", 1, 2, "has 2 items"}, {"each", 2, 0, "no execution 2"}, {"wrong", 1, 0, "has no items"},
		{"wrong", 1, flow.NoItem, "was not attempted"}, {"other", 1, flow.NoItem, "no execution 1"},
	} {
		_, err := h.reader.Inputs(ctx, run, c.task, c.instance, c.item)
		faulttest.Want(t, err, fault.Missing, c.want)
	}
	_, err = h.reader.Seen(ctx, run, 9)
	faulttest.Want(t, err, fault.Missing, "no execution 9")
	h.library.gone = true
	_, err = h.reader.Inputs(ctx, run, "each", 1, 1)
	faulttest.Want(t, err, fault.NotChecked, "does not check any more")
}
