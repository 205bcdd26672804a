package server

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gantry/fault/faulttest"
)

// oneConnection is a listener to which a single connection comes.
type oneConnection struct {
	server chan net.Conn
	closed chan struct{}
}

func (l oneConnection) Accept() (net.Conn, error) {
	select {
	case c := <-l.server:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l oneConnection) Close() error {
	close(l.closed)
	return nil
}

func (l oneConnection) Addr() net.Addr { return &net.TCPAddr{} }

// TestHeadersAreBounded: senders who send headers without end, or byte by byte, are cut off; nobody handles what they
// send. Time is the bubble's.
func TestHeadersAreBounded(t *testing.T) {
	long := strings.Repeat("x", maxHeaders/2)
	for name, c := range map[string]struct {
		send   string
		answer string // how it begins; "": the connection is closed without one
		after  time.Duration
	}{
		"whole":     {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 204 ", 0},
		"half":      {"GET / HTTP/1.1\r\nHost: a\r\nX: " + long + "\r\n\r\n", "HTTP/1.1 204 ", 0},
		"too large": {"GET / HTTP/1.1\r\nHost: a\r\nX: " + long + "\r\nY: " + long + long + "\r\n\r\n", "HTTP/1.1 431 ", 0},
		"slow":      {"GET / HTTP/1.1\r\nHost: a\r\nX: ", "", headerTime},
		"nothing":   {"", "", headerTime},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				handled := false
				s := &Server{o: Options{Log: slog.New(slog.DiscardHandler)}}
				server := s.httpServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					handled = true
					w.WriteHeader(http.StatusNoContent)
				}))
				l := oneConnection{make(chan net.Conn, 1), make(chan struct{})}
				near, far := net.Pipe()
				l.server <- far
				go func() { _ = server.Serve(l) }()
				go func() { _, _ = io.WriteString(near, c.send) }() // what is too much is never taken
				began := time.Now()
				answer, err := bufio.NewReader(near).ReadString('\n')
				if !strings.HasPrefix(answer, c.answer) || c.answer == "" && (answer != "" || err == nil) {
					t.Errorf("answer %q, %v", answer, err)
				}
				if took := time.Since(began); took != c.after {
					t.Errorf("after %s, want %s", took, c.after)
				}
				faulttest.Must(t, server.Close())
				_ = near.Close()        // it is closed from the other side already
				time.Sleep(time.Second) // of the bubble: net/http lingers for half of one after a 431
				synctest.Wait()
				if want := strings.Contains(c.answer, "204"); handled != want {
					t.Errorf("handled: %t", handled)
				}
			})
		})
	}
}
