package actions

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"gantry/actions/wire"
	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"
	"gantry/schema"
)

// Policy says which private addresses may be called; see wire.Policy.
type Policy = wire.Policy

// Redactor removes secrets from what is kept or shown.
type Redactor = wire.Redactor

// RequestRecord is what history keeps of one request.
type RequestRecord = wire.Record

// Options are what a Runtime is made with. The zero value is safe: the real clock, no private addresses.
type Options struct {
	Clock   func() time.Time
	Network Policy
	// HTTP, when set, takes the place of the network; for tests.
	HTTP wire.Sender
	// UserAgent is what the other systems see; "Gantry" unless said.
	UserAgent string
	// MaxResult bounds what all pages of a list hold together, in bytes of JSON; 32 MiB unless said.
	MaxResult int64
	// Log, when set, is told of panics in actions.
	Log func(format string, args ...any)
}

// Runtime runs attempts. One serves all runs: it holds each instance's token and rate limit. It is safe for
// concurrent use.
type Runtime struct {
	clock     func() time.Time
	http      wire.Sender
	close     func()
	userAgent string
	maxResult int64
	log       func(format string, args ...any)

	mu       sync.Mutex
	sessions map[string]*session // by instance id
}

// NewRuntime makes a runtime.
func NewRuntime(o Options) *Runtime {
	r := &Runtime{clock: o.Clock, http: o.HTTP, close: func() {}, userAgent: o.UserAgent, maxResult: o.MaxResult,
		log: o.Log, sessions: map[string]*session{}}
	if r.clock == nil {
		r.clock = time.Now
	}
	if r.http == nil {
		t := wire.NewTransport(o.Network)
		r.http, r.close = t, t.CloseIdle
	}
	if r.userAgent == "" {
		r.userAgent = "Gantry"
	}
	if r.maxResult <= 0 {
		r.maxResult = wire.DefaultMaxBody
	}
	if r.log == nil {
		r.log = func(string, ...any) {}
	}
	return r
}

// Close lets go of idle connections.
func (r *Runtime) Close() { r.close() }

// Call is one attempt at an action.
type Call struct {
	Action       *Action
	Inputs       map[string]any // may hold expr.Secret and expr.Text
	Organisation orgs.Organisation
	Instance     *orgs.Instance // nil for core actions
	RunID, Task  string
	// Queue is the organisation in whose queue the call waits for a rate limit: the run's. "" is Organisation's.
	Queue         string
	TaskInstance  int // the number of the task's execution
	Attempt, Item int
	// Began is when the attempt began whose write is looked for; zero: it is not known, or nobody looks.
	Began      time.Time
	OpenSecret func(expr.Secret) (string, error)
	// Hide removes further secrets from what the call gives, those that earlier calls may have sent; may be nil.
	Hide *Redactor
	// Written gives the names of an input's entries in the order in which the workflow writes them; may be nil.
	Written         func(input string) []string
	InstanceSecrets func() (map[string]string, error)
	// Waiting, when set, is told when the attempt begins to wait for a rate limit, and with nil when that is
	// over. It is called in the attempt's goroutine and must be quick.
	Waiting func(*RateWait)
}

func (c *Call) queue() string {
	if c.Queue != "" {
		return c.Queue
	}
	return c.Organisation.ID
}

// Outcome is how an attempt ended. Nothing in it holds a secret.
type Outcome struct {
	Result any          // on success, and what is known on some failures
	Err    *fault.Error // nil on success; Passing and RetryAfter say whether repeating may help
	// Unknown tells that a write was sent and its answer was lost: it may have been done, and is not safe to repeat.
	Unknown bool
	// NotDone tells that nothing was done, so that even a write that is not safe to repeat may be made again: it was
	// never sent, or not taken.
	NotDone bool
	// TimedOut tells that the deadline of the context passed.
	TimedOut bool
	// Wait tells that the action is not over: it succeeds with Result when the time has come.
	Wait     *Wait
	Requests []RequestRecord
}

// Wait is what the engine keeps of an action that is not over: a timer, or with For the wait for something from
// outside, which gives the result; then Result of the Outcome is what is asked, and there is no Until.
type Wait struct {
	Until time.Time
	For   string // "", ForAnswer or ForWebhook
}

// What is waited for.
const (
	ForAnswer  = "answer"
	ForWebhook = "webhook"
)

// attempt is what one Execute carries along.
type attempt struct {
	*Runtime
	call     Call
	inputs   map[string]any // clear, checked, with defaults
	redactor *wire.Redactor
	recorder *wire.Recorder
}

