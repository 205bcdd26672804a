package actions_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"gantry/actions"
	"gantry/expr"
	"gantry/sandbox/halo"
	"gantry/schema"
)

// What Halo sends is of the type that its presets declare, and each preset's condition holds for its own event alone.
func TestWebhookPresetsFitWhatHaloSends(t *testing.T) {
	var bodies []any
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		body, err2 := schema.DecodeBytes(text)
		if err != nil || err2 != nil {
			t.Error(err, err2)
		}
		bodies = append(bodies, body)
	}))
	t.Cleanup(receiver.Close)
	b := setup(t, halo.Options{})
	made := b.list("halo.add_or_update_webhooks", map[string]any{"webhooks": []any{map[string]any{"name": "all", "url": receiver.URL, "payload_type": int64(1)}}})
	id := made[0]["id"]
	for _, event := range []int64{3, 19, 76, 39} {
		b.list("halo.add_or_update_notifications", map[string]any{"notifications": []any{
			map[string]any{"webhook_id": id, "type": int64(-2), "delivery_method": int64(6), "eventno": event, "filter_type": int64(2)}}})
	}
	phrases := []string{"new ticket logged", "ticket updated by user", "ticket status changed", "ticket closed"}
	meant := map[string]string{"new ticket logged": "halo.new_ticket", "ticket updated by user": "halo.ticket_updated", "ticket status changed": "halo.ticket_status_changed"}
	for _, phrase := range phrases {
		if n, err := b.halo.Fire(phrase, 2201); err != nil || n != 1 {
			t.Fatal(phrase, n, err)
		}
		if err := b.halo.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(bodies) != len(phrases) {
		t.Fatalf("%d deliveries", len(bodies))
	}
	for i, body := range bodies {
		for _, p := range actions.Builtin().WebhookPresets() {
			if problems := p.Body.Check(body); len(problems) > 0 {
				t.Errorf("%s: %v", phrases[i], problems)
			}
			env := expr.NewEnv(expr.Variable{Name: "body", Type: p.Body})
			when, ds := env.Compile(p.When)
			if when == nil {
				t.Fatal(ds.Err())
			}
			holds, err := when.Bool(expr.Vars{"body": body}, expr.At{})
			if err != nil || holds != (meant[phrases[i]] == p.ID) {
				t.Errorf("%s holds for %q: %v, %v", p.ID, phrases[i], holds, err)
			}
		}
	}
}
