package server

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// A disk that is full makes every run and delivery complain; the log tells of some, and how many there were.
func TestErrorsThatRepeatAreLeftOutAndCounted(t *testing.T) {
	var out bytes.Buffer
	handler := thin(slog.NewTextHandler(&out, nil)).WithAttrs([]slog.Attr{slog.String("part", "hooks")})
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	say := func(after time.Duration, level slog.Level, message string) {
		if err := handler.Handle(context.Background(), slog.NewRecord(at.Add(after), level, message, 0)); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 {
		say(0, slog.LevelError, "not kept")
		say(0, slog.LevelInfo, "request")
	}
	say(0, slog.LevelError, "something else")
	say(11*time.Second, slog.LevelError, "not kept")
	text := out.String()
	if got := strings.Count(text, `msg="not kept"`); got != thinMost+1 {
		t.Errorf("%d of the errors were logged, not %d:\n%s", got, thinMost+1, text)
	}
	if strings.Count(text, "msg=request") != 100 || !strings.Contains(text, "something else") {
		t.Errorf("what does not repeat as a warning was left out:\n%s", text)
	}
	if !strings.Contains(text, "left_out=95") || strings.Count(text, "left_out") != 1 {
		t.Errorf("it is not told how many were left out:\n%s", text)
	}
}
