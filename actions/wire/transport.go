package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"gantry/failpoint"
	"gantry/fault"
)

// Transport is the ground floor: it dials under the policy, sends, and reads the answer within its bound.
type Transport struct {
	http *http.Transport
}

// NewTransport makes the ground floor. It reads no proxy from the environment: what an instance may reach
// is decided by the policy alone. One transport serves all instances, so that connections are shared.
func NewTransport(policy Policy) *Transport {
	dialer := &net.Dialer{Timeout: 15 * time.Second, KeepAlive: 30 * time.Second, ControlContext: policy.control}
	return &Transport{http: &http.Transport{
		DialContext:         counting(dialer.DialContext),
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 256,
		// Shorter than what common servers and balancers keep, so that a write seldom meets a connection
		// that the other side is just closing.
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    15 * time.Second,
		ExpectContinueTimeout:  time.Second,
		ResponseHeaderTimeout:  patience,
		MaxResponseHeaderBytes: 1 << 20,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
	}}
}

// patience is how long an answer may take to begin where no task's timeout says less.
const patience = 5 * time.Minute

// CloseIdle closes the connections that nobody uses.
func (t *Transport) CloseIdle() { t.http.CloseIdleConnections() }

// Send sends the request as it is, without following redirects.
func (t *Transport) Send(ctx context.Context, req *Request) (*Answer, error) {
	if f := checkURL(req.URL); f != nil {
		return nil, &Failure{Fault: f}
	}
	var way leaving
	traced := way.trace(ctx)
	if failpoint.On {
		traced = httptrace.WithClientTrace(traced, &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { failpoint.Hit("wire.sent") }})
	}
	out, err := http.NewRequestWithContext(traced, req.Method, "", body(req))
	if err != nil {
		return nil, &Failure{Fault: fault.Wrap(err, fault.InvalidInput, "the request cannot be built: %s", err)}
	}
	out.URL, out.Host = req.URL, req.URL.Host // as it is: it need not be written and read again
	if req.Header != nil {
		out.Header = req.Header.Clone()
	}
	keepFromRepeating(out.Header)
	if host := out.Header.Get("Host"); host != "" {
		out.Host = host
	}
	failpoint.Hit("wire.before-send")
	in, err := t.http.RoundTrip(out)
	if err != nil {
		return nil, unanswered(ctx, req, err, way.sent())
	}
	defer in.Body.Close()
	failpoint.Hit("wire.answer-began")
	a, err := read(ctx, req, in)
	failpoint.Hit("wire.answer-read")
	return a, err
}

func body(req *Request) io.Reader {
	if len(req.Body) == 0 {
		return http.NoBody
	}
	return bytes.NewReader(req.Body)
}

func checkURL(u *url.URL) *fault.Error {
	if u == nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fault.New(fault.InvalidInput, "not a web address").
			WithHint("write it whole, such as https://example.com/path")
	}
	return nil
}

func read(ctx context.Context, req *Request, in *http.Response) (*Answer, error) {
	limit := req.MaxBody
	if limit <= 0 {
		limit = DefaultMaxBody
	}
	a := &Answer{Status: in.StatusCode, Header: in.Header}
	text, err := readAll(io.LimitReader(in.Body, limit+1), in.ContentLength)
	a.Body = text
	switch {
	case !a.Successful():
		a.Cut = err != nil || int64(len(text)) > limit
		if a.Cut && int64(len(text)) > limit {
			a.Body = text[:limit]
		}
		return a, nil
	case err != nil:
		f := broken(ctx, req, err)
		f.Sent, f.Status = true, in.StatusCode
		return nil, f
	case int64(len(text)) > limit:
		return nil, &Failure{Sent: true, Status: in.StatusCode,
			Fault: fault.New(fault.TooLarge, "%s answered with more than %s", req.URL.Host, size(limit)).
				WithHint("ask for less: filter, limit, or leave out details")}
	}
	return a, nil
}