// Execute runs one attempt; ctx carries its deadline.
func (r *Runtime) Execute(ctx context.Context, call Call) Outcome {
	a := r.attempt(call)
	out := a.carryOut(ctx)
	a.clean(&out)
	return out
}

func (r *Runtime) attempt(call Call) *attempt {
	a := &attempt{Runtime: r, call: call, redactor: &wire.Redactor{}, recorder: &wire.Recorder{Clock: r.clock}}
	if call.Hide != nil {
		a.redactor.Under(call.Hide)
	}
	return a
}

// carryOut gives the outcome as it is, with secrets in it.
func (a *attempt) carryOut(ctx context.Context) (out Outcome) {
	defer func() {
		if p := recover(); p != nil {
			a.log("action %s panicked: %v\n%s", a.call.Action.ID, p, debug.Stack())
			out = Outcome{Err: fault.New(fault.Internal, "action %s failed inside Gantry: %v", a.call.Action.ID, p).
				WithHint("please report this; the log has more"), Unknown: !a.call.Action.SafeToRepeat(a.inputs)}
		}
	}()
	if f := a.prepare(); f != nil {
		return Outcome{Err: f}
	}
	if a.call.Action.Core != nil {
		return a.call.Action.Core.run(ctx, a)
	}
	return a.callIntegration(ctx)
}

// prepare reveals secrets and checks the inputs.
func (a *attempt) prepare() *fault.Error {
	action := a.call.Action
	given := any(map[string]any{})
	if a.call.Inputs != nil {
		given = a.call.Inputs
	}
	if expr.HasSecret(given) {
		if action.Core != nil && !action.Core.Secrets {
			return fault.New(fault.Secret, "%s cannot take a secret: its result would show it", action.ID).
				WithHint("secrets go into the inputs of actions that send them")
		}
		clear, values, err := expr.Reveal(given, a.open)
		a.redactor.Add(values...)
		if err != nil {
			return fault.From(err)
		}
		given = clear
	}
	complete, problems := action.InputType().Complete(given)
	if len(problems) > 0 {
		return invalid(action, problems)
	}
	a.inputs, _ = complete.(map[string]any)
	return nil
}

func (a *attempt) open(s expr.Secret) (string, error) {
	if a.call.OpenSecret == nil {
		return "", fault.New(fault.Secret, "secret %s cannot be opened here", s.Name)
	}
	return a.call.OpenSecret(s)
}

func invalid(action *Action, problems []schema.Problem) *fault.Error {
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = problemText(p)
	}
	return fault.New(fault.InvalidInput, "%s: %s", action.ID, strings.Join(texts, "; ")).
		WithHint("`gantry actions show %s` lists its inputs", action.ID)
}

func problemText(p schema.Problem) string {
	if p.Path == "" {
		return p.Message
	}
	return fmt.Sprintf("%s %s", p.Path, p.Message)
}

// clean removes every secret from what leaves the runtime.
func (a *attempt) clean(out *Outcome) {
	out.Requests = a.recorder.Records(a.redactor.Text)
	if a.redactor.Empty() {
		return
	}
	out.Result = a.redactor.Data(out.Result)
	if out.Err != nil {
		e := *out.Err
		e.Message, e.Hint, e.Detail = a.redactor.Text(e.Message), a.redactor.Text(e.Hint), a.redactor.Data(e.Detail)
		out.Err = &e
	}
}

func (a *attempt) now() expr.At { return expr.At{Now: a.clock()} }

// network is the way out for this attempt: recorded, and following redirects.
func (a *attempt) network() wire.Sender { return wire.Redirects(a.recorder.Wrap(a.http)) }

// failed is the outcome of a request without an answer.
func (a *attempt) failed(err error) Outcome {
	f := wire.AsFailure(err)
	if f.Sent && !a.call.Action.SafeToRepeat(a.inputs) {
		return Outcome{Err: lost(f.Fault), Unknown: true, TimedOut: f.TimedOut}
	}
	return Outcome{Err: f.Fault, TimedOut: f.TimedOut, NotDone: !f.Sent}
}

// lost is the fault of a write of which nobody knows whether it was done. That it may pass counts once it is known that
// nothing was done.
func lost(why *fault.Error) *fault.Error {
	e := fault.Wrap(why, fault.UnknownOutcome, "sent, but the answer was lost: %s", why.Message).
		WithHint("look in the other system whether it was done, then say so with `gantry runs resolve`").WithDetail(why.Detail)
	e.Passing, e.RetryAfter = why.Passing, why.RetryAfter
	return e
}
