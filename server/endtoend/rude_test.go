package endtoend_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"gantry/fault/faulttest"
)

// dial opens a connection to the server without a client that knows HTTP.
func (p *process) dial() net.Conn {
	p.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(p.URL, "http://"))
	faulttest.Must(p.t, err)
	p.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// TestSlowSenders: 200 connections that send a byte a second, headers or a body, hold up nobody else at the same address.
func TestSlowSenders(t *testing.T) {
	t.Parallel()
	h := newHouse(t, map[string]string{"in": received})
	p := h.start()
	c := h.crowd("in", 1000*scale)
	var slow sync.WaitGroup
	stop := make(chan struct{})
	for i := range 200 {
		conn := p.dial()
		head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: gantry\r\nContent-Type: application/json\r\nContent-Length: 500\r\n", c.hooks[0].path)
		if i%2 == 0 {
			head += "\r\n" // then the body is slow
		}
		_, err := conn.Write([]byte(head))
		faulttest.Must(t, err)
		slow.Go(func() { drip(conn, stop) })
	}
	began := time.Now()
	c.send(t.Context())
	atMost(t, "1,000 deliveries beside 200 slow senders", time.Since(began), 20*time.Second)
	if c.count.Load() != int64(c.total) || c.refused.Load() > 0 {
		t.Errorf("%d of %d were answered, %d refused", c.count.Load(), c.total, c.refused.Load())
	}
	close(stop)
	slow.Wait()
	h.settled()
	faulttest.Must(t, p.stop())
	c.judge("in")
}

// drip sends a byte a second until it is told to stop, or cut off.
func drip(conn net.Conn, stop chan struct{}) {
	for tick := time.NewTicker(time.Second); ; {
		if _, err := conn.Write([]byte("x")); err != nil {
			tick.Stop()
			return
		}
		select {
		case <-tick.C:
		case <-stop:
			tick.Stop()
			_ = conn.Close()
			return
		}
	}
}

// TestHugeBodies: bodies of 100 MB are refused with 413 without being held, whether they say how large they are or not.
func TestHugeBodies(t *testing.T) {
	t.Parallel()
	h := newHouse(t, map[string]string{"in": received})
	p := h.start()
	path := h.hooks("in")[0].path
	before := p.peak()
	var senders sync.WaitGroup
	for i := range 16 {
		conn := p.dial()
		senders.Go(func() {
			if status := hugeBody(conn, path, i%2 == 0); status != http.StatusRequestEntityTooLarge {
				t.Errorf("a body of 100 MB was answered %d", status)
			}
		})
	}
	senders.Wait()
	grown := (p.peak() - before) >> 20
	t.Logf("16 bodies of 100 MB: %d MB more memory at most", grown)
	if grown > 64 {
		t.Errorf("the server held %d MB more", grown)
	}
	faulttest.Must(t, p.stop())
}

// hugeBody sends 100 MB, as far as the server takes them, and gives the status of the answer; 0: there was none.
func hugeBody(conn net.Conn, path string, said bool) int {
	answer := make(chan int, 1)
	go func() {
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			answer <- 0
			return
		}
		_ = resp.Body.Close()
		answer <- resp.StatusCode
	}()
	length := "Content-Length: 104857600"
	if !said {
		length = "Transfer-Encoding: chunked"
	}
	_, err := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: gantry\r\nContent-Type: application/json\r\n%s\r\n\r\n", path, length)
	mega := strings.Repeat(" ", 1<<20)
	if !said {
		mega = "100000\r\n" + mega + "\r\n"
	}
	for range 100 {
		if err == nil {
			_, err = conn.Write([]byte(mega)) // it is cut off, which is well
		}
	}
	return <-answer
}
