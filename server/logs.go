package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"

	"gantry/fault"
)

// NewLog makes the log of a server: text for people at a terminal, JSON for machines. format is text or json; ""
// is what fits. Warnings and errors that repeat are thinned out.
func NewLog(out io.Writer, level slog.Level, format string, terminal bool) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if format == "text" || format == "" && terminal {
		return slog.New(thin(slog.NewTextHandler(out, o)))
	}
	return slog.New(thin(slog.NewJSONHandler(out, o)))
}

// RequestIDHeader names a request in logs and answers. One that a proxy has set is kept if it looks like one.
const RequestIDHeader = "X-Request-Id"

type requestIDKey struct{}

// named gives every request an id and says it in the answer.
func named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(RequestIDHeader)
		if !isRequestID(id) {
			id = uuid.Must(uuid.NewV7()).String()
		}
		w.Header().Set(RequestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

func isRequestID(id string) bool {
	return len(id) >= 8 && len(id) <= 64 && strings.Trim(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == ""
}

func requestID(r *http.Request) string {
	id, _ := r.Context().Value(requestIDKey{}).(string)
	return id
}

// logged writes a line for every request. shown gives the path as it may be seen: addresses of webhooks are secrets.
func logged(log *slog.Logger, shown func(*http.Request) string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, aw := time.Now(), &counted{ResponseWriter: w}
		defer func() {
			log.Info("request", "id", requestID(r), "method", r.Method, "path", shown(r), "status", aw.code(), "bytes", aw.bytes,
				"duration_ms", float64(time.Since(began).Microseconds())/1000, "from", r.RemoteAddr)
		}()
		next.ServeHTTP(aw, r)
	})
}

// counted is an answer whose status and size are known afterwards.
type counted struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (c *counted) WriteHeader(status int) {
	if c.status == 0 && status >= 200 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (c *counted) Write(p []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	n, err := c.ResponseWriter.Write(p)
	c.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach what is below: streams flush and set deadlines.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// code is the status that was sent, or would be.
func (c *counted) code() int {
	if c.status == 0 {
		return http.StatusOK
	}
	return c.status
}

// guarded answers 500 where what serves panics, and says it in the log; the process goes on. An answer that has
// begun is cut off.
func guarded(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		aw := &counted{ResponseWriter: w}
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if cause == http.ErrAbortHandler { //nolint:errorlint // net/http compares it like this
				panic(cause)
			}
			log.Error("a request made Gantry panic", "id", requestID(r), "cause", cause, "stack", string(debug.Stack()))
			if aw.status != 0 {
				panic(http.ErrAbortHandler)
			}
			refuse(aw, http.StatusInternalServerError, fault.New(fault.Internal, "a defect in Gantry").WithHint("its log names the request %s; please report it", requestID(r)))
		}()
		next.ServeHTTP(aw, r)
	})
}
