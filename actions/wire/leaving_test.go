package wire

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gantry/fault"
)

// listen serves each connection, by its number from 1, with do.
func listen(t *testing.T, do func(n int, c *net.TCPConn)) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for n := 1; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				do(n, c.(*net.TCPConn))
			}()
		}
	}()
	return &url.URL{Scheme: "http", Host: l.Addr().String(), Path: "/"}
}

// take reads n bytes of a request, or with 0 the whole of it.
func take(c net.Conn, n int64) bool {
	if n > 0 {
		_, err := io.CopyN(io.Discard, c, n)
		return err == nil
	}
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err == nil {
		_, err = io.Copy(io.Discard, r.Body)
	}
	return err == nil
}

// reset ends a connection so that the other side hears of it as an error, as that of a server that was killed.
func reset(c *net.TCPConn) {
	c.SetLinger(0)
	c.Close()
}

// Where a connection ends, class by class of its bytes, says whether a write may have been done. Once a byte of it
// left nobody here can know what the other side made of it.
func TestWhereAConnectionEnds(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n"
	large := []byte(strings.Repeat("x", 8<<20))
	for _, c := range []struct {
		name   string
		body   []byte
		do     func(n int, c *net.TCPConn)
		status int // of an answer that began
	}{
		{"reset within the request line", nil, func(_ int, c *net.TCPConn) { take(c, 3); reset(c) }, 0},
		{"reset within the headers", nil, func(_ int, c *net.TCPConn) { take(c, 30); reset(c) }, 0},
		{"reset within the body", large, func(_ int, c *net.TCPConn) { take(c, 1<<20); reset(c) }, 0},
		{"closed within the body", large, func(_ int, c *net.TCPConn) { take(c, 1<<20); c.Close() }, 0},
		{"reset after the request", nil, func(_ int, c *net.TCPConn) { take(c, 0); reset(c) }, 0},
		{"closed after the request", nil, func(_ int, c *net.TCPConn) { take(c, 0) }, 0},
		{"closed within the status line", nil, func(_ int, c *net.TCPConn) { take(c, 0); io.WriteString(c, "HTTP/1.1 20") }, 0},
		{"closed within the headers", nil, func(_ int, c *net.TCPConn) { take(c, 0); io.WriteString(c, ok) }, 0},
		{"closed within the body of the answer", nil, func(_ int, c *net.TCPConn) { take(c, 0); io.WriteString(c, ok+"\r\n12345") }, 200},
		{"closed after 100 Continue", nil, func(_ int, c *net.TCPConn) { take(c, 0); io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\n") }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var conns atomic.Int32
			u := listen(t, func(n int, conn *net.TCPConn) { conns.Add(1); c.do(n, conn) })
			body := c.body
			if body == nil {
				body = []byte(`{"a":1}`)
			}
			_, f := send(t, t.Context(), &Request{Method: "POST", URL: u, Body: body})
			if f == nil || !f.Sent || f.Status != c.status || !f.Fault.Passing {
				t.Errorf("%+v", f)
			}
			if n := conns.Load(); n != 1 {
				t.Errorf("the write was sent %d times", n)
			}
		})
	}
}

// What ends before a byte of the request left was not done, whatever the reason.
func TestNothingLeft(t *testing.T) {
	mute := listen(t, func(_ int, c *net.TCPConn) { io.Copy(io.Discard, c) }) // answers no handshake
	mute.Scheme = "https"
	hangsUp := listen(t, func(_ int, c *net.TCPConn) { take(c, 20) })
	hangsUp.Scheme = "https"
	strange := httptest.NewUnstartedServer(http.NotFoundHandler())
	strange.TLS = &tls.Config{MaxVersion: tls.VersionTLS11}
	strange.Config.ErrorLog = log.New(io.Discard, "", 0)
	strange.StartTLS()
	defer strange.Close()
	old, _ := url.Parse(strange.URL)
	for name, u := range map[string]*url.URL{
		"no handshake in time": mute, "the handshake breaks off": hangsUp, "no common version": old,
		"a name that nobody knows": {Scheme: "http", Host: "nobody.invalid"}, "a port that nobody listens at": {Scheme: "http", Host: "127.0.0.1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			_, f := send(t, ctx, &Request{Method: "POST", URL: u, Body: []byte("x")})
			if f == nil || f.Sent {
				t.Errorf("%+v", f)
			}
		})
	}
}