// mostForetold bounds the room that is made because of what the other side says about its answer's length.
const mostForetold = 1 << 20

// readAll reads to the end, without moving what it has read where the length was foretold; -1: it was not.
func readAll(r io.Reader, length int64) ([]byte, error) {
	if length < 0 || length > mostForetold {
		return io.ReadAll(r)
	}
	b := bytes.NewBuffer(make([]byte, 0, length+bytes.MinRead)) // a buffer wants that much room when it asks for the end
	_, err := b.ReadFrom(r)
	return b.Bytes(), err
}

// broken is for an answer that began and did not end.
func broken(ctx context.Context, req *Request, err error) *Failure {
	if f := ended(ctx, req); f != nil {
		return f
	}
	e := fault.Wrap(err, fault.BadResponse, "the answer of %s broke off half-way", req.URL.Host).
		WithHint("most often a passing fault of the network; if it stays, look at proxies between here and there")
	e.Passing = true
	return &Failure{Fault: e}
}

// unanswered is for a request to which no answer began.
func unanswered(ctx context.Context, req *Request, err error, sent bool) *Failure {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return &Failure{Fault: f}
	}
	if f := ended(ctx, req); f != nil {
		f.Sent = sent
		return f
	}
	if sent && isTimeout(err) {
		e := fault.Wrap(err, fault.Timeout, "%s did not answer within %s", req.URL.Host, patience)
		e.Passing = true
		return &Failure{Fault: e.WithHint("ask for less at once, or look whether the other system is overloaded"), Sent: true, TimedOut: true}
	}
	what, hint := explain(err, req.URL)
	e := fault.Wrap(err, fault.Network, "%s %s", req.URL.Host, what).WithHint("%s", hint)
	e.Passing = true
	return &Failure{Fault: e, Sent: sent}
}

// ended tells whether the caller's time was up, or the caller gave up.
func ended(ctx context.Context, req *Request) *Failure {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded) || errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		e := fault.New(fault.Timeout, "%s did not answer in time", req.URL.Host).
			WithHint("raise the task's timeout if the other system is known to be slow")
		e.Passing = true
		return &Failure{Fault: e, TimedOut: true}
	case ctx.Err() != nil:
		return &Failure{Fault: fault.Wrap(ctx.Err(), fault.Cancelled, "the request to %s was cut off", req.URL.Host)}
	}
	return nil
}

// explain says in an admin's words why there was no answer.
func explain(err error, u *url.URL) (what, hint string) {
	const generic = "check that the address is right and reachable from this machine"
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return "is not a known name", "check the spelling of the address"
		}
		return "could not be looked up", "the name server did not answer; check DNS on this machine"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "shows a certificate that is not trusted: " + shorten(err),
			"the name in the address must be the one in the certificate, and its issuer must be known to this machine"
	}
	text := err.Error()
	switch {
	case strings.Contains(text, "connection refused"):
		return "refuses connections", "nothing listens at that address and port; " + generic
	case strings.Contains(text, "server gave HTTP response to HTTPS client"),
		strings.Contains(text, "first record does not look like a TLS handshake"):
		return "does not speak https", "write http:// before the address if that is meant"
	case strings.Contains(text, "tls:"):
		return "could not be reached securely: " + shorten(err), generic
	case strings.Contains(text, "malformed HTTP"):
		return "does not speak HTTP at port " + port(u), generic
	case isTimeout(err):
		return "could not be reached in time", generic
	case errors.Is(err, io.EOF), strings.Contains(text, "EOF"), strings.Contains(text, "reset by peer"),
		strings.Contains(text, "broken pipe"), strings.Contains(text, "closed"):
		return "closed the connection without an answer", "most often a passing fault of the network or the other system"
	}
	return "could not be reached: " + shorten(err), generic
}

func isTimeout(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout()
}

// shorten gives the innermost error's words: the outer ones repeat the address.
func shorten(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "http" {
		return "80"
	}
	return "443"
}

func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}
