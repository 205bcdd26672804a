package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"gantry/fault"
	"gantry/fault/faulttest"
)

// Whoever answers no at a terminal is not told how to answer yes; whoever cannot be asked is.
func TestANoIsTaken(t *testing.T) {
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	faulttest.Must(t, err)
	defer terminal.Close()
	for answer, want := range map[string]string{"y\n": "", "Yes\n": "", "n\n": "nothing was done", "\n": "nothing was done", "": "nothing was done"} {
		app := &App{In: strings.NewReader(answer), Out: terminal, Err: &bytes.Buffer{}}
		err := app.confirm("go on?")
		if (err == nil) != (want == "") || err != nil && (fault.From(err).Message != want || fault.From(err).Hint != "") {
			t.Errorf("%q: %v", answer, err)
		}
	}
	app := &App{In: strings.NewReader("y\n"), Out: &bytes.Buffer{}, Err: &bytes.Buffer{}}
	if f := fault.From(app.confirm("go on?")); f.Message != "nothing was done: go on?" || !strings.Contains(f.Hint, "--yes") {
		t.Errorf("where nobody can be asked: %v", f)
	}
}