// A connection that takes nothing leaves nothing: the other side closed it before a byte of the request went out.
func TestAConnectionThatTakesNothing(t *testing.T) {
	for _, name := range []string{"a new one", "one that was used before"} {
		t.Run(name, func(t *testing.T) {
			transport := NewTransport(here)
			dials, most := 0, map[string]int{"a new one": 0, "one that was used before": 1}[name]
			transport.http.DialContext = counting(func(context.Context, string, string) (net.Conn, error) {
				dials++
				ours, theirs := net.Pipe()
				go func() {
					defer theirs.Close()
					r := bufio.NewReader(theirs)
					for range most {
						req, err := http.ReadRequest(r)
						if err != nil {
							return
						}
						io.Copy(io.Discard, req.Body)
						io.WriteString(theirs, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
					}
				}()
				return ours, nil
			})
			req := &Request{Method: "POST", URL: &url.URL{Scheme: "http", Host: "x.example", Path: "/"}, Body: []byte("x")}
			_, err := transport.Send(t.Context(), req)
			if name == "a new one" {
				if f := AsFailure(err); err == nil || f.Sent || f.Fault.Code != fault.Network {
					t.Errorf("%+v", f)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := transport.Send(t.Context(), req); err != nil || dials != 2 {
				t.Errorf("%d connections, %v", dials, err)
			}
		})
	}
}

// A write that met a connection which the other side closed while it was on its way is not sent again: it may have
// been done. A read is.
func TestAWriteOnAStaleConnectionIsNotSentTwice(t *testing.T) {
	for method, times := range map[string]int32{"POST": 2, "PUT": 2, "DELETE": 2, "PATCH": 2, "POST with a key": 2, "GET": 3} {
		t.Run(method, func(t *testing.T) {
			var requests atomic.Int32
			verb, _, keyed := strings.Cut(method, " ")
			u := listen(t, func(_ int, c *net.TCPConn) {
				for r := bufio.NewReader(c); ; {
					req, err := http.ReadRequest(r)
					if err != nil {
						return
					}
					io.Copy(io.Discard, req.Body)
					if (req.Header.Get("Idempotency-Key") == "k-1") != keyed {
						t.Error("the key came otherwise than it was given")
					}
					if requests.Add(1) == 2 {
						return // read whole, perhaps done, and closed
					}
					io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
				}
			})
			transport := NewTransport(here)
			defer transport.CloseIdle()
			req := &Request{Method: verb, URL: u}
			if keyed {
				req.Header = http.Header{"Idempotency-Key": {"k-1"}}
			}
			if method != "GET" {
				req.Body = []byte("x")
			}
			if _, err := transport.Send(t.Context(), req); err != nil {
				t.Fatal(err)
			}
			_, err := transport.Send(t.Context(), req)
			if f := AsFailure(err); method != "GET" && (err == nil || !f.Sent) || method == "GET" && err != nil {
				t.Errorf("%v", err)
			}
			if n := requests.Load(); n != times {
				t.Errorf("%d requests arrived, want %d", n, times)
			}
		})
	}
}

// The time that a write may take ends: before it went out nothing was done, after that nobody knows.
func TestTheTimeIsUp(t *testing.T) {
	for name, sent := range map[string]bool{"while connecting": false, "while the other side thinks": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				transport := NewTransport(here)
				defer transport.CloseIdle()
				transport.http.DialContext = counting(func(ctx context.Context, _, _ string) (net.Conn, error) {
					if !sent {
						<-ctx.Done()
						return nil, ctx.Err()
					}
					ours, theirs := net.Pipe()
					go io.Copy(io.Discard, theirs)
					return ours, nil
				})
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				_, err := transport.Send(ctx, &Request{Method: "POST", URL: &url.URL{Scheme: "http", Host: "x.example", Path: "/"}, Body: []byte("x")})
				if f := AsFailure(err); err == nil || f.Sent != sent || !f.TimedOut || f.Fault.Code != fault.Timeout {
					t.Errorf("%+v", f)
				}
			})
		})
	}
}
