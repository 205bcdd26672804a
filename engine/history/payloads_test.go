package history

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/store"
)

// large is a value of about so many bytes.
func large(bytes int) map[string]any {
	return map[string]any{"rows": strings.Repeat("ä row ", bytes/7), "secret": map[string]any{"of": strings.Repeat("hush ", 10)}}
}

// withLarge is a run with a small and a large result, the latter with redacted values, large inputs and large outputs, and a
// for_each of which one item's result is large.
func withLarge(n int) Entry {
	e := begun(n, "w", "a", flow.Succeeded)
	e.New.Inputs = large(20_000)
	e.State.Outputs = large(300_000)
	at := morning
	ends := func(exec, item int, result any) {
		e.Events = append(e.Events, flow.AttemptEnded{At: at, Unit: flow.Unit{Exec: exec, Item: item}, Outcome: flow.Outcome{Result: result}})
	}
	ends(0, flow.NoItem, map[string]any{"ok": true})
	ends(1, flow.NoItem, large(1_000_000))
	ends(2, 0, "small")
	ends(2, 1, large(400_000))
	for exec, name := range []string{"small", "large", "each"} {
		items := -1
		if name == "each" {
			items = 2
		}
		e.Tasks = append(e.Tasks, Task{Exec: exec, Name: name, Instance: 1, Status: flow.Succeeded, items: items, StartedAt: &at, FinishedAt: &at})
	}
	e.Redact = func(exec int) []string {
		if exec == 0 {
			return nil
		}
		return []string{"result.secret"}
	}
	return e
}

func hidden(v map[string]any) map[string]any {
	return map[string]any{"rows": v["rows"], "secret": masked}
}

// TestLargeValues: what is large is kept out of the rows, compressed, and comes back whole: opened for the state machine, masked
// for people, and left out with its size where that is asked for.
func TestLargeValues(t *testing.T) {
	h, _ := open(t)
	h.mustAppend(t, withLarge(1))
	var rows, payloads, packed int
	for query, into := range map[string]*int{
		"SELECT max(length(data)) FROM events": &rows, "SELECT count(*) FROM payloads": &payloads, "SELECT max(length(data)) FROM payloads": &packed,
	} {
		faulttest.Must(t, h.db.Read().Get(into, query))
	}
	if rows > mostOfSkeleton || payloads != 4 || packed > 100_000 {
		t.Errorf("rows of %d bytes, %d payloads, the largest of %d bytes", rows, payloads, packed)
	}
	log, err := h.Load(t.Context(), id(1))
	faulttest.Must(t, err)
	if diff := cmp.Diff(large(1_000_000), log.Events[2].(flow.AttemptEnded).Outcome.Result); diff != "" {
		t.Errorf("the state machine reads otherwise: %.200s", diff)
	}
	d, err := h.Show(t.Context(), id(1))
	faulttest.Must(t, err)
	each := d.Tasks[2].Result.([]any)
	for what, pair := range map[string][2]any{
		"inputs": {large(20_000), d.Inputs}, "outputs": {large(300_000), d.Outputs}, "a small result": {map[string]any{"ok": true}, d.Tasks[0].Result},
		"a large one": {hidden(large(1_000_000)), d.Tasks[1].Result}, "an item's": {hidden(large(400_000)), each[1].(map[string]any)["result"]},
	} {
		if diff := cmp.Diff(pair[0], pair[1]); diff != "" {
			t.Errorf("%s: %.200s", what, diff)
		}
	}
	d, err = h.ShowUpTo(t.Context(), id(1), 64<<10)
	faulttest.Must(t, err)
	item := d.Tasks[2].Result.([]any)[1].(map[string]any)
	if d.Tasks[1].Result != nil || d.Tasks[1].Left < 1_000_000 || d.Tasks[0].Result == nil || item["result"] != nil || item["result_bytes"].(int64) < 400_000 || item["status"] != "succeeded" {
		t.Errorf("%d left out; %.200v", d.Tasks[1].Left, item)
	}
	if runs, err := h.Runs(t.Context(), Filter{}); err != nil || len(runs) != 1 {
		t.Errorf("%v %v", runs, err)
	}
}

