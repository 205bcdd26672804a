package main

import (
	"bytes"
	"strings"
	"testing"

	"gantry/connect"
	"gantry/fault"
	"gantry/orgs"
)

// Whatever a file or another system holds, it must not steer the terminal on which it is shown.
func TestNothingFromOutsideSteersTheTerminal(t *testing.T) {
	const evil = "a\x1b[2J\x1b]0;title\x07\u009b31m\u202eb"
	var out bytes.Buffer
	app := &App{Out: &out, Err: &out}
	app.rowTable(&out, []orgs.ImportRow{{Line: 2, Name: evil, Slug: evil, Status: orgs.RowFailed, Reason: evil, Hint: evil}})
	(&applying{app: app}).changes(&out, []orgs.Change{{Action: orgs.ActionChange, Kind: orgs.OfVariable, Organisation: "x", Name: "v", Detail: evil}})
	app.showSaved(&out, "", connect.Saved{Problems: []connect.Problem{{Organisation: evil, EntityID: evil, Error: fault.New(fault.Missing, "%s", evil).WithHint("%s", evil)}}})
	app.showFault(fault.New(fault.Failed, "first\n%s", evil).WithHint("%s", evil))
	if at := strings.IndexAny(out.String(), "\x1b\x07\u009b\u202e"); at >= 0 {
		t.Errorf("%q", out.String()[max(0, at-20):])
	}
	if !strings.Contains(out.String(), "first\na") {
		t.Errorf("a message lost its lines: %q", out.String())
	}
}

// A table's columns stand below each other whatever script their cells are in.
func TestTablesOfWideCharacters(t *testing.T) {
	var out bytes.Buffer
	table(&out, style{}, []string{"NAME", "SLUG"}, [][]string{{"🦷 Dental 牙科", "dental"}, {"Cafe\u0301 Müller", "cafe"}})
	want := "NAME            SLUG\n🦷 Dental 牙科  dental\nCafe\u0301 Müller     cafe\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
