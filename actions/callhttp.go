package actions

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gantry/actions/wire"
	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
)

func internal(text string) *fault.Error { return fault.New(fault.Internal, "%s", text) }

func waitingEnded(ctx context.Context) *wire.Failure {
	if ctx.Err() == context.DeadlineExceeded {
		e := fault.New(fault.Timeout, "the sign-in did not end in time")
		e.Passing = true
		return &wire.Failure{Fault: e, TimedOut: true}
	}
	return &wire.Failure{Fault: fault.Wrap(ctx.Err(), fault.Cancelled, "cut off while waiting for the sign-in")}
}

func gaveUp(f *wire.Failure) bool { return f.TimedOut || f.Fault.Code == fault.Cancelled }

// callIntegration runs an action of the YAML catalogue.
func (a *attempt) callIntegration(ctx context.Context) Outcome {
	s, f := a.session()
	if f != nil {
		return Outcome{Err: f}
	}
	a.redactor.Under(s.redactor)
	send := s.signed(a, s.pacer.Wrap(a.network(), a.call.queue(), a.waits(s.integration.Title)))
	req, f := a.build(s)
	if f != nil {
		return Outcome{Err: f}
	}
	if a.call.Action.Pages() {
		return a.readPages(ctx, s, send, req)
	}
	answer, scope, failed := a.exchange(ctx, send, req)
	if failed != nil {
		return *failed
	}
	result, f := a.call.Action.operation().extract.take(scope, a.now(), a.call.Action.Result)
	if f != nil {
		return a.unreadable(answer, f)
	}
	return Outcome{Result: result}
}

// exchange sends one request and gives its successful answer, and the variables that expressions see of it.
func (a *attempt) exchange(ctx context.Context, send wire.Sender, req *wire.Request) (*wire.Answer, expr.Vars, *Outcome) {
	answer, err := send.Send(ctx, req)
	if err != nil {
		out := a.failed(err)
		return nil, nil, &out
	}
	if e := a.refused(answer); e != nil {
		out := Outcome{Err: e}
		if !a.call.Action.SafeToRepeat(a.inputs) {
			out = a.unsafeRefusal(answer, e)
		}
		return nil, nil, &out
	}
	body, f := a.decode(answer, req.URL)
	if f != nil {
		out := a.unreadable(answer, f)
		return nil, nil, &out
	}
	return answer, expr.Vars{"status": int64(answer.Status), "headers": headerMap(answer.Header), "body": body,
		"inputs": fill(a.call.Action.Inputs, a.inputs)}, nil
}

// refused gives the fault of an answer that is none of success, or that an error rule knows to be a failure.
func (a *attempt) refused(answer *wire.Answer) *fault.Error {
	action := a.call.Action
	var e *fault.Error
	if !answer.Successful() {
		e = statusFault(answer, action.Integration().Title, a.clock())
	}
	rules := slices.Concat(action.operation().errors, action.Integration().Errors)
	return judge(rules, answer, e, a.now())
}

// unsafeRefusal is the outcome of a write that is not safe to repeat and was refused. An answer of a gateway tells
// nothing about the write behind it; and a server that failed in the middle may have done half of it, so that nobody
// repeats it without having looked.
func (a *attempt) unsafeRefusal(answer *wire.Answer, e *fault.Error) Outcome {
	broken := answer.Status >= 500
	switch {
	case lostAnswer(answer):
		return Outcome{Err: lost(e), Unknown: true}
	case broken && a.call.Action.Verifies(a.inputs):
		return Outcome{Err: e, Unknown: true} // it can be found out
	case broken && answer.Status != http.StatusServiceUnavailable:
		c := *e
		c.Passing = false
		e = &c
	}
	return Outcome{Err: e, NotDone: notTaken(answer.Status)}
}

// unreadable is a successful answer that cannot be used: of a write nobody knows what was done.
func (a *attempt) unreadable(answer *wire.Answer, f *fault.Error) Outcome {
	f = f.WithDetail(map[string]any{"status": int64(answer.Status), "body": excerpt(string(answer.Body), maxExcerpt)})
	if a.call.Action.SafeToRepeat(a.inputs) {
		return Outcome{Err: f}
	}
	return Outcome{Err: lost(f), Unknown: true}
}

// byteOrderMark is what some servers begin a text with; it is not JSON.
var byteOrderMark = []byte("\uFEFF")

func (a *attempt) decode(answer *wire.Answer, u *url.URL) (any, *fault.Error) {
	if a.call.Action.operation().extract.file {
		return fileOf(answer), nil
	}
	if len(strings.TrimSpace(string(answer.Body[:min(len(answer.Body), 64)]))) == 0 && len(answer.Body) <= 64 {
		return nil, nil
	}
	if isHTML(answer) {
		return nil, fault.New(fault.BadResponse, "%s answered with a web page where data is expected", u.Host).
			WithHint("check the address: it leads to a page for people, perhaps a sign-in page")
	}
	body, err := schema.DecodeBytes(bytes.TrimPrefix(answer.Body, byteOrderMark))
	if err == nil {
		return body, nil
	}
	if a.call.Action.Result.Kind == "any" && !strings.Contains(answer.Header.Get("Content-Type"), "json") {
		return strings.ToValidUTF8(string(answer.Body), "\uFFFD"), nil
	}
	return nil, fault.Wrap(err, fault.BadResponse, "%s answered with something that is not JSON: %s", u.Host, err).
		WithHint("a proxy between here and there may have answered in its place")
}