func TestOneResult(t *testing.T) {
	h, _ := open(t)
	h.mustAppend(t, withLarge(1))
	for _, c := range []struct {
		task     string
		instance int
		item     int
		want     any
		code     fault.Code
	}{
		{"small", 1, flow.NoItem, map[string]any{"ok": true}, ""},
		{"large", 1, flow.NoItem, hidden(large(1_000_000)), ""},
		{"each", 1, 0, "small", ""},
		{"each", 1, 1, hidden(large(400_000)), ""},
		{"each", 1, flow.NoItem, nil, fault.Missing},
		{"each", 1, 2, nil, fault.Missing},
		{"large", 2, flow.NoItem, nil, fault.Missing},
		{"large", 1, 0, nil, fault.Missing},
		{"other", 1, flow.NoItem, nil, fault.Missing},
	} {
		got, err := h.ResultOf(t.Context(), id(1), c.task, c.instance, c.item)
		if c.code != "" {
			if err == nil || fault.From(err).Code != c.code {
				t.Errorf("%s %d %d: %v", c.task, c.instance, c.item, err)
			}
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s %d %d: %v %.200s", c.task, c.instance, c.item, err, diff)
		}
	}
}

// TestADamagedPayloadIsTold: not shown as if there had been nothing.
func TestADamagedPayloadIsTold(t *testing.T) {
	for _, damage := range []string{"UPDATE payloads SET data = x'00112233'", "DELETE FROM payloads WHERE part = -1", "DELETE FROM payloads WHERE part > 0"} {
		h, _ := open(t)
		h.mustAppend(t, withLarge(1))
		faulttest.Must(t, h.db.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(damage); return err }))
		if _, err := h.Show(t.Context(), id(1)); err == nil || fault.From(err).Code != fault.Storage || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", damage, err)
		}
	}
}

// TestSearch: runs are found by what people know of them, and nothing private finds one.
func TestSearch(t *testing.T) {
	h, _ := open(t)
	run := func(n int, workflow string, inputs, trigger map[string]any, parent string) {
		e := begun(n, workflow, "a", flow.Succeeded)
		e.New.Inputs, e.New.Parent = inputs, parent
		e.Events = []flow.Event{flow.Started{At: morning, RunID: id(n), Inputs: inputs, Trigger: trigger}}
		h.mustAppend(t, e)
	}
	run(1, "triage/new-ticket", map[string]any{"ticket_id": int64(20417), "client": "Northwind Dental"}, nil, "")
	run(2, "triage/close", map[string]any{"api_key": "hunter2", "text": strings.Repeat("long ", 20)}, map[string]any{"type": "webhook",
		"headers": map[string]any{"x": "headed"}, "query": map[string]any{"q": "asked"}, "body": map[string]any{"object_id": int64(777), "token": "t0ken", "user": "Zoë  O'Neill"}}, "")
	run(3, "other", map[string]any{"client": "northwind dental"}, nil, id(1))
	run(6, "other", map[string]any{"name": "Wayne", "type": "Incident"}, map[string]any{"type": "webhook", "name": "arrivals"}, "")
	run(5, "other", map[string]any{"number": int64(4711), "title": "Ticket 4711"}, nil, "") // a value that is a word of another one
	run(4, "other", map[string]any{"client": "Dental Northwind", "list": []any{"a1", "b2"}}, nil, "")
	for text, want := range map[string][]int{
		"20417": {1}, "northwind dental": {4, 1}, "NORTHWIND": {4, 1}, "dental": {4, 1}, "777": {2}, "zoë": {2}, "O'neill zoë": {2},
		"triage": {2, 1}, "new-ticket": {1}, "b2": {4}, "4711": {5}, "wayne": {6}, "incident": {6}, "arrivals": nil, "hunter2": nil, "t0ken": nil, "headed": nil, "asked": nil, "webhook": nil, "long": nil,
		id(2): {2}, "000000000004": {4}, "nothing": nil, "north": nil, masked: nil,
	} {
		got := numbers(t, h, Filter{Search: text})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	if got := numbers(t, h, Filter{Search: "northwind", Workflow: "other"}); len(got) != 1 || got[0] != 4 {
		t.Errorf("with a filter: %v", got)
	}
	if got := numbers(t, h, Filter{Search: "northwind", Limit: 1, Before: id(4)}); len(got) != 1 || got[0] != 1 {
		t.Errorf("the next page: %v", got)
	}
}
