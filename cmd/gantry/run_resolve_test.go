package main

import (
	"encoding/json"
	"strings"
	"testing"

	"gantry/engine"
	"gantry/sandbox/halo"
)

const noteTwice = `
inputs: {last: {type: string, default: x}}
tasks:
  note:
    action: halo.add_note
    with: {ticket_id: 2045, note: Hello.}
    next: last
  last: {action: core.set, with: {values: {note: "${{ tasks.note.result.?id.orValue(0) }}"}}}
`

// lostNote is a project with a run whose note was sent and whose answer was lost.
func lostNote(t *testing.T, times int) (f *folder, server *halo.Server, run string) {
	t.Helper()
	f = newFolder(t, map[string]string{"note.yaml": noteTwice})
	server = f.withHalo(halo.Options{})
	if err := server.InjectFault(halo.Fault{Path: "/api/actions", Kind: halo.FaultDrop, Times: times}); err != nil {
		t.Fatal(err)
	}
	if c := f.gantry("", "run", "note"); c.code != exitFailed {
		t.Fatalf("ended with %d:\n%s%s", c.code, c.out, c.err)
	}
	list := strings.Fields(f.must("", "runs", "list", "-q").out)
	for i, word := range list {
		if word == "TOOK" {
			return f, server, list[i+1]
		}
	}
	t.Fatalf("%v", list)
	return f, server, ""
}

// notes counts the notes that Halo was asked to add.
func notes(server *halo.Server) (n int) {
	for _, r := range server.Requests() {
		if r.Method == "POST" && strings.EqualFold(r.Path, "/api/actions") {
			n++
		}
	}
	return n
}

// What the commands say of a write whose answer was lost can be followed, word by word, to the end.
func TestALostWriteIsResolved(t *testing.T) {
	f, server, run := lostNote(t, 1)
	plan := f.gantry("", "runs", "resume", run, "--yes")
	if plan.code == 0 {
		t.Fatal("it was resumed")
	}
	wants(t, plan.err, "Nobody knows whether note was done.", "gantry runs resolve "+run+" note --not-done", "hint: ")
	if strings.Contains(plan.err, "repeat note") {
		t.Errorf("what becomes of it is not known: %s", plan.err)
	}
	var document engine.ResumePlan // one, and with what is in the way
	dry := f.gantry("", "runs", "resume", run, "--dry-run", "--format", "json")
	if err := json.Unmarshal([]byte(dry.out), &document); err != nil || len(document.Unresolved) != 1 || dry.code != exitFailed {
		t.Errorf("%v, %d: %s", err, dry.code, dry.out)
	}
	look := f.must("", "runs", "resolve", run, "note")
	wants(t, look.out, "note of run "+run+" (note): unknown", "attempt 1, POST ", "no answer")
	wants(t, look.out, "--done, --not-done or --result JSON")
	var known lostWrites
	look = f.must("", "runs", "resolve", run, "note", "--format", "json")
	if err := json.Unmarshal([]byte(look.out), &known); err != nil || len(known.Writes) != 1 || len(known.Writes[0].Requests) != 1 || known.Writes[0].Error == nil {
		t.Errorf("%v: %s", err, look.out)
	}
	for words, args := range map[string][]string{
		"--not-done stands alone":                                   {"note", "--done", "--not-done"},
		"--resume goes with":                                        {"note", "--resume"},
		"--result is not JSON":                                      {"note", "--result", "{id: 1}"},
		`did you mean "note"`:                                       {"nte", "--done"},
		`no task "nte"`:                                             {"nte"},
		"task last of run " + run + " has not run":                  {"last"},
		"task last has not run":                                     {"last", "--done"},
		"this is no result of halo.add_note":                        {"note", "--result", `{"id": "many"}`},
		"task note #7 has not run":                                  {"note", "--done", "--instance", "7"},
		"task note has 0 items, counted from 0: there is no item 3": {"note", "--done", "--item", "3"},
	} {
		if c := f.gantry("", append([]string{"runs", "resolve", run}, args...)...); c.code == 0 || !strings.Contains(c.err, words) {
			t.Errorf("%v: %d %s", args, c.code, c.err)
		}
	}
	f.must("", "runs", "resolve", run, "note", "--not-done") // what was wrong is said again
	f.must("", "runs", "resolve", run, "note", "--done")
	kept := f.must("", "runs", "resolve", run, "note", "--result", `{"id": 77}`)
	wants(t, kept.out, "Kept: note was done.", "Go on with: gantry runs resume "+run)
	wants(t, kept.out, "said before: note was not done", "said before: note was done")
	f.must("", "runs", "resume", run, "--yes")
	again := f.gantry("", "runs", "resolve", run, "note", "--not-done")
	wants(t, again.err, "there is nothing to be resolved: task note has succeeded")
	shown := f.must("", "runs", "show", run)
	wants(t, shown.out, "✓ note", "✓ last", "note: 77", "resolved")
	if resolved, resumed := strings.LastIndex(shown.out, "\nresolved"), strings.Index(shown.out, "\nresumed"); resolved > resumed {
		t.Errorf("it was resumed after the last word: %s", shown.out)
	}
	if n := notes(server); n != 1 {
		t.Errorf("the note was sent %d times", n)
	}
}

// Not done and resumed at once: the write is made again, and whoever loses it again is told again.
func TestALostWriteThatWasNotDoneIsMadeAgain(t *testing.T) {
	f, server, run := lostNote(t, 2)
	c := f.gantry("", "runs", "resolve", run, "note", "--not-done", "--resume")
	if c.code != exitFailed {
		t.Fatalf("ends with %d:\n%s%s", c.code, c.out, c.err)
	}
	wants(t, c.err, "note of run "+run, "repeat note", "unknown")
	c = f.must("", "runs", "resolve", run, "note", "--not-done", "--resume")
	wants(t, c.out, "✓ Succeeded")
	if n := notes(server); n != 3 {
		t.Errorf("the note was sent %d times", n)
	}
	c = f.gantry("", "runs", "resolve", run, "note", "--done")
	if c.code == 0 {
		t.Error("what has succeeded was resolved")
	}
}
