// Package fault holds the one shape in which Gantry tells people that work failed: a code from a
// documented list, a message, a hint that says what to do, and detail for those who dig.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Code names a kind of failure. Workflows compare it (`error.code == 'not_found'`), so a code, once
// published, keeps its meaning. Codes lists them all.
type Code string

// Error is a failure of a task, an item, a run or a command. The exported JSON fields are what
// expressions, history and `--format json` show; the rest steers retries and never leaves the process.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	Detail  any    `json:"detail,omitempty"` // JSON data: an HTTP status and body excerpt, failed items, …
	Task    string `json:"task,omitempty"`   // on a run's error: the task that failed it

	// Passing tells that trying again may help (network, 408, 429, 5xx, time-out).
	Passing bool `json:"-"`
	// RetryAfter is how long the other side asked us to wait; zero when it did not say.
	RetryAfter time.Duration `json:"-"`

	cause error
}

// New makes an error of the given code.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap makes an error of the given code that keeps its cause for errors.Is and errors.As. The cause's
// text is not shown: the message must stand by itself.
func Wrap(cause error, code Code, format string, args ...any) *Error {
	e := New(code, format, args...)
	e.cause = cause
	return e
}

// WithHint says what the reader can do about it.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// WithDetail adds JSON data for those who dig.
func (e *Error) WithDetail(detail any) *Error {
	e.Detail = detail
	return e
}

// Error gives the message and, where there is one, the hint.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + " (" + e.Hint + ")"
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// From finds the fault in an error chain, or makes one of code Internal out of it.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return Wrap(err, Internal, "%s", err)
}
