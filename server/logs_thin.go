package server

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// What is logged of warnings and errors that say the same: a full disk makes thousands of them, which would fill it
// again.
const (
	thinWindow = 10 * time.Second
	thinMost   = 5 // in a window; the next window's first one tells how many were left out
)

// thinned hands on what is logged, but for warnings and errors that repeat.
type thinned struct {
	slog.Handler
	said *said
}

// said counts messages in windows of time.
type said struct {
	mu      sync.Mutex
	windows map[string]*window
}

type window struct {
	begun   time.Time
	told    int
	leftOut int
}

// maxSaid bounds how many different messages are counted; their texts are fixed in the code.
const maxSaid = 1000

func thin(next slog.Handler) slog.Handler { return thinned{next, &said{windows: map[string]*window{}}} }

// Handle implements slog.Handler.
func (t thinned) Handle(ctx context.Context, r slog.Record) error {
	if r.Level < slog.LevelWarn {
		return t.Handler.Handle(ctx, r)
	}
	tell, leftOut := t.said.count(r)
	if !tell {
		return nil
	}
	if leftOut > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Int("left_out", leftOut))
	}
	return t.Handler.Handle(ctx, r)
}

// count tells whether a record is to be logged, and how many like it were not since the last one that was.
func (s *said) count(r slog.Record) (tell bool, leftOut int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.windows[r.Message]
	if w == nil {
		if len(s.windows) >= maxSaid {
			clear(s.windows)
		}
		w = &window{begun: r.Time}
		s.windows[r.Message] = w
	}
	if since := r.Time.Sub(w.begun); since >= thinWindow || since < 0 {
		leftOut = w.leftOut
		*w = window{begun: r.Time}
	}
	if w.told == thinMost {
		w.leftOut++
		return false, 0
	}
	w.told++
	return true, leftOut
}

// WithAttrs implements slog.Handler.
func (t thinned) WithAttrs(attrs []slog.Attr) slog.Handler {
	return thinned{t.Handler.WithAttrs(attrs), t.said}
}

// WithGroup implements slog.Handler.
func (t thinned) WithGroup(name string) slog.Handler {
	return thinned{t.Handler.WithGroup(name), t.said}
}
