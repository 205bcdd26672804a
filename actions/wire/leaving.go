package wire

import (
	"context"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
)

// leaving finds out whether anything of a request left this machine. That its headers were written says too little:
// they are gathered first, and a connection that the other side has closed may take none of them. So the bytes that
// the connection took count.
type leaving struct {
	mu      sync.Mutex
	conn    *counted
	before  int64 // what the connection had taken of others
	written bool  // the headers were handed to the connection
	left    bool  // something of an earlier try left: the library tries again by itself where it holds that to be safe
}

// trace follows one request.
func (l *leaving) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.left = l.leftNow()
			l.conn, l.before, l.written = countedBelow(info.Conn), 0, false
			if l.conn != nil {
				l.before = l.conn.taken.Load()
			}
		},
		WroteHeaders: func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.written = true
		},
	})
}

// sent tells whether the other side may have got the whole request.
func (l *leaving) sent() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.leftNow()
}

func (l *leaving) leftNow() bool {
	return l.left || l.written && (l.conn == nil || l.conn.taken.Load() > l.before)
}

// counted is a connection that counts what it takes.
type counted struct {
	net.Conn
	taken atomic.Int64
}

// Write counts also what a write that failed got rid of.
func (c *counted) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.taken.Add(int64(n))
	return n, err
}

// counting makes the connections of a dialler count.
func counting(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &counted{Conn: c}, nil
	}
}

// countedBelow finds the connection that counts below an encrypted one.
func countedBelow(c net.Conn) *counted {
	for {
		switch at := c.(type) {
		case *counted:
			return at
		case interface{ NetConn() net.Conn }:
			c = at.NetConn()
		default:
			return nil
		}
	}
}

// keepFromRepeating hides from the library the headers for which it sends a write again by itself. Whether that is safe
// the action says, not a header that the other side may not even know. Names of headers are the same in small letters.
func keepFromRepeating(h http.Header) {
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if v, ok := h[name]; ok {
			delete(h, name)
			h[strings.ToLower(name)] = v
		}
	}
}
