package actions

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"gantry/fault"
)

// An entry of spread neither replaces what the action says itself nor an input that was given: which of the two the
// author meant nobody knows, and an id among them would change another thing.
func TestSpreadReplacesNothing(t *testing.T) {
	sent := ""
	k := newKit(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = r.URL.RawQuery + string(body)
	})
	for _, c := range []struct {
		id     string
		more   map[string]any
		with   map[string]any
		refuse string // what must stand in the fault; empty: it is sent
	}{
		{"shop.sent", map[string]any{"colour": "red"}, nil, ""},
		{"shop.sent", map[string]any{"none": 1}, nil, ""}, // the action leaves it null
		{"shop.sent", map[string]any{"name": "x"}, nil, ""},
		{"shop.sent", map[string]any{"kind": "other"}, nil, "kind"},
		{"shop.sent", map[string]any{"KIND": "other"}, nil, "KIND"},
		{"shop.sent", map[string]any{"size": 4}, nil, "size"}, // it has a default
		{"shop.sent", map[string]any{"name": "x"}, map[string]any{"name": "y"}, "name"},
		{"shop.pages", map[string]any{"colour": "red"}, nil, ""},
		{"shop.pages", map[string]any{"page": 3}, nil, "page"},
		{"shop.pages", map[string]any{"Size": 3}, nil, "Size"},
		{"shop.pages", map[string]any{"all": 1}, nil, "all"},
		{"shop.pages", map[string]any{"q": "x"}, map[string]any{"q": "y"}, "q"},
	} {
		inputs := map[string]any{"more": c.more}
		if c.id == "shop.sent" {
			inputs["id"] = int64(7)
		}
		for name, v := range c.with {
			inputs[name] = v
		}
		sent = ""
		out := k.run(t.Context(), t, c.id, inputs)
		refused := out.Err != nil && out.Err.Code == fault.InvalidInput
		if refused != (c.refuse != "") || refused && (sent != "" || !strings.Contains(out.Err.Message, "set "+c.refuse+",")) {
			t.Errorf("%s %v: %v, sent %q", c.id, inputs, out.Err, sent)
		}
	}
}

// A filter by a list without entries must not become no filter at all.
func TestEmptyListIsNoFilter(t *testing.T) {
	asked := ""
	k := newKit(t, func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.RawQuery
		_, _ = io.WriteString(w, `{"items":[]}`)
	})
	for _, list := range []any{[]any{}, []any{nil}} {
		out := k.run(t.Context(), t, "shop.pages", map[string]any{"kinds": list})
		if out.Err == nil || out.Err.Code != fault.InvalidInput || !strings.Contains(out.Err.Message, "kinds") || asked != "" {
			t.Errorf("%v: %v, asked %q", list, out.Err, asked)
		}
	}
	out := k.run(t.Context(), t, "shop.pages", map[string]any{"kinds": []any{int64(0), int64(2)}, "q": "", "yes": false})
	if out.Err != nil || !strings.Contains(asked, "kinds=0%2C2") || !strings.Contains(asked, "q=&") || !strings.Contains(asked, "yes=false") {
		t.Errorf("%v, asked %q", out.Err, asked)
	}
}
