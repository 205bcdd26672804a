package triggers_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/store"
	"gantry/triggers"
)

// address is what a type of triggers adds to what is shown.
type address struct{}

func (address) Of(_ context.Context, k triggers.Key, orgID string) (map[string]any, error) {
	if orgID == "" {
		return map[string]any{"methods": "POST"}, nil
	}
	return map[string]any{"address": k.Trigger + "/" + orgID}, nil
}

func TestListAndShow(t *testing.T) {
	b := setup(t, map[string]string{"w": hook(`, when: "body.kind == 'new'"`)})
	b.Describe(address{}, "webhook")
	b.decide(b.event(map[string]any{"kind": "new"}))
	broken := b.event("text")
	broken.OrganisationID = b.contoso.ID
	b.decide(broken)
	filtered := b.event(map[string]any{"kind": "old"})
	b.decide(filtered)
	faulttest.Must(t, b.Disable(ctx, triggers.Switching{Key: hookKey, Organisations: []string{b.contoso.ID}, By: "ana"}))

	list, err := b.List(ctx, triggers.ListFilter{})
	faulttest.Must(t, err)
	if len(list) != 1 {
		t.Fatalf("listed are %+v", list)
	}
	l := list[0]
	if l.Key != hookKey || l.Type != "webhook" || l.File != "w.yaml" || l.Line != 4 || !l.Enabled || l.Organisations != 1 || l.When != "body.kind == 'new'" || !l.RunFor.AllManaged || l.Detail["methods"] != "POST" {
		t.Errorf("listed is %+v", l)
	}
	if l.Last == nil || l.Last.Status != triggers.Filtered || l.Last.Organisation != "northwind-dental" || l.Failed == nil || l.Failed.Error.Code != fault.Expression || l.Failed.Organisation != "contoso" {
		t.Errorf("last %+v, failed %+v", l.Last, l.Failed)
	}

	northwind := func(orgID string) bool { return orgID == b.northwind.ID }
	contoso := func(orgID string) bool { return orgID == b.contoso.ID }
	list, err = b.List(ctx, triggers.ListFilter{Workflow: "w", Type: "webhook", Reach: contoso})
	faulttest.Must(t, err)
	if l = list[0]; l.Enabled || l.Organisations != 0 || l.Last == nil || l.Last.Organisation != "contoso" {
		t.Errorf("within reach of Contoso it is %+v", l)
	}
	shown, err := b.Show(ctx, hookKey, nil)
	faulttest.Must(t, err)
	if len(shown.Covers) != 2 || len(shown.Switches) != 1 || shown.Switches[0].By != "ana" {
		t.Fatalf("shown is %+v", shown)
	}
	c := shown.Covers[0]
	if c.Slug != "contoso" || c.Enabled || !strings.Contains(c.Why, "by ana") || c.Last.Status != triggers.Failed || c.Detail["address"] != "hook/"+b.contoso.ID {
		t.Errorf("Contoso is shown as %+v", c)
	}
	shown, err = b.Show(ctx, hookKey, northwind)
	faulttest.Must(t, err)
	if len(shown.Covers) != 1 || len(shown.Switches) != 0 || shown.Covers[0].Slug != "northwind-dental" || shown.Failed != nil {
		t.Errorf("within reach of Northwind it is %+v", shown)
	}
}

// TestListTellsWhatIsWaitedFor: of completions and polls, which are of no use without it.
func TestListTellsWhatIsWaitedFor(t *testing.T) {
	b := setup(t, map[string]string{"w": worker, "l": listening("statuses: [failed, timed_out], run_for: {this: true}, " + passes),
		"declared": polled("poll: halo.new_ticket"), "named": polled("action: halo.list_agents, every: 1m")})
	list, err := b.List(ctx, triggers.ListFilter{})
	faulttest.Must(t, err)
	got := map[string]map[string]any{}
	for _, l := range list {
		got[l.Workflow] = l.Detail
	}
	want := map[string]map[string]any{
		"l":        {"workflow": "w", "statuses": []any{"failed", "timed_out"}},
		"declared": {"poll": "halo.new_ticket"},
		"named":    {"action": "halo.list_agents"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func polled(what string) string {
	return "triggers: [{name: new, type: poll, " + what + ", integrations: {halo: {use: default}}}]\ntasks: {a: {action: core.noop}}\n"
}

func TestEvents(t *testing.T) {
	b := setup(t, map[string]string{"w": hook(`, when: "body == 1"`)})
	var ids []string
	for n := range 5 {
		e := b.event(int64(n % 2))
		if n == 4 {
			e.OrganisationID = b.contoso.ID
		}
		id := b.accept(e)
		b.decided(id)
		ids = append(ids, id)
	}
	cases := map[string]struct {
		filter triggers.EventFilter
		want   []int
	}{
		"all":                  {want: []int{4, 3, 2, 1, 0}},
		"a page":               {filter: triggers.EventFilter{Limit: 2}, want: []int{4, 3}},
		"the next page":        {filter: triggers.EventFilter{Limit: 2, Before: ids[3]}, want: []int{2, 1}},
		"of an organisation":   {filter: triggers.EventFilter{Organisation: b.contoso.ID}, want: []int{4}},
		"of a trigger":         {filter: triggers.EventFilter{Workflow: "w", Trigger: "hook"}, want: []int{4, 3, 2, 1, 0}},
		"of another trigger":   {filter: triggers.EventFilter{Workflow: "w", Trigger: "none"}},
		"started":              {filter: triggers.EventFilter{Statuses: []triggers.Status{triggers.Started}}, want: []int{3, 1}},
		"within reach":         {filter: triggers.EventFilter{Reach: func(id string) bool { return id == b.northwind.ID }, Limit: 2}, want: []int{3, 2}},
		"several together":     {filter: triggers.EventFilter{Statuses: []triggers.Status{triggers.Started, triggers.Filtered}, Organisation: b.northwind.ID}, want: []int{3, 2, 1, 0}},
		"nothing within reach": {filter: triggers.EventFilter{Reach: func(string) bool { return false }, Limit: 1}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			events, err := b.Events(ctx, c.filter)
			faulttest.Must(t, err)
			var got []int
			for _, e := range events {
				for n, id := range ids {
					if id == e.ID {
						got = append(got, n)
					}
				}
			}
			if len(events) != len(c.want) || !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	one, err := b.Event(ctx, ids[0])
	faulttest.Must(t, err)
	if one.Organisation != "northwind-dental" || one.Status != triggers.Filtered || one.Saw[0] != (triggers.Seen{Path: "body", Value: "0"}) || one.Data["method"] != "POST" || one.DecidedAt == nil {
		t.Errorf("the event is %+v", one)
	}
}

// TestADamagedEvent: it is shown as damaged, and hides no others.
func TestADamagedEvent(t *testing.T) {
	b := setup(t, map[string]string{"w": hook("")})
	damaged, whole := b.accept(b.event(1)), b.accept(b.event(2))
	b.decided(damaged)
	b.decided(whole)
	faulttest.Must(t, b.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("UPDATE trigger_events SET data = '{' WHERE id = ?", damaged)
		if err == nil {
			_, err = tx.Exec("UPDATE trigger_events SET error = '{' WHERE id = ?", whole)
		}
		return err
	}))
	events, err := b.Events(ctx, triggers.EventFilter{})
	faulttest.Must(t, err)
	if len(events) != 2 || events[0].ID != whole || events[1].ID != damaged || events[1].Error == nil || events[1].Data != nil {
		t.Errorf("%+v", events)
	}
}
