package halo

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// RequestLog is one request as it came, without secrets.
type RequestLog struct {
	Time        time.Time     `json:"time"`
	Method      string        `json:"method"`
	Path        string        `json:"path"`
	Query       string        `json:"query,omitempty"`
	Body        string        `json:"body,omitempty"` // the first 4 KiB
	Application string        `json:"application,omitempty"`
	UserAgent   string        `json:"user_agent,omitempty"`
	Status      int           `json:"status"` // zero when there was no answer
	Fault       string        `json:"fault,omitempty"`
	Duration    time.Duration `json:"duration_ns"`
}

const (
	keptRequests = 5000
	keptBody     = 4 << 10
	redacted     = "********"
)

// requestLog keeps the last requests.
type requestLog struct {
	mu   sync.Mutex
	list []RequestLog
}

func (l *requestLog) add(entry RequestLog) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) >= keptRequests {
		l.list = slices.Delete(l.list, 0, keptRequests/10)
	}
	l.list = append(l.list, entry)
}

func (l *requestLog) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = nil
}

// Requests gives the requests so far, oldest first, with secrets redacted. The oldest of very many are dropped.
func (s *Server) Requests() []RequestLog {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.list)
}

func (s *Server) describe(x *exchange, at time.Time) RequestLog {
	return RequestLog{
		Time: at, Method: x.r.Method, Path: x.r.URL.Path, Query: redactForm(x.r.URL.RawQuery), Body: s.redactBody(x),
		UserAgent: x.r.UserAgent(),
	}
}

// secretNames are form fields and JSON keys whose values are never kept.
var secretNames = []string{"client_secret", "refresh_token", "access_token", "id_token", "password", "token", "assertion", "code",
	"report_access_token"}

var secretJSON = regexp.MustCompile(`(?i)("[^"]*(?:secret|password|token)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"`)

func (s *Server) redactBody(x *exchange) string {
	text := string(x.body[:min(len(x.body), keptBody)])
	if last := x.path; len(last) > 0 && last[len(last)-1] == "token" {
		return redactForm(text)
	}
	text = secretJSON.ReplaceAllString(text, `${1}"`+redacted+`"`)
	for _, secret := range s.directory.secrets() {
		text = strings.ReplaceAll(text, secret, redacted)
	}
	return text
}

func redactForm(text string) string {
	if text == "" {
		return ""
	}
	parts := strings.Split(text, "&")
	for i, part := range parts {
		name, _, _ := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil || slices.Contains(secretNames, strings.ToLower(plain)) {
			parts[i] = name + "=" + redacted
		}
	}
	return strings.Join(parts, "&")
}
