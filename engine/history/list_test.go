package history

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/engine/flow"
	"gantry/store"
)

// kept fills a history: run n was made at minute n, for the organisations a to e in turn.
func kept(t *testing.T, count int) *History {
	t.Helper()
	h, _ := open(t)
	var entries []Entry
	for n := range count {
		e := begun(n, fmt.Sprintf("w%d", n%3), string(rune('a'+n%5)), flow.Succeeded)
		e.New.CreatedAt = morning.Add(time.Duration(n) * time.Minute)
		if n%4 == 0 {
			e.New.TriggerType, e.New.TriggerName = "webhook", fmt.Sprint("hook ", n%8)
		}
		entries = append(entries, e)
	}
	h.mustAppend(t, entries...)
	return h
}

func numbers(t *testing.T, h *History, f Filter) []int {
	t.Helper()
	runs, err := h.Runs(context.Background(), f)
	if err != nil {
		t.Fatal(err)
	}
	var out []int
	for _, r := range runs {
		var n int
		_, _ = fmt.Sscanf(r.ID[24:], "%d", &n)
		out = append(out, n)
	}
	return out
}

func TestListsOfSubtreesTriggersAndTimes(t *testing.T) {
	h := kept(t, 40)
	minute := func(n int) time.Time { return morning.Add(time.Duration(n) * time.Minute) }
	cases := []struct {
		name   string
		filter Filter
		want   []int
	}{
		{"several organisations", Filter{OrganisationIDs: []string{"a", "c"}, Limit: 4}, []int{37, 35, 32, 30}},
		{"their next page", Filter{OrganisationIDs: []string{"a", "c"}, Limit: 4, Before: id(30)}, []int{27, 25, 22, 20}},
		{"none of them", Filter{OrganisationIDs: []string{}}, nil},
		{"one of several", Filter{OrganisationID: "a", OrganisationIDs: []string{"a", "c"}, Limit: 2}, []int{35, 30}},
		{"one that is not among them", Filter{OrganisationID: "b", OrganisationIDs: []string{"a", "c"}}, nil},
		{"with another condition", Filter{OrganisationIDs: []string{"a", "b"}, Workflow: "w0", Limit: 3}, []int{36, 30, 21}},
		{"by the trigger's type", Filter{TriggerType: "webhook", Limit: 3}, []int{36, 32, 28}},
		{"by the trigger's name", Filter{TriggerType: "webhook", TriggerName: "hook 0", Limit: 3}, []int{32, 24, 16}},
		{"from a time", Filter{Since: minute(37)}, []int{39, 38, 37}},
		{"until a time", Filter{Until: minute(37), Limit: 2}, []int{36, 35}},
		{"the next page of a time", Filter{Since: minute(33), Until: minute(37), Before: id(35)}, []int{34, 33}},
		{"of organisations in a time", Filter{OrganisationIDs: []string{"a", "c"}, Since: minute(20), Until: minute(31)}, []int{30, 27, 25, 22, 20}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, numbers(t, h, c.filter)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheQueueOfRuns(t *testing.T) {
	h, _ := open(t)
	ctx := context.Background()
	wait := func(n int, org string) {
		e := begun(n, "w", org, flow.Queued)
		e.Events, e.State = nil, nil
		e.New.Settings = map[string]any{"depth": 1}
		e.Queue = &QueuedRun{TriggerData: map[string]any{"body": map[string]any{"n": int64(n)}}, TriggerVars: map[string]any{"urgent": true}}
		h.mustAppend(t, e)
	}
	wait(1, "a")
	wait(2, "b")
	if err := h.PauseQueued(ctx, id(2), true); err != nil {
		t.Fatal(err)
	}
	queued, err := h.Queued(ctx)
	if err != nil || len(queued) != 2 || queued[0].Run != id(1) || queued[0].Paused || !queued[1].Paused || string(queued[1].Settings) != `{"depth":1}` || queued[1].OrganisationID != "b" {
		t.Errorf("%+v, %v", queued, err)
	}
	log, err := h.LoadQueued(ctx, id(2))
	if err != nil {
		t.Fatal(err)
	}
	want := QueuedRun{TriggerData: map[string]any{"body": map[string]any{"n": int64(2)}}, TriggerVars: map[string]any{"urgent": true}}
	if diff := cmp.Diff(want, log.QueuedRun); diff != "" || log.Inputs["n"] != int64(2) || log.Run.Workflow != "w" {
		t.Errorf("%+v: %s", log, diff)
	}
	if unfinished, err := h.Unfinished(ctx); err != nil || len(unfinished) != 0 {
		t.Errorf("taken for left unfinished: %v %v", unfinished, err)
	}
	boom := func(*store.Tx, Run, []byte) error { return fmt.Errorf("boom") }
	if _, err := h.EndQueued(ctx, id(1), flow.Cancelled, nil, morning, func(tx *store.Tx, r Run, s json.RawMessage) error { return boom(tx, r, s) }); err == nil {
		t.Error("it ended although what goes with it failed")
	}
	if run, err := h.EndQueued(ctx, id(1), flow.Cancelled, nil, morning, nil); err != nil || run.Status != flow.Cancelled || run.FinishedAt == nil {
		t.Errorf("%+v, %v", run, err)
	}
	if left, err := h.QueuedRun(ctx, id(1)); left != nil || err != nil {
		t.Errorf("%+v, %v", left, err)
	}
}

// TestOneTextInSeveralPlaces: groups are compared by the numbers of their texts, of which an organisation and a workflow may
// share one; what no group has lets nothing pass, and groups that come later count.
func TestOneTextInSeveralPlaces(t *testing.T) {
	h, _ := open(t)
	h.mustAppend(t, begun(1, "same", "other", flow.Succeeded), begun(2, "other", "same", flow.Succeeded))
	cases := []struct {
		name   string
		filter Filter
		want   []int
	}{
		{"the organisation", Filter{OrganisationID: "same"}, []int{2}},
		{"a subtree", Filter{OrganisationIDs: []string{"same"}}, []int{2}},
		{"the workflow", Filter{Workflow: "same"}, []int{1}},
		{"both", Filter{Workflow: "same", OrganisationID: "same"}, nil},
		{"the workflow, by search", Filter{Search: "sam"}, []int{1}},
		{"a text that no group has", Filter{OrganisationID: "later"}, nil},
		{"a subtree that no group has", Filter{OrganisationIDs: []string{"later"}}, nil},
		{"a trigger that no group has", Filter{OrganisationID: "same", TriggerType: "later"}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, numbers(t, h, c.filter)); diff != "" {
				t.Error(diff)
			}
		})
	}
	h.mustAppend(t, begun(3, "same", "later", flow.Succeeded))
	if diff := cmp.Diff([]int{3}, numbers(t, h, Filter{OrganisationIDs: []string{"later"}})); diff != "" {
		t.Error(diff)
	}
}
