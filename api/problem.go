package api

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"gantry/access"
	"gantry/connect"
	"gantry/fault"
)

// Error is what every failed request is answered with: a fault.Error. Fields says what is wrong with which part
// of the request.
type Error struct {
	Code    fault.Code     `json:"code" doc:"One of the documented codes, such as missing or invalid_input"`
	Message string         `json:"message"`
	Hint    string         `json:"hint,omitempty" doc:"What to do about it"`
	Detail  any            `json:"detail,omitempty"`
	Task    string         `json:"task,omitempty"`
	Failed  bool           `json:"failed,omitempty" doc:"The request was right, and the work failed: another system refused it, say"`
	Fields  []FieldProblem `json:"fields,omitempty" doc:"What is wrong with which part of the request"`

	status int
	fault  *fault.Error
}

// FieldProblem is what is wrong with one part of a request.
type FieldProblem struct {
	Field   string `json:"field" doc:"Such as body.name or query.limit"`
	Message string `json:"message"`
}

// WorkError is that the request was right and the work failed, whatever the code: another system may answer with
// invalid_input, too.
type WorkError struct{ Fault *fault.Error }

// Error gives the fault's message.
func (e *WorkError) Error() string { return e.Fault.Error() }

// Unwrap gives the fault.
func (e *WorkError) Unwrap() error { return e.Fault }

// ofWork tells that the work failed, not the request.
func ofWork(err error) bool {
	if _, ok := errors.AsType[*WorkError](err); ok {
		return true
	}
	_, ok := errors.AsType[*connect.ReadError](err)
	return ok
}

// Error gives the message.
func (e *Error) Error() string { return e.Message }

// headers gives what else the answer has.
func (e *Error) headers() http.Header {
	h := http.Header{}
	if e.fault != nil && e.fault.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.fault.RetryAfter.Seconds()))))
	}
	if e.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	return h
}

// problem makes the answer of an error. A defect of Gantry's own is logged, and told only to callers on this
// machine; others get the id it is logged with.
func (a *API) problem(ctx context.Context, err error) *Error {
	if p, ok := errors.AsType[*Error](err); ok {
		return p
	}
	f := fault.From(err)
	if errors.Is(err, context.Canceled) && f.Code == fault.Internal {
		f = fault.Wrap(err, fault.Cancelled, "the request was given up")
	}
	status := statusOf(f.Code)
	q := requestOf(ctx)
	if q != nil {
		q.code = f.Code
	}
	if status == http.StatusInternalServerError && (q == nil || q.caller == nil || q.caller.Kind != access.ByLocal) {
		id := uuid.NewString()[:8]
		a.house.Log.ErrorContext(ctx, "an operation of the API failed", "error_id", id, "code", f.Code, "error", f.Message)
		f = fault.Wrap(err, f.Code, "something went wrong in Gantry").WithHint("its log says more under error_id %s", id)
	}
	return &Error{Code: f.Code, Message: f.Message, Hint: f.Hint, Detail: f.Detail, Task: f.Task, Failed: ofWork(err), status: status, fault: f}
}

func init() {
	huma.ValidateStrictCasing = true // names that differ in case alone: one would be checked, and the other used
}

// newProblem tells what is wrong with the parts of a request; the status is 422 unless said. It never shows the
// values: one may be a secret.
func newProblem(status int, found []error) *Error {
	e := &Error{Code: fault.Usage, status: status}
	if status == 0 {
		e.Code, e.status = fault.InvalidInput, http.StatusUnprocessableEntity
	}
	for _, err := range found {
		if d, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			e.Fields = append(e.Fields, FieldProblem{Field: d.Location, Message: d.Message})
		}
	}
	slices.SortStableFunc(e.Fields, func(x, y FieldProblem) int { return strings.Compare(x.Field, y.Field) })
	said := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		said[i] = f.Field + ": " + f.Message
	}
	e.Message = "the request is not right: " + strings.Join(said, "; ")
	return e
}

func answerFault(w http.ResponseWriter, status int, f *fault.Error) {
	answerProblem(w, &Error{Code: f.Code, Message: f.Message, Hint: f.Hint, Detail: f.Detail, status: status, fault: f})
}

func answerProblem(w http.ResponseWriter, e *Error) {
	for name, values := range e.headers() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(e.status)
	_ = json.NewEncoder(w).Encode(e) // who asked is gone
}
