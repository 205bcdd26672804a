package halo

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxBody bounds the body of an API request.
const maxBody = 32 << 20

// exchange is one request being answered.
type exchange struct {
	w     http.ResponseWriter
	r     *http.Request
	path  []string // of segments, in lower case, without empty ones
	query *query
	body  []byte
	entry RequestLog
}

// ServeHTTP answers the authorisation server (/auth), the API (/api) and the simulator's own controls (/_sandbox).
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{w: w, r: r, query: readQuery(r.URL.RawQuery)}
	for segment := range strings.SplitSeq(r.URL.Path, "/") {
		if segment != "" {
			x.path = append(x.path, strings.ToLower(segment))
		}
	}
	control := len(x.path) > 0 && x.path[0] == "_sandbox"
	if foreign(r) || control && !s.mayControl(r) {
		empty(http.StatusForbidden).write(w)
		return
	}
	if control {
		s.routes.ServeHTTP(w, r)
		return
	}
	started := s.options.Now()
	err := x.readBody()
	x.entry = s.describe(x, started)
	defer func() { // also when a fault breaks the connection off
		x.entry.Duration = s.options.Now().Sub(started)
		s.log.add(x.entry)
		if s.options.OnRequest != nil {
			s.options.OnRequest(x.entry)
		}
	}()
	s.deliver(x, func() answer {
		if err != nil {
			return empty(http.StatusRequestEntityTooLarge)
		}
		return s.answer(x)
	})
}

// readBody keeps the body so that it can be logged and read again.
func (x *exchange) readBody() error {
	text, err := readBounded(x.r.Body, maxBody)
	x.body = text
	x.r.Body = io.NopCloser(bytes.NewReader(text))
	if errors.Is(err, errTooLarge) {
		return err
	}
	return nil
}

// answer finds who is responsible for a path.
func (s *Server) answer(x *exchange) answer {
	switch path := strings.Join(x.path, "/"); path {
	case "auth/token", "token":
		if x.r.Method != http.MethodPost {
			return notAllowed(http.MethodPost)
		}
		return s.token(x.r)
	case "api/authinfo":
		if x.r.Method != http.MethodGet {
			return notAllowed(http.MethodGet)
		}
		return s.authInfo(x.r)
	}
	if len(x.path) < 2 || len(x.path) > 4 || x.path[0] != "api" {
		return empty(http.StatusNotFound)
	}
	return s.api(x)
}

func notAllowed(methods ...string) answer {
	return answer{status: http.StatusMethodNotAllowed, header: http.Header{"Allow": {strings.Join(methods, ", ")}}}
}

// api answers a resource: route, then login, then the rate limit, then rights, then the work.
func (s *Server) api(x *exchange) answer {
	t, refusal := route(x.path[1:], x.r.Method)
	if refusal != nil {
		return *refusal
	}
	who, ok := s.authenticate(x.r)
	if !ok {
		return empty(http.StatusUnauthorized)
	}
	x.entry.Application = who.app.Name
	if wait, ok := s.limiter.take(who.app.ClientID, s.options.Now()); !ok {
		return s.tooMany(wait)
	}
	if !who.may(t.res.area, x.r.Method != http.MethodGet) {
		return empty(http.StatusForbidden)
	}
	if t.op != nil {
		return s.operate(x, t, who)
	}
	return s.work(x, t.res, t.id, who)
}

func (s *Server) tooMany(wait time.Duration) answer {
	a := empty(http.StatusTooManyRequests)
	switch s.settings().RetryAfter {
	case retryAfterSeconds:
		a.header = http.Header{"Retry-After": {strconv.Itoa(max(wholeSeconds(wait), 1))}}
	case retryAfterDate:
		a.header = http.Header{"Retry-After": {httpDate(s.options.Now().Add(time.Duration(wholeSeconds(wait)) * time.Second))}}
	}
	return a
}

func wholeSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// httpDate rounds up: who waits until then has waited long enough.
func httpDate(at time.Time) string { return at.Add(time.Second - 1).UTC().Format(http.TimeFormat) }

func (s *Server) work(x *exchange, res *resource, id string, who principal) answer {
	if x.r.Method == http.MethodGet {
		s.mu.RLock()
		defer s.mu.RUnlock()
		switch id {
		case "":
			l := &listing{state: s.data, res: res, q: x.query, who: who, pageCap: s.options.PageCap}
			return l.answer()
		case "me":
			return s.data.me(res, who)
		}
		return s.data.get(who, res, id, x.query)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.hooks.add(s.data.takeDue()) }()
	if x.r.Method == http.MethodDelete {
		return s.data.gone(who, res, id, x.query)
	}
	if !isJSON(x.r.Header.Get("Content-Type")) {
		return empty(http.StatusUnsupportedMediaType)
	}
	return s.data.post(res, who, x.body, x.query.bool("returnall"))
}

// isJSON accepts the content types that Halo documents for bodies, and none at all.
func isJSON(header string) bool {
	if header == "" {
		return true
	}
	kind, _, err := mime.ParseMediaType(header)
	return err == nil && (kind == "application/json" || kind == "text/json" ||
		strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"))
}
