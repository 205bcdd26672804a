package halo

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// RequestLog is one request as it came, without secrets.
type RequestLog struct {
	Time        time.Time         `json:"time"`
	Method      string            `json:"method"`
	Path        string            `json:"path"`
	Query       string            `json:"query,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"` // those that matter to Halo
	Body        string            `json:"body,omitempty"`    // the first 4 KiB
	Application string            `json:"application,omitempty"`
	UserAgent   string            `json:"user_agent,omitempty"`
	Status      int               `json:"status"` // zero when there was no answer
	Size        int               `json:"size"`   // of the answer, in bytes
	Fault       string            `json:"fault,omitempty"`
	Duration    time.Duration     `json:"duration_ns"`

	resource string // for the statistics; empty where there is none
}

const (
	keptRequests = 5000
	keptBody     = 4 << 10
	redacted     = "********"
)

// requestLog keeps the last requests and counts all.
type requestLog struct {
	mu     sync.Mutex
	list   []RequestLog
	counts counts
}

func newRequestLog() *requestLog { return &requestLog{counts: newCounts()} }

func (l *requestLog) add(entry RequestLog) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) >= keptRequests {
		l.list = slices.Delete(l.list, 0, keptRequests/10)
	}
	l.list = append(l.list, entry)
	l.counts.add(entry)
}

// clear empties the log; reset forgets the counts, too.
func (l *requestLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
}

func (l *requestLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list, l.counts = nil, newCounts()
}

// Requests gives the requests so far, oldest first, with secrets redacted. The oldest of very many are dropped.
func (s *Server) Requests() []RequestLog {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.list)
}

func (s *Server) describe(x *exchange, at time.Time) RequestLog {
	return RequestLog{
		Time: at, Method: x.r.Method, Path: x.r.URL.Path, Query: redactForm(x.r.URL.RawQuery), Headers: loggedHeaders(x.r.Header),
		Body: s.redactBody(x), UserAgent: x.r.UserAgent(), resource: resourceOf(x.path),
	}
}

// resourceOf names what a path is about, of the things there are: made-up paths must not fill the statistics.
func resourceOf(path []string) string {
	switch {
	case len(path) < 2:
		return ""
	case path[0] == "api" && (resources()[path[1]] != nil || path[1] == "authinfo"), path[0] == "auth" && path[1] == "token":
		return path[0] + "/" + path[1]
	}
	return ""
}

// loggedHeaders keeps the headers that say how a request was signed in and meant; of a secret only that it was there.
func loggedHeaders(h http.Header) map[string]string {
	out := map[string]string{}
	for _, name := range []string{"Authorization", "X-Halo-Api-Key", "Content-Type", FaultHeader} {
		v := h.Get(name)
		switch {
		case v == "":
			continue
		case name == "Authorization":
			scheme, _, spaced := strings.Cut(v, " ")
			if !spaced {
				scheme = ""
			}
			v = strings.TrimSpace(scheme + " " + redacted)
		case name == "X-Halo-Api-Key":
			v = redacted
		}
		out[name] = v
	}
	return out
}

// secretWord marks form fields and JSON keys whose values are never kept.
const secretWord = `secret|passw|token|api_?key|authorization|assertion|private_?key`

var (
	secretName = regexp.MustCompile(`(?i)` + secretWord + `|^code$`)
	// The value of a key: a text, also one that the log's bound has cut off, or a number.
	secretJSON = regexp.MustCompile(`(?i)("[^"]*(?:` + secretWord + `)[^"]*"\s*:\s*)(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[-0-9][-+.0-9eE]*)`)
)

// redactBody takes secrets out before the body is cut, so that none is cut in half and kept.
func (s *Server) redactBody(x *exchange) string {
	text := string(x.body[:min(len(x.body), 2*keptBody)])
	if last := x.path; len(last) > 0 && last[len(last)-1] == "token" {
		text = redactForm(text)
	} else {
		text = secretJSON.ReplaceAllString(text, `${1}"`+redacted+`"`)
	}
	for _, secret := range s.directory.secrets() {
		text = strings.ReplaceAll(text, secret, redacted)
	}
	return strings.ToValidUTF8(text[:min(len(text), keptBody)], "")
}

func redactForm(text string) string {
	if text == "" {
		return ""
	}
	parts := strings.Split(text, "&")
	for i, part := range parts {
		name, _, _ := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil || secretName.MatchString(plain) {
			parts[i] = name + "=" + redacted
		}
	}
	return strings.Join(parts, "&")
}
