package wire

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"gantry/fault"
)

var here = Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}

// raw serves one connection after the other with what do writes, after the request was read whole.
func raw(t *testing.T, do func(c net.Conn, r *http.Request)) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r, err := http.ReadRequest(bufio.NewReader(c))
				if err != nil {
					return
				}
				io.Copy(io.Discard, r.Body)
				do(c, r)
			}()
		}
	}()
	return &url.URL{Scheme: "http", Host: l.Addr().String(), Path: "/"}
}

func send(t *testing.T, ctx context.Context, req *Request) (*Answer, *Failure) {
	t.Helper()
	transport := NewTransport(here)
	t.Cleanup(transport.CloseIdle)
	a, err := transport.Send(ctx, req)
	if err == nil {
		return a, nil
	}
	return nil, AsFailure(err)
}

func TestBrokenAnswers(t *testing.T) {
	for _, c := range []struct {
		name     string
		answer   string
		code     fault.Code
		sent     bool
		status   int
		hasWords string
	}{
		{"closed without an answer", "", fault.Network, true, 0, "without an answer"},
		{"half a status line", "HTTP/1.1 2", fault.Network, true, 0, ""},
		{"half the headers", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-", fault.Network, true, 0, ""},
		{"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":", fault.BadResponse, true, 200, "half-way"},
		{"half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nabc", fault.BadResponse, true, 200, "half-way"},
		{"not HTTP", "SSH-2.0-OpenSSH_9.6\r\n", fault.Network, true, 0, "does not speak HTTP"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u := raw(t, func(conn net.Conn, _ *http.Request) { io.WriteString(conn, c.answer) })
			_, f := send(t, t.Context(), &Request{Method: "POST", URL: u, Body: []byte("x")})
			if f == nil {
				t.Fatal("no failure")
			}
			if f.Fault.Code != c.code || f.Sent != c.sent || f.Status != c.status || f.TimedOut || !strings.Contains(f.Fault.Message, c.hasWords) {
				t.Errorf("code %s, sent %v, status %d, timed out %v: %s", f.Fault.Code, f.Sent, f.Status, f.TimedOut, f.Fault.Message)
			}
			if !f.Fault.Passing {
				t.Error("not passing")
			}
		})
	}
}

func TestHalfBodyOfAnErrorIsStillThatError(t *testing.T) {
	u := raw(t, func(c net.Conn, _ *http.Request) {
		io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\n{\"Message\":\"no")
	})
	a, f := send(t, t.Context(), &Request{Method: "POST", URL: u})
	if f != nil || a.Status != 400 || !a.Cut || !strings.Contains(string(a.Body), "Message") {
		t.Errorf("answer %+v, failure %v", a, f)
	}
}

func TestNotSent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := "http://" + l.Addr().String()
	l.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	defer tls.Close()
	for name, address := range map[string]string{
		"refuses connections": dead, "does not speak https": strings.Replace(plain.URL, "http:", "https:", 1),
		"not trusted": tls.URL, "not a known name": "http://does-not-exist.invalid",
	} {
		u, _ := url.Parse(address)
		_, f := send(t, t.Context(), &Request{Method: "POST", URL: u, Body: []byte("x")})
		if f == nil || f.Fault.Code != fault.Network || f.Sent || !f.Fault.Passing {
			t.Errorf("%s: %+v", name, f)
			continue
		}
		if name != "not a known name" && !strings.Contains(f.Fault.Message, name) { // without a network the name server is silent
			t.Errorf("%s: says %q", name, f.Fault.Message)
		}
	}
}

func TestDeadlineAndCancel(t *testing.T) {
	arrived := make(chan struct{}, 2)
	u := raw(t, func(c net.Conn, _ *http.Request) {
		arrived <- struct{}{}
		io.Copy(io.Discard, c) // until the client gives up
	})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, f := send(t, ctx, &Request{Method: "POST", URL: u}); f == nil || f.Fault.Code != fault.Timeout || !f.Sent || !f.TimedOut {
		t.Errorf("past the deadline: %+v", f)
	}
	<-arrived
	ctx, cancel = context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	if _, f := send(t, ctx, &Request{Method: "POST", URL: u}); f == nil || f.Fault.Code != fault.Cancelled || !f.Sent || f.TimedOut {
		t.Errorf("cancelled: %+v", f)
	}
	ctx, cancel = context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if _, f := send(t, ctx, &Request{Method: "POST", URL: u}); f == nil || f.Sent || !f.TimedOut {
		t.Errorf("late from the start: %+v", f)
	}
}

func TestBounds(t *testing.T) {
	bomb := gzipped(8 << 20)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		case "/exact":
			fmt.Fprint(w, strings.Repeat("x", 1000))
		case "/error":
			w.WriteHeader(500)
			fmt.Fprint(w, strings.Repeat("x", 5000))
		}
	}))
	defer s.Close()
	at := func(path string) *Request {
		u, _ := url.Parse(s.URL + path)
		return &Request{Method: "GET", URL: u, MaxBody: 1000}
	}
	if _, f := send(t, t.Context(), at("/bomb")); f == nil || f.Fault.Code != fault.TooLarge || f.Fault.Passing {
		t.Errorf("gzip bomb: %+v", f)
	}
	if a, f := send(t, t.Context(), at("/exact")); f != nil || len(a.Body) != 1000 {
		t.Errorf("a body of just the bound: %v %v", a, f)
	}
	if a, f := send(t, t.Context(), at("/error")); f != nil || a.Status != 500 || len(a.Body) != 1000 || !a.Cut {
		t.Errorf("a large error: %v %v", a, f)
	}
}

func gzipped(n int) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(make([]byte, n))
	w.Close()
	return b.Bytes()
}

func TestHeadersOfTheRequest(t *testing.T) {
	var got *http.Request
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r }))
	defer s.Close()
	u, _ := url.Parse(s.URL)
	_, f := send(t, t.Context(), &Request{Method: "GET", URL: u, Header: http.Header{"X-Broken": {"a\r\nInjected: yes"}}})
	if f == nil || f.Sent || got != nil {
		t.Errorf("a header with a line break: %v, request %v", f, got)
	}
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	if _, f := send(t, t.Context(), &Request{Method: "GET", URL: u}); f != nil {
		t.Errorf("the environment's proxy was used: %v", f)
	}
}
