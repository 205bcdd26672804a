package flow_test

import (
	"testing"

	"gantry/engine/flow"
)

// TestAnAttemptsStartThatComesAfterItsEndIsLate: it must not take the unit out of its wait.
func TestAnAttemptsStartThatComesAfterItsEndIsLate(t *testing.T) {
	lib := library(t, map[string]string{"main": "tasks: {a: {action: test.read, retry: {attempts: 2}}}\n"})
	wf, _ := lib.Get("main")
	s := flow.New(wf)
	unit := flow.Unit{Exec: 0, Item: flow.NoItem}
	failed := flow.Outcome{Passing: true, Repeatable: true, Error: scriptedFault("server_error")}
	events := []flow.Event{flow.Started{At: start}, flow.AttemptEnded{At: start, Unit: unit, Outcome: failed}, flow.AttemptStarted{At: start, Unit: unit},
		flow.TimerFired{At: start, Unit: unit}}
	var last []flow.Command
	for _, event := range events {
		var err error
		if last, err = s.Apply(event); err != nil {
			t.Fatal(err)
		}
	}
	if len(last) != 1 {
		t.Errorf("after the wait there are the commands %v", last)
	}
}
