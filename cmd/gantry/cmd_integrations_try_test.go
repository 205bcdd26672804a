package main

import (
	"bytes"
	"testing"

	"gantry/connect"
	"gantry/fault"
)

// TestAFailedTestIsShortToRead: a hint stands once for the probes that share it, and what was not tried in a line.
func TestAFailedTestIsShortToRead(t *testing.T) {
	narrow := func() *fault.Error { return fault.New(fault.Forbidden, "not allowed").WithHint("give the right") }
	var out bytes.Buffer
	app := &App{Out: &out, Err: &out, Getenv: func(string) string { return "" }}
	app.showProbes(&out, style{}, connect.Report{Probes: []connect.Probed{
		{Title: "Sign in", Status: connect.ProbeOK},
		{Title: "Read tickets", Status: connect.ProbeWarning, Error: narrow()},
		{Title: "Read clients", Status: connect.ProbeFailed, Error: narrow()},
		{Title: "Read sites", Status: connect.ProbeSkipped},
		{Title: "Read teams", Status: connect.ProbeSkipped},
	}})
	want := `  ✓ Sign in
  ! Read tickets
      not allowed (forbidden)
      hint: give the right
  ✗ Read clients
      not allowed (forbidden)
  – not tried: Read sites, Read teams
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
