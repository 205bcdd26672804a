package webhook

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gantry/schema"
)

// problem is a request that was not accepted: what the sender is told, and, where the admin should know of
// it, its kind and why.
type problem struct {
	status  int
	message string
	kind    kind   // "": nobody is told
	why     string // for the admin; the message unless said
	retry   time.Duration
	allow   []string
}

func (p *problem) reason() string {
	if p.why != "" {
		return p.why
	}
	return p.message
}

// protect sets what every answer carries: hooks are public, and must not serve pages that do anything.
func protect(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
}

func writeProblem(w http.ResponseWriter, p problem) {
	if p.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retry.Seconds()))))
	}
	if p.allow != nil {
		w.Header().Set("Allow", strings.Join(p.allow, ", "))
	}
	writeJSON(w, p.status, map[string]any{"error": p.message})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	writeJSONAs(w, status, v, "application/json")
}

// writeJSONAs writes JSON under a content type that somebody chose; "" is JSON's own.
func writeJSONAs(w http.ResponseWriter, status int, v any, kind string) {
	text, err := schema.Encode(v)
	if err != nil { // values that no JSON can hold: an expression's infinity
		status, text = http.StatusInternalServerError, []byte(`{"error":"The answer cannot be written as JSON."}`)
	}
	if kind == "" {
		kind = "application/json"
	}
	w.Header().Set("Content-Type", kind)
	write(w, status, append(text, '\n'))
}

func write(w http.ResponseWriter, status int, text []byte) {
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // a sender that has gone needs no answer
}
