package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// target is the server that workflows call: a process of its own, so that profiles and costs are of the engine alone.
type target struct {
	*process
	url string
}

func openTarget() (*target, error) {
	p, err := startRole("target")
	if err != nil {
		return nil, err
	}
	url, err := p.hear("listening")
	if err != nil {
		p.kill()
		return nil, err
	}
	return &target{p, url}, nil
}

func (t *target) close() { t.kill() }

// ask gives the text of an answer.
func (t *target) ask(path string) (string, error) {
	resp, err := http.Get(t.url + path) //nolint:noctx // a process beside this one
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

// counted gives how often /count was asked for.
func (t *target) counted() (int, error) {
	text, err := t.ask("/counted")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(text)
}

// serveTarget answers with 2 KB of JSON: at once; below /after/5ms after that time; below /hold when /release has been
// asked for. It counts what it is asked for below /count.
func serveTarget([]string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	body := []byte(`{"items": "` + strings.Repeat("x", 2000) + `"}`)
	var count atomic.Int64
	released := make(chan struct{})
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body) // who asks may be killed
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { answer(w) })
	mux.HandleFunc("/after/{time}", func(w http.ResponseWriter, r *http.Request) {
		d, _ := time.ParseDuration(r.PathValue("time"))
		time.Sleep(d)
		answer(w)
	})
	mux.HandleFunc("/hold", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-released:
		case <-r.Context().Done():
		}
		answer(w)
	})
	mux.HandleFunc("/release", func(http.ResponseWriter, *http.Request) { close(released) })
	mux.HandleFunc("/count", func(w http.ResponseWriter, _ *http.Request) {
		count.Add(1)
		answer(w)
	})
	mux.HandleFunc("/counted", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, count.Load()) })
	fmt.Printf("listening http://%s\n", listener.Addr())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	return http.Serve(listener, mux) //nolint:gosec // for one test's length, on loopback
}
