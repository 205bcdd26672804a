package halo

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is time as a value.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 9, 25, 14, 30, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// tenant is a simulated Halo with a client that is logged in, over real HTTP.
type tenant struct {
	t     *testing.T
	halo  *Server
	clock *clock
	base  string
	token string
}

func start(t *testing.T, options Options) *tenant {
	t.Helper()
	c := newClock()
	options.Now = c.now
	if options.RateLimit == 0 {
		options.RateLimit = -1
	}
	s := newServer(options.complete(), freshData(c.now))
	server := httptest.NewServer(s)
	t.Cleanup(func() { _ = s.Close(); server.Close() })
	te := &tenant{t: t, halo: s, clock: c, base: server.URL}
	te.token = te.login("all")
	return te
}

// pristine is the seeded data; copying it is much faster than seeding for every test.
var pristine = sync.OnceValue(func() *state { return seeded(newClock().now, 0) })

func freshData(now func() time.Time) *state {
	from := pristine()
	st := newState(now, 0)
	st.guids = from.guids
	for name, old := range from.tables {
		t := st.table(name)
		t.next, t.last = old.next, maps.Clone(old.last)
		for field, counts := range old.counts {
			t.counts[field] = maps.Clone(counts)
		}
		for _, r := range old.rows {
			r = r.clone()
			t.rows = append(t.rows, r)
			t.byKey[st.resource(name).key(r)] = r
			if parent := st.resource(name).parent; parent != "" {
				t.groups[r.int(parent)] = append(t.groups[r.int(parent)], r)
			}
		}
	}
	return st
}

// reply is an answer that has been read.
type reply struct {
	status int
	header http.Header
	text   string
}

func (r reply) object(t *testing.T) map[string]any {
	t.Helper()
	var m map[string]any
	decode(t, r.text, &m)
	return m
}

func (r reply) array(t *testing.T) []map[string]any {
	t.Helper()
	var list []map[string]any
	decode(t, r.text, &list)
	return list
}

// rows reads the rows of an enveloped list.
func (r reply) rows(t *testing.T, key string) []map[string]any {
	t.Helper()
	list, ok := r.object(t)[key].([]any)
	if !ok {
		t.Fatalf("no array %q in %.200s", key, r.text)
	}
	rows := []map[string]any{}
	for _, v := range list {
		rows = append(rows, v.(map[string]any))
	}
	return rows
}

func decode(t *testing.T, text string, v any) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber() // 18.0 stays 18.0
	if err := dec.Decode(v); err != nil {
		t.Fatalf("%v in %.300s", err, text)
	}
}

func (te *tenant) do(method, path, body string, header ...string) (reply, error) {
	r, err := http.NewRequest(method, te.base+path, strings.NewReader(body))
	if err != nil {
		te.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if te.token != "" {
		r.Header.Set("Authorization", "Bearer "+te.token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return reply{answer.StatusCode, answer.Header, string(text)}, err
}

func (te *tenant) must(status int, method, path, body string, header ...string) reply {
	te.t.Helper()
	r, err := te.do(method, path, body, header...)
	if err != nil {
		te.t.Fatalf("%s %s: %v", method, path, err)
	}
	if r.status != status {
		te.t.Fatalf("%s %s answered %d, want %d: %.300s", method, path, r.status, status, r.text)
	}
	return r
}

func (te *tenant) get(path string) reply { te.t.Helper(); return te.must(200, "GET", path, "") }

func (te *tenant) post(path, body string) map[string]any {
	te.t.Helper()
	return te.must(201, "POST", path, body).object(te.t)
}

// refusal posts what breaks a rule and gives the exception's message.
func (te *tenant) refusal(path, body string) string {
	te.t.Helper()
	r := te.must(400, "POST", path, body).object(te.t)
	if r["ClassName"] != "System.Exception" {
		te.t.Fatalf("not an exception: %v", r)
	}
	return r["Message"].(string)
}

func (te *tenant) form(path string, values url.Values) reply {
	te.t.Helper()
	answer, err := http.PostForm(te.base+path, values)
	if err != nil {
		te.t.Fatal(err)
	}
	defer answer.Body.Close()
	var text bytes.Buffer
	_, _ = text.ReadFrom(answer.Body)
	return reply{answer.StatusCode, answer.Header, text.String()}
}

func credentials(scope string) url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {DefaultClientID}, "client_secret": {DefaultClientSecret}, "scope": {scope}}
}

func (te *tenant) login(scope string) string {
	te.t.Helper()
	r := te.form("/auth/token?tenant="+te.halo.options.Tenant, credentials(scope))
	if r.status != 200 {
		te.t.Fatalf("login answered %d: %s", r.status, r.text)
	}
	return r.object(te.t)["access_token"].(string)
}

// as gives the same tenant to a client that is logged in with other scopes.
func (te *tenant) as(scope string) *tenant {
	other := *te
	other.token = te.login(scope)
	return &other
}

func str(v any) string {
	switch v := v.(type) {
	case json.Number:
		return v.String()
	case string:
		return v
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}
