package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"gantry/fault"
)

// Client calls an API: in memory, over the socket of a server on this machine, or over https. It is safe for
// concurrent use.
type Client struct {
	// Lost, where somebody has set it before the first call, is told why the connection of a stream broke that is tried
	// again, and of nil once it is there again.
	Lost func(err error)

	base   *url.URL
	token  string
	where  string // as people know it, for errors
	client *http.Client
	wait   func(ctx context.Context, d time.Duration) error // before a stream is read again

	inProcess bool // what it calls does not come back once it has gone
}

// NewClient makes a client of a server at an address such as https://gantry.example.com, signed in with a token.
// transport is http.DefaultTransport where it is nil.
func NewClient(address, token string, transport http.RoundTripper) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(address, "/"))
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" {
		return nil, fault.New(fault.Usage, "%q is not the address of a server", address).WithHint("for example https://gantry.example.com")
	}
	if base.Scheme == "http" && token != "" && !loopback(base.Hostname()) {
		return nil, fault.New(fault.Usage, "a token is not sent over http, where others can read it").WithHint("use https://%s", base.Host)
	}
	return newClient(base, token, base.Host, transport), nil
}

func newClient(base *url.URL, token, where string, transport http.RoundTripper) *Client {
	refuse := func(r *http.Request, _ []*http.Request) error { return http.ErrUseLastResponse } // a token goes where it was meant to
	return &Client{base: base, token: token, where: where, client: &http.Client{Transport: transport, CheckRedirect: refuse}, wait: pause}
}

func loopback(host string) bool { return host == "127.0.0.1" || host == "::1" || host == "localhost" }

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Where is what the client speaks to, as people know it: a host, or a data folder.
func (c *Client) Where() string { return c.where }

func (c *Client) tellLost(err error) {
	if c.Lost != nil {
		c.Lost(err)
	}
}

// Close gives connections free that wait to be used again.
func (c *Client) Close() { c.client.CloseIdleConnections() }

// Call carries the operation out. The error is the server's *fault.Error, or one of code fault.Network.
func (o Operation[I, O]) Call(ctx context.Context, c *Client, in *I) (*O, error) {
	r, err := newRequest(ctx, o.Method, o.Path, in)
	if err != nil {
		return nil, err
	}
	resp, err := c.do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, c.unreachable(ctx, err)
	}
	out := new(O)
	return out, decodeAnswer(resp, body, reflect.ValueOf(out).Elem())
}

// do sends a request and gives an answer that is no error.
func (c *Client) do(r *http.Request) (*http.Response, error) {
	r.URL.Scheme, r.URL.Host, r.Host = c.base.Scheme, c.base.Host, ""
	if c.base.Path != "" {
		r.URL.Path, r.URL.RawPath = c.base.Path+r.URL.Path, c.base.EscapedPath()+r.URL.EscapedPath()
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.client.Do(r)
	if err != nil {
		return nil, c.unreachable(r.Context(), err)
	}
	if resp.StatusCode < http.StatusMultipleChoices {
		return resp, nil
	}
	defer resp.Body.Close()
	return nil, c.faultOf(resp)
}

func (c *Client) unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err // without the address, which says nothing to who did not choose it
	}
	return fault.Wrap(err, fault.Network, "the Gantry server at %s cannot be reached: %s", c.where, err).WithHint("check that it is running, and the address")
}

// faultOf reads the error of an answer. Whatever stands between may answer, too, and not with a fault.
func (c *Client) faultOf(resp *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	var e Error
	if decode(body, &e) != nil || e.Code == "" {
		return fault.New(fault.BadResponse, "what answers at %s is not Gantry, or something stands before it (HTTP status %d)", c.where, resp.StatusCode).
			WithHint("check the address")
	}
	return e.asError(resp.Header)
}

// asError gives the error as it was before it was sent.
func (e *Error) asError(h http.Header) error {
	f := fault.New(e.Code, "%s", e.Message)
	f.Hint, f.Detail, f.Task = e.Hint, e.Detail, e.Task
	if seconds, err := strconv.Atoi(h.Get("Retry-After")); err == nil {
		f.RetryAfter = time.Duration(seconds) * time.Second
	}
	if e.Failed {
		return &WorkError{f}
	}
	return f
}

// decodeAnswer fills an operation's output: its headers, and its body.
func decodeAnswer(resp *http.Response, body []byte, out reflect.Value) error {
	for i := range out.NumField() {
		f, v := out.Type().Field(i), out.Field(i)
		name, isHeader := f.Tag.Lookup("header")
		switch {
		case f.Name == "Status" && v.Kind() == reflect.Int:
			v.SetInt(int64(resp.StatusCode))
		case f.Name == "Body" && f.Type == reflect.TypeFor[[]byte]():
			v.SetBytes(body)
		case f.Name == "Body" && len(body) > 0:
			if err := decode(body, v.Addr().Interface()); err != nil {
				return fault.Wrap(err, fault.BadResponse, "the server's answer cannot be read: %s", err).WithHint("is it of another version than this program?")
			}
		case isHeader:
			if err := decodeHeader(resp.Header, name, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func decodeHeader(h http.Header, name string, v reflect.Value) error {
	text := h.Get(name)
	switch {
	case text == "":
	case v.Kind() == reflect.String:
		v.SetString(text)
	case v.Kind() == reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fault.New(fault.BadResponse, "the server's header %s is not a number", name)
		}
		v.SetInt(int64(n))
	case v.Type() == reflect.TypeFor[[]http.Cookie]():
		for _, cookie := range (&http.Response{Header: h}).Cookies() {
			v.Set(reflect.Append(v, reflect.ValueOf(*cookie)))
		}
	case v.Type() == reflect.TypeFor[http.Cookie]():
		if cookies := (&http.Response{Header: h}).Cookies(); len(cookies) > 0 {
			v.Set(reflect.ValueOf(*cookies[0]))
		}
	}
	return nil
}
