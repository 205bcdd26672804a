package api

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"runtime/debug"

	"github.com/gorilla/mux"

	"gantry/access"
	"gantry/fault"
)

// gate is what stands before every operation: who calls, whether they may, and the record of it.
func (a *API) gate(d *Described, bind func() http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := &request{api: a, op: d, lastEvent: r.Header.Get(lastEventID)}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
		aw := &answer{ResponseWriter: w}
		defer a.ended(aw, r, q)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		r, err := q.open(r)
		if err != nil {
			a.refuse(aw, r, recorded(r.Context(), err))
			return
		}
		bind().ServeHTTP(aw, r)
	}
}

// open finds out who calls and what about, and refuses what may not be. It gives the request with its record in the
// audit log begun.
func (q *request) open(r *http.Request) (*http.Request, error) {
	var err error
	if q.caller, err = q.api.callerOf(r); err != nil && q.op.Policy.Where != Public {
		return r, err
	}
	if q.api.house.Closed != nil && q.op.Policy.Where != Public && (q.caller == nil || q.caller.Kind != access.ByLocal) {
		if err := q.api.house.Closed(r.Context()); err != nil {
			return r, err
		}
	}
	if q.vars, err = unescaped(mux.Vars(r)); err != nil {
		return r, err
	}
	r = q.begin(r)
	if err := q.admit(r.Context(), q.op.Policy); err != nil {
		return r, err
	}
	if q.organisation != nil {
		q.record.Concerns(q.organisation.ID, "")
	}
	return r, q.op.checkMedia(r)
}

func (a *API) callerOf(r *http.Request) (*access.Caller, error) {
	if c, ok := r.Context().Value(callerKey{}).(*access.Caller); ok {
		return c, nil
	}
	if a.house.SignIn == nil {
		return nil, nil
	}
	return a.house.SignIn(r)
}

// unescaped changes the variables of a path to what they mean: the router leaves them as they were sent, since a
// workflow's id has slashes.
func unescaped(vars map[string]string) (map[string]string, error) {
	for name, value := range vars {
		plain, err := url.PathUnescape(value)
		if err != nil {
			return nil, fault.New(fault.Usage, "the path cannot be read: %s is badly escaped", name)
		}
		vars[name] = plain
	}
	return vars, nil
}

// checkMedia refuses a body of another type than the operation takes. A form of another site cannot send JSON.
func (d *Described) checkMedia(r *http.Request) error {
	if d.media == "" || r.ContentLength == 0 && !d.required {
		return nil
	}
	if got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || got != d.media {
		return fault.New(fault.Usage, "the body of this request is %s", d.media).WithHint("send the header Content-Type: %s", d.media)
	}
	return nil
}

// ended ends the record of a request that did not reach its handler, and answers one that panicked.
func (a *API) ended(w *answer, r *http.Request, q *request) {
	p := recover()
	if p == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so, too
		panic(p)
	}
	ctx := context.WithValue(r.Context(), requestKey{}, q)
	if p == nil {
		if w.status >= http.StatusBadRequest {
			_ = q.end(ctx, fault.New(q.code, "%s", http.StatusText(w.status))) // it is answered
		}
		return
	}
	a.house.Log.ErrorContext(ctx, "an operation of the API panicked", "operation", q.op.ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	err := q.end(ctx, fault.New(fault.Internal, "%v", p))
	if w.status != 0 {
		panic(http.ErrAbortHandler) // what was begun must not look complete
	}
	answerProblem(w, a.problem(ctx, err))
}

// refuse answers with an error.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	answerProblem(w, a.problem(r.Context(), err))
}

// answer remembers what was answered.
type answer struct {
	http.ResponseWriter
	status int
}

func (w *answer) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *answer) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (w *answer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
