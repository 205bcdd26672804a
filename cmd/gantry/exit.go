package main

import (
	"context"
	"errors"
	"fmt"

	"gantry/fault"
)

// Exit codes: what was asked for is done; the work failed (a run failed, check found something); gantry
// was called wrongly.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// errFailed ends a command with exit code 1 when what went wrong has been shown already: a failed run,
// the diagnostics of check.
var errFailed = errors.New("failed")

// exit shows the error of a command, where there is one to show, and gives the exit code.
func (a *App) exit(err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFailed):
		return exitFailed
	case errors.Is(err, context.Canceled):
		err = fault.Wrap(err, fault.Cancelled, "stopped")
	}
	shown := fault.From(err)
	if a.JSON() {
		if a.document(map[string]any{"error": shown}) != nil {
			return exitFailed
		}
	} else {
		a.showFault(shown)
	}
	if shown.Code == fault.Usage {
		return exitUsage
	}
	return exitFailed
}

func (a *App) showFault(f *fault.Error) {
	style := a.errStyle()
	fmt.Fprintf(a.Err, "%s %s\n", style.bad("gantry:"), f.Message)
	if f.Hint != "" {
		fmt.Fprintf(a.Err, "%s %s\n", style.dim("  hint:"), f.Hint)
	}
}
