package api

import (
	"bufio"
	"context"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gantry/access"
	"gantry/engine"
	"gantry/engine/flow"
	"gantry/fault"
	"gantry/fault/faulttest"
)

type tick struct {
	N int `json:"n"`
}

var ticks = Stream[struct{}, tick]{ID: "ticks", Path: "/ticks", Policy: Policy{Where: SignedIn}}

// upTo gives the numbers after one, up to another, and then an error, where there is one.
func upTo(last int, then error) func(context.Context, *struct{}, int) (iter.Seq2[Sent[tick], error], error) {
	return func(_ context.Context, _ *struct{}, after int) (iter.Seq2[Sent[tick], error], error) {
		return func(yield func(Sent[tick], error) bool) {
			for n := after + 1; n <= last; n++ {
				if !yield(Sent[tick]{n, tick{n}}, nil) {
					return
				}
			}
			if then != nil {
				yield(Sent[tick]{}, then)
			}
		}, nil
	}
}

// follow reads a stream to its end.
func follow(t *testing.T, c *Client, last int) (got []int, err error) {
	t.Helper()
	for e, failed := range ticks.Follow(t.Context(), c, &struct{}{}, last) {
		if failed != nil {
			return got, failed
		}
		if e.Seq != e.Data.N {
			t.Errorf("%d has the id %d", e.Data.N, e.Seq)
		}
		got = append(got, e.Data.N)
	}
	return got, nil
}

// TestStream: events come in order, go on where a reader was, and an error ends them.
func TestStream(t *testing.T) {
	for _, c := range []struct {
		last  int
		then  error
		after int
		want  int
	}{{3, nil, 0, 3}, {3, nil, 2, 1}, {3, nil, 3, 0}, {0, nil, 0, 0}, {2, fault.New(fault.Interrupted, "closing"), 0, 2}} {
		a := New(House{})
		ticks.serve(a, upTo(c.last, c.then))
		got, err := follow(t, InMemory(a.Handler(), access.Local("tester")), c.after)
		if len(got) != c.want || (err != nil) != (c.then != nil) || err != nil && fault.From(err).Code != fault.Interrupted {
			t.Errorf("%+v: %v %v", c, got, err)
		}
	}
}

// TestStreamBreaks: a reader whose connection breaks begins again after what it got, by itself.
func TestStreamBreaks(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Get(lastEventID))
		switch len(asked) {
		case 1:
			_, _ = w.Write([]byte(": here\n\nid: 1\ndata: {\"n\": 1}\n\nid: 2\ndata: {\"n\"")) // half an event
		case 2:
			w.WriteHeader(http.StatusBadGateway)
		default:
			_, _ = w.Write([]byte("id: 2\ndata: {\"n\":\ndata: 2}\n\nevent: end\ndata: {}\n\nid: 9\ndata: {\"n\": 9}\n\n"))
		}
	}))
	defer server.Close()
	c, err := NewClient(server.URL, "", nil)
	faulttest.Must(t, err)
	defer c.Close()
	c.wait = func(context.Context, time.Duration) error { return nil }
	got, err := follow(t, c, 0)
	if err != nil || len(got) != 2 || strings.Join(asked, ",") != ",1,1" {
		t.Error(got, err, asked)
	}
}

// TestHeartbeat: a stream on which nothing happens says so, and ends when its reader goes.
func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := New(House{})
		ticks.serve(a, func(ctx context.Context, _ *struct{}, _ int) (iter.Seq2[Sent[tick], error], error) {
			return func(func(Sent[tick], error) bool) { <-ctx.Done() }, nil
		})
		ctx, stop := context.WithCancel(t.Context())
		c := InMemory(a.Handler(), access.Local("tester"))
		r, err := newRequest(ctx, "GET", ticks.Path, &struct{}{})
		faulttest.Must(t, err)
		resp, err := c.do(r)
		faulttest.Must(t, err)
		began := time.Now()
		lines := bufio.NewScanner(resp.Body)
		beats := 0
		for beats < 3 && lines.Scan() {
			if lines.Text() == ": still here" {
				beats++
			}
		}
		if took := time.Since(began); beats != 3 || took != 45*time.Second {
			t.Error(beats, took)
		}
		stop()
		_ = resp.Body.Close()
		synctest.Wait()
	})
}

// TestFollowRun: a run's events tell its whole story, also when it has ended, and over a server's socket.
func TestFollowRun(t *testing.T) {
	w := newWorld(t)
	run := w.run("greet/hello", w.contoso, map[string]any{"name": "Ada"})
	dir := filepath.Join(t.TempDir(), strings.Repeat("a-long-name/", 12))
	faulttest.Must(t, os.MkdirAll(dir, 0o700))
	listener, err := Listen(dir)
	faulttest.Must(t, err)
	server := &http.Server{Handler: w.handler, ReadHeaderTimeout: time.Second, BaseContext: nil}
	server.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.handler.ServeHTTP(rw, r.WithContext(WithCaller(r.Context(), local)))
	})
	go func() { _ = server.Serve(listener) }()
	info, err := os.Stat(filepath.Join(dir, SocketFile))
	if err != nil || info.Mode().Perm() != 0o600 || !HasSocket(dir) {
		t.Error(info, err)
	}
	over := OverSocket(dir)
	for _, c := range []*Client{w.as(local), over} {
		var last engine.Update
		names := map[string]bool{}
		for e, err := range FollowRun.Follow(t.Context(), c, &FollowRunIn{OfRunIn: OfRunIn{run[:13]}}, 0) {
			faulttest.Must(t, err)
			last = e.Data
			for _, step := range e.Data.Changed {
				names[step.Name] = true
			}
		}
		if last.Status != flow.Succeeded || last.Run != run || !names["say"] {
			t.Errorf("%+v %v", last, names)
		}
	}
	over.Close()
	faulttest.Must(t, server.Close())
	if HasSocket(dir) {
		t.Error("the socket is still there")
	}
	if _, err := ShowServer.Call(t.Context(), OverSocket(dir), &struct{}{}); fault.From(err).Code != fault.Network {
		t.Error(err)
	}
}
