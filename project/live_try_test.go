package project

import (
	"testing"

	"gantry/fault"
	"gantry/fault/faulttest"
)

// TestTry: what would come of a change is told against what is in use, and nothing is changed.
func TestTry(t *testing.T) {
	called := "inputs: {name: {type: string}}\n" + saying("called")
	caller := "tasks: {call: {workflow: called, with: {name: x}}}\n"
	w := newLiveWorld(t, map[string]string{"workflows/called.yaml": called, "workflows/caller.yaml": caller, "workflows/alone.yaml": saying("alone")})
	w.write("workflows/called.yaml", "tasks: [") // broken since: the good one is in use
	w.reload()
	try := func(trial Trial) []Break {
		t.Helper()
		breaks, err := w.Try(trial)
		faulttest.Must(t, err)
		return breaks
	}
	if breaks := try(Trial{ID: "called", File: "workflows/called.yaml", Text: []byte(called + "# more\n")}); len(breaks) > 0 {
		t.Error(breaks)
	}
	breaks := try(Trial{ID: "called", File: "workflows/called.yaml", Text: []byte(saying("called"))})
	if len(breaks) != 1 || breaks[0].Workflow != "caller" || breaks[0].File != "workflows/caller.yaml" || breaks[0].Why == "" {
		t.Errorf("%+v", breaks)
	}
	if breaks := try(Trial{ID: "team/new", File: "workflows/team/new.yaml", Text: []byte(caller)}); len(breaks) > 0 {
		t.Error(breaks)
	}
	if breaks := try(Trial{ID: "other", File: "workflows/other.yaml", Text: []byte(caller), Without: "workflows/caller.yaml"}); len(breaks) > 0 {
		t.Error(breaks)
	}
	_, err := w.Try(Trial{ID: "moved", File: "workflows/moved.yaml", Text: []byte(caller), Without: "workflows/called.yaml"})
	faulttest.Want(t, err, fault.NotChecked, "so it is not published", "called")
	_, err = w.Try(Trial{ID: "alone", File: "workflows/alone.yaml", Text: []byte("tasks: {}\n")})
	faulttest.Want(t, err, fault.NotChecked, "workflows/alone.yaml")
	if users := w.UsersOf("called"); len(users) != 1 || users[0] != "caller" {
		t.Error(users)
	}
	if file, there := w.FileOf("alone"); !there || file != "workflows/alone.yaml" {
		t.Error(file)
	}
	w.says("alone", "alone")
	if c := w.reload(); len(c.Published)+len(c.Removed) > 0 {
		t.Error(c)
	}
}

// TestReloadTaken: what is taken away on purpose is gone at once, and another file that is gone is not.
func TestReloadTaken(t *testing.T) {
	w := newLiveWorld(t, map[string]string{"workflows/a.yaml": saying("a"), "workflows/b.yaml": saying("b")})
	w.remove("workflows/a.yaml")
	w.reload() // somebody else has seen it first
	w.remove("workflows/b.yaml")
	c, err := w.ReloadTaken(t.Context(), "workflows/a.yaml")
	faulttest.Must(t, err)
	if len(c.Removed) != 1 || c.Removed[0] != "a" || !c.LookAgain {
		t.Errorf("%+v", c)
	}
	w.says("b", "b")
}
