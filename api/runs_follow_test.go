package api

import (
	"testing"

	"gantry/access"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/triggers"
)

// wholeStory reads a run with all that it leads to, until each has ended. kept tells that it was gathered as it happened:
// how a run stands by now is told without numbers of events.
func wholeStory(t *testing.T, c *Client, run string) (kept bool, steps map[string]flow.Status) {
	t.Helper()
	steps = map[string]flow.Status{}
	var last flow.Status
	for e, err := range FollowRun.Follow(t.Context(), c, &FollowRunIn{OfRunIn: OfRunIn{run}, Whole: true}, 0) {
		faulttest.Must(t, err)
		last, kept = e.Data.Status, e.Data.Seq > 0
		for _, s := range e.Data.Changed {
			steps[s.Name] = s.Status
		}
	}
	if last != flow.Succeeded {
		t.Errorf("it ended as %s", last)
	}
	return kept, steps
}

// TestBegunAndWatched: whoever says that he will watch a run is told what happened before he came, and only once; whoever
// comes later is told how it stands.
func TestBegunAndWatched(t *testing.T) {
	w := newWorld(t)
	c := w.as(local)
	in := &StartRunIn{}
	in.Body.Workflow, in.Body.Organisation, in.Body.Inputs, in.Body.Watch = "greet/hello", "contoso", map[string]any{"name": "Ada"}, true
	run := must[StartRunOut](t)(StartRun.Call(t.Context(), c, in)).Body.ID
	if _, err := w.engine.Wait(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		kept, steps := wholeStory(t, c, run)
		if kept != (i == 0) || steps["say"] != flow.Succeeded {
			t.Errorf("reader %d: what was gathered: %t, %v", i, kept, steps)
		}
	}
}

// TestWholeIsOnlyForItsReaders: a run of another client is not there.
func TestWholeIsOnlyForItsReaders(t *testing.T) {
	w := newWorld(t)
	run := w.run("greet/hello", w.contoso, map[string]any{"name": "Ada"})
	_, other := w.program("other", access.Viewer, w.northwind)
	for _, err := range FollowRun.Follow(t.Context(), w.as(other), &FollowRunIn{OfRunIn: OfRunIn{run}, Whole: true}, 0) {
		refused(t, err, fault.Missing, "no run")
	}
}

// TestWaitForADecision: an event is found by a part of its id, and shown when it is decided.
func TestWaitForADecision(t *testing.T) {
	w := newWorld(t)
	c := w.as(local)
	in := &FireTriggerIn{OfTrigger: OfTrigger{"greet/hello", "by hand"}}
	for covers := 0; covers < 4; { // the book of triggers learns of new organisations in a moment
		covers = len(must[ShowTriggerOut](t)(ShowTrigger.Call(t.Context(), c, &in.OfTrigger)).Body.Covers)
	}
	in.Body.Organisations = []string{"contoso", "northwind"}
	fired := must[FiredOut](t)(FireTrigger.Call(t.Context(), c, in)).Body.Events
	if len(fired) != 2 {
		t.Fatal(fired)
	}
	_, reader := w.program("reader", access.Viewer, w.contoso)
	for _, e := range fired {
		for _, part := range []string{e.ID, e.ID[len(e.ID)-8:], " " + e.ID[len(e.ID)-12:] + " "} {
			shown := must[ShowEventOut](t)(ShowEvent.Call(t.Context(), c, &ShowEventIn{OfEvent{part}, true})).Body
			if shown.ID != e.ID || shown.Organisation != e.Organisation || shown.Status != triggers.Started || shown.Run == "" {
				t.Errorf("%q gave %+v", part, shown)
			}
			_, err := ShowEvent.Call(t.Context(), w.as(reader), &ShowEventIn{OfEvent{part}, true})
			if e.Organisation == "contoso" {
				faulttest.Must(t, err)
			} else {
				refused(t, err, fault.Missing, "there is no event")
			}
		}
	}
	both := fired[0].ID[:8] // made in one moment
	_, err := ShowEvent.Call(t.Context(), c, &ShowEventIn{OfEvent: OfEvent{both}})
	refused(t, err, fault.Missing, "several events")
	_, err = ShowEvent.Call(t.Context(), w.as(reader), &ShowEventIn{OfEvent: OfEvent{both}})
	refused(t, err, fault.Missing, "there is no event")
	for _, run := range fired {
		shown := must[ShowEventOut](t)(ShowEvent.Call(t.Context(), c, &ShowEventIn{OfEvent{run.ID}, false})).Body
		if _, err := w.engine.Wait(t.Context(), shown.Run); err != nil {
			t.Error(err)
		}
	}
}
