package main

import (
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"gantry/sandbox/halo"
	"gantry/source"
)

// requestLines writes a line for each request that a simulator has answered.
type requestLines struct {
	mu    *sync.Mutex // of out
	out   io.Writer
	style style
}

// take writes one request: when, what was asked, what was answered, how long it took, who asked.
func (l requestLines) take(r halo.RequestLog) {
	line := fmt.Sprintf("%s %s %-6s %s %s", l.style.dim(r.Time.Local().Format("15:04:05")), l.status(r.Status), r.Method, target(r),
		l.style.dim(r.Duration.Round(time.Millisecond/10).String()))
	if r.Application != "" {
		line += " " + l.style.dim(source.OneLine(r.Application))
	}
	if r.Fault != "" {
		line += " " + l.style.warn("fault: "+r.Fault)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintln(l.out, line)
}

// deliver writes one attempt to deliver a webhook: what was answered, where it went, what it told, why it failed.
func (l requestLines) deliver(d halo.Delivery) {
	at := d.Time
	if t, err := time.Parse(time.RFC3339Nano, d.Time); err == nil {
		at = t.Local().Format("15:04:05")
	}
	line := fmt.Sprintf("%s %s webhook %s %s %s", l.style.dim(at), l.status(int(d.Status)), d.Method, source.OneLine(d.URL), source.OneLine(d.Event))
	if d.Together > 1 {
		line += fmt.Sprintf(" (%d events)", d.Together)
	}
	if d.Status == 0 {
		line += " " + l.style.bad(source.OneLine(d.Answer))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintln(l.out, line)
}

// status shows what was answered; no number where the connection was cut.
func (l requestLines) status(status int) string {
	switch text := strconv.Itoa(status); {
	case status == 0:
		return l.style.bad("cut")
	case status < 300:
		return l.style.good(text)
	case status >= 500:
		return l.style.bad(text)
	default:
		return l.style.warn(text)
	}
}

func target(r halo.RequestLog) string {
	if r.Query == "" {
		return source.OneLine(r.Path)
	}
	return source.OneLine(r.Path + "?" + r.Query)
}
