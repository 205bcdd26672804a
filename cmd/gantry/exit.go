package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"gantry/api"
	"gantry/fault"
	"gantry/source"
)

// Exit codes. 0: what was asked for is done. 2: gantry was called wrongly: a word, flag, name or value in
// the call is wrong or names nothing that there is (fault.Usage, Missing, InvalidInput); calling it the
// same way again cannot help. 1: the call was right and the work failed: a run or a request failed (with
// whatever code), check found mistakes, something is in the way (fault.Exists, Conflict, Locked, Storage …).
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// errFailed ends a command with exit code 1 when what went wrong has been shown already: a failed run,
// the diagnostics of check.
var errFailed = errors.New("failed")

// workError is an error of the work, not of the call, whatever its code: another system may answer a right
// call with invalid_input, too.
type workError struct{ error }

// Unwrap gives the error itself.
func (e workError) Unwrap() error { return e.error }

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
	shown := a.withWholeCommands(a.withHintToSignIn(fault.From(err)))
	if !a.JSON() || a.document(map[string]any{"error": shown}) != nil {
		a.showFault(shown)
	}
	return exitCode(err)
}

// inHints is a command in a hint. What signs in, or needs no data, is called everywhere in the same way.
var (
	inHints    = regexp.MustCompile("`gantry ([^`]+)`")
	everywhere = regexp.MustCompile(`^(login|logout|init|version|schema|completion|help|sandbox)\b|--(sandbox|project|data|local|help)\b`)
)

// withWholeCommands completes the commands that an error's hint names, so that they work where this one was called:
// whoever made the error does not know that.
func (a *App) withWholeCommands(f *fault.Error) *fault.Error {
	hint := inHints.ReplaceAllStringFunc(f.Hint, func(quoted string) string {
		words := inHints.FindStringSubmatch(quoted)[1]
		if everywhere.MatchString(words) {
			return quoted
		}
		return "`" + a.command(words) + "`"
	})
	if hint == f.Hint {
		return f
	}
	whole := *f
	whole.Hint = hint
	return &whole
}

func exitCode(err error) int {
	if _, ofWork := errors.AsType[workError](err); ofWork {
		return exitFailed
	}
	if _, ofWork := errors.AsType[*api.WorkError](err); ofWork { // as the API tells it
		return exitFailed
	}
	switch fault.From(err).Code {
	case fault.Usage, fault.Missing, fault.InvalidInput:
		return exitUsage
	}
	return exitFailed
}

func (a *App) showFault(f *fault.Error) {
	style := a.errStyle()
	fmt.Fprintf(a.Err, "%s %s\n", style.bad("gantry:"), harmless(f.Message))
	if f.Hint != "" {
		fmt.Fprintf(a.Err, "%s %s\n", style.dim("  hint:"), harmless(f.Hint))
	}
}

// harmless is a message without what would steer the terminal: it may quote a file or another system.
func harmless(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = source.OneLine(line)
	}
	return strings.Join(lines, "\n")
}
