package history

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gantry/actions"
	"gantry/engine/flow"
	"gantry/fault/faulttest"
)

// TestWaitsOfOneRun are found by its task and item, without looking through those of others.
func TestWaitsOfOneRun(t *testing.T) {
	h, _ := open(t)
	for n := range 3 {
		h.mustAppend(t, begun(n, "w", "a", flow.Waiting))
		var c WaitChanges
		for item := range 20 {
			c.Opened = append(c.Opened, Wait{Unit: flow.Unit{Exec: 1, Item: item}, Task: "ask", Kind: actions.ForAnswer, OrganisationID: "a", Since: morning.Add(time.Duration(item))})
		}
		c.Opened = append(c.Opened, Wait{Unit: flow.Unit{Exec: 2, Item: flow.NoItem}, Task: "other", Kind: actions.ForAnswer, OrganisationID: "a", Since: morning})
		also, done, err := h.KeepWaits(id(n), c)
		faulttest.Must(t, err)
		faulttest.Must(t, h.db.Write(t.Context(), also))
		done()
	}
	seven, none, far := 7, flow.NoItem, 1<<40
	for _, c := range []struct {
		filter WaitFilter
		want   int
	}{
		{WaitFilter{Run: id(1), Limit: 100}, 21}, {WaitFilter{Run: id(1), Task: "ask", Item: &seven}, 1}, {WaitFilter{Run: id(1), Task: "ask", Item: &none}, 0},
		{WaitFilter{Run: id(1), Task: "other", Item: &none}, 1}, {WaitFilter{Run: id(1), Task: "ask", Item: &far}, 0}, {WaitFilter{Task: "other"}, 3},
	} {
		waits, err := h.Waits(t.Context(), c.filter)
		if err != nil || len(waits) != c.want {
			t.Errorf("%+v: %d, want %d %v", c.filter, len(waits), c.want, err)
		}
	}
	var plan []struct {
		ID, Parent, Notused int
		Detail              string
	}
	query, args := waitsQuery(WaitFilter{Kind: actions.ForAnswer, Run: id(1), Task: "ask", Item: &seven, Limit: 1})
	faulttest.Must(t, h.db.Read().Select(&plan, "EXPLAIN QUERY PLAN "+query, args...))
	if text := fmt.Sprint(plan); !strings.Contains(text, "SEARCH w USING PRIMARY KEY (run=?") {
		t.Error(text)
	}
}

// TestAKeyOfLinksThatIsNotKept is not given: links made from it would lead nowhere after the end of the process.
func TestAKeyOfLinksThatIsNotKept(t *testing.T) {
	h, _ := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	key, err := h.WaitKey(ctx, func() ([]byte, error) { cancel(); return []byte("first"), nil })
	if !errors.Is(err, context.Canceled) || key != nil {
		t.Errorf("%q %v", key, err)
	}
	for _, want := range []string{"second", "second"} {
		key, err := h.WaitKey(t.Context(), func() ([]byte, error) { return []byte("second"), nil })
		if err != nil || string(key) != want {
			t.Errorf("%q %v", key, err)
		}
	}
}
