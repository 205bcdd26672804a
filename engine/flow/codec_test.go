package flow_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gantry/engine/flow"
	"gantry/fault"
)

// TestEventsComeBackAsTheyWereStored: what a run is told later in its life keeps every field.
func TestEventsComeBackAsTheyWereStored(t *testing.T) {
	task, item := flow.Unit{Exec: 3, Item: flow.NoItem}, flow.Unit{Exec: 0, Item: 0}
	why := fault.New(fault.Network, "no way there").WithHint("look").WithDetail(map[string]any{"status": int64(503)})
	for _, event := range []flow.Event{
		flow.AttemptWaits{At: start, Unit: task, Until: start.Add(time.Hour), Result: "r"},
		flow.AttemptWaits{At: start, Unit: item, Awaits: "answer"},
		flow.AttemptWaits{At: start, Unit: task, Awaits: "webhook", Until: start.Add(time.Minute)},
		flow.AttemptEnded{At: start, Unit: task, Outcome: flow.Outcome{Unknown: true, Interrupted: true, Verifiable: true, Error: why}},
		flow.Answered{At: start, Unit: item, Result: map[string]any{"n": int64(9007199254740993)}, By: "Ann"},
		flow.Answered{At: start, Unit: task},
		flow.AttemptVerified{At: start, Unit: item, Verdict: flow.Done, Result: []any{1.5, nil}},
		flow.AttemptVerified{At: start, Unit: task, Verdict: flow.NotDone},
		flow.AttemptVerified{At: start, Unit: task, Verdict: flow.Unsure, Error: why},
		flow.Resolved{At: start, Unit: item, Done: true, Result: false, By: "Ann"},
		flow.Resolved{At: start, Unit: task},
		flow.Reopened{At: start},
		flow.Reopened{At: start, By: "Ann", Version: "0123456789ab", Limit: time.Minute,
			Inputs: map[string]map[string]any{"a": {"n": int64(1), "gone": nil}, "b": {}}},
	} {
		kind, data, err := flow.EncodeEvent(event)
		if err != nil {
			t.Fatalf("%#v: %v", event, err)
		}
		back, err := flow.DecodeEvent(kind, start, data)
		if err != nil {
			t.Fatalf("%s %s: %v", kind, data, err)
		}
		if diff := cmp.Diff(event, back, cmpopts.IgnoreUnexported(fault.Error{})); diff != "" {
			t.Errorf("%s %s (-kept +read):\n%s", kind, data, diff)
		}
	}
}

// FuzzDecodeEvent: what was read is stored as the same again, and no text, however damaged, does harm.
func FuzzDecodeEvent(f *testing.F) {
	kinds := []string{"run_started", "attempt_started", "attempt_waits", "attempt_ended", "attempt_put_back", "timer_fired", "deadline_reached",
		"cancel_requested", "organisation_found", "pause_requested", "resume_requested", "answered", "attempt_verified", "resolved", "reopened"}
	for i := range kinds {
		f.Add(i, []byte(`{"exec":1,"item":2,"until":"2026-03-02T09:00:00Z","awaits":"answer","result":{"a":1},"verdict":"done","done":true,"by":"x",`+
			`"version":"v","inputs":{"a":{"b":1}},"limit_ns":5,"error":{"code":"network","message":"m"},"unknown":true,"verifiable":true}`))
	}
	f.Add(2, []byte(`{"exec":1}`))
	f.Add(14, []byte(`{"inputs":{"a":5}}`))
	f.Fuzz(func(t *testing.T, which int, data []byte) {
		kind := kinds[uint(which)%uint(len(kinds))]
		event, err := flow.DecodeEvent(kind, start, data)
		if err != nil {
			return
		}
		again, first, err := flow.EncodeEvent(event)
		if err != nil || again != kind {
			t.Fatalf("%s became %s: %v", kind, again, err)
		}
		event, err = flow.DecodeEvent(kind, start, first)
		if err != nil {
			t.Fatalf("%s %s: %v", kind, first, err)
		}
		if _, second, err := flow.EncodeEvent(event); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("%s is stored as %s and then as %s: %v", kind, first, second, err)
		}
	})
}
