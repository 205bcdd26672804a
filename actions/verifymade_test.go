package actions

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gantry/orgs"
)

const datedOrders = `
types:
  Order: {type: object, open: true, fields: {id: integer, ref: string or null, made: string or null}}
actions:
  order:
    title: Order
    effect: write
    inputs: {ref: string}
    request: {method: POST, path: /orders, pass: body}
    result: shop.Order
    verify:
      action: shop.list_orders
      found: result.filter(o, o.ref == inputs.ref)
      made: found.?made.orValue(null)
  list_orders:
    title: List Orders
    request: {method: GET, path: /orders}
    result: {type: list of shop.Order, from: orders}
`

// What was there before the attempt is not its work, whatever key it has.
func TestWhatIsOlderThanTheAttemptIsNotItsWork(t *testing.T) {
	began := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		made    string
		began   time.Time
		verdict Verdict
	}{
		{`"2026-05-04T12:00:01Z"`, began, Done},
		{`"2026-05-04T12:00:01.1234567"`, began, Done},
		{`"2026-05-04T14:00:00+02:00"`, began, Done},
		{`"2026-05-04T11:58:30Z"`, began, Done}, // the clocks may be apart
		{`"2026-05-04T11:57:59Z"`, began, Unsure},
		{`"2026-05-04 11:00:00"`, began, Unsure},
		{`"2026-05-04T13:30:00+02:00"`, began, Unsure},
		{`"2020-01-01T00:00:00Z"`, time.Time{}, Done}, // nobody knows when it began
		{`"1899-12-30T00:00:00"`, began, Done},        // how some write that they do not know
		{`"yesterday"`, began, Done},
		{`""`, began, Done},
		{`null`, began, Done},
	} {
		k := newKit(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(w, `{"orders":[{"id":1,"ref":"A-1","made":%s}]}`, c.made)
		})
		catalogue, ds := Load(Builtin(), files("shop/integration.yaml", shop, "shop/orders.yaml", datedOrders), "actions")
		if len(ds) > 0 {
			t.Fatal(list(ds))
		}
		a, _ := catalogue.Action("shop.order")
		v := k.Verify(t.Context(), Call{Action: a, Inputs: map[string]any{"ref": "A-1"}, Organisation: orgs.Organisation{ID: "o", Name: "Acme"}, Began: c.began,
			Instance:        &orgs.Instance{ID: "i", Integration: "shop", Name: "Shop", Config: k.config},
			InstanceSecrets: func() (map[string]string, error) { return k.secrets, nil }})
		if v.Verdict != c.verdict || v.Verdict == Unsure && !strings.Contains(v.Err.Message, "before this was sent") {
			t.Errorf("made %s: %s, want %s: %v", c.made, v.Verdict, c.verdict, v.Err)
		}
	}
}

// made gives a time as text.
func TestMadeIsChecked(t *testing.T) {
	text := strings.Replace(datedOrders, "found.?made.orValue(null)", "found.id", 1)
	if _, ds := Load(Builtin(), files("shop/integration.yaml", shop, "shop/orders.yaml", text), "actions"); !strings.Contains(list(ds), "made must be a time as text") {
		t.Error(list(ds))
	}
}
