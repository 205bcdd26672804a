package main

import (
	"context"
	"errors"
	"io"
	"testing"

	"gantry/api"
	"gantry/fault"
)

func TestExitCodes(t *testing.T) {
	missing := fault.New(fault.Missing, "nothing of that name")
	for name, c := range map[string]struct {
		err  error
		want int
	}{
		"nothing":              {nil, exitDone},
		"shown already":        {errFailed, exitFailed},
		"stopped":              {context.Canceled, exitFailed},
		"wrong use":            {fault.New(fault.Usage, "no"), exitUsage},
		"unknown name":         {missing, exitUsage},
		"malformed name":       {fault.New(fault.InvalidInput, "no"), exitUsage},
		"taken":                {fault.New(fault.Exists, "no"), exitFailed},
		"locked":               {fault.New(fault.Locked, "no"), exitFailed},
		"does not check":       {fault.New(fault.NotChecked, "no"), exitFailed},
		"defect":               {errors.New("no"), exitFailed},
		"of the work":          {workError{missing}, exitFailed},
		"as the API tells it":  {&api.WorkError{Fault: missing}, exitFailed},
		"of the work, wrapped": {fault.Wrap(workError{missing}, fault.Missing, "not saved"), exitFailed},
	} {
		app := &App{Out: io.Discard, Err: io.Discard, Getenv: func(string) string { return "" }}
		if got := app.exit(c.err); got != c.want {
			t.Errorf("%s: exit code %d, want %d", name, got, c.want)
		}
	}
}
