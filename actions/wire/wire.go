// Package wire sends bounded HTTP requests to other people's systems: one small interface, and each
// concern (the network guard, redirects, recording, pacing, signing in) a wrapper around it.
package wire

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"gantry/fault"
)

// Request is one request whose body is known whole, so that it can be sent again after a fresh sign-in.
type Request struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte
	// MaxBody bounds the answer's body after decompression, in bytes; zero means DefaultMaxBody.
	MaxBody int64
	// KeepRedirects keeps a redirect as an answer instead of following it.
	KeepRedirects bool
}

// DefaultMaxBody is how much of an answer is read when nobody says otherwise: 32 MiB.
const DefaultMaxBody = 32 << 20

// Clone copies the request so that a wrapper can add headers without its caller seeing them.
func (r *Request) Clone() *Request {
	c := *r
	c.Header = r.Header.Clone()
	if c.Header == nil {
		c.Header = http.Header{}
	}
	u := *r.URL
	c.URL = &u
	return &c
}

// Answer is an answer read whole, within the bound.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	// Cut tells that the body of an unsuccessful answer broke off; what came of it is in Body.
	Cut bool
}

// Successful tells whether the status is 2xx.
func (a *Answer) Successful() bool { return a.Status >= 200 && a.Status < 300 }

// Sender sends one request. Its error is always a *Failure.
type Sender interface {
	Send(ctx context.Context, req *Request) (*Answer, error)
}

// SenderFunc makes a Sender of a function.
type SenderFunc func(ctx context.Context, req *Request) (*Answer, error)

// Send calls the function.
func (f SenderFunc) Send(ctx context.Context, req *Request) (*Answer, error) { return f(ctx, req) }

// Failure says why there is no answer, and what may have happened nevertheless.
type Failure struct {
	Fault *fault.Error
	// Sent tells that the request may have reached the other side: a write may have been done.
	Sent bool
	// TimedOut tells that the context's deadline passed.
	TimedOut bool
	// Status is the answer's status where only its body was lost; else zero.
	Status int
}

// Error gives the fault's words.
func (f *Failure) Error() string { return f.Fault.Error() }

// Unwrap gives the fault.
func (f *Failure) Unwrap() error { return f.Fault }

// AsFailure finds the failure in an error chain; any other error counts as not sent.
func AsFailure(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Fault: fault.From(err)}
}
