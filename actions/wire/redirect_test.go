package wire

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gantry/fault"
)

func TestRedirects(t *testing.T) {
	var seen []string
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, "other "+r.Method+" "+r.Header.Get("Authorization")+r.Header.Get("X-Api-Key")+r.Header.Get("Cookie"))
	}))
	defer other.Close()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization"))
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, other.URL+"/x", http.StatusFound)
		case "/moved", "/moved-write":
			http.Redirect(w, r, "/here", http.StatusTemporaryRedirect)
		case "/found":
			http.Redirect(w, r, "/here", http.StatusFound)
		case "/see-other":
			http.Redirect(w, r, "/here", http.StatusSeeOther)
		case "/circle":
			http.Redirect(w, r, "/circle", http.StatusFound)
		case "/write-away":
			http.Redirect(w, r, other.URL+"/x", http.StatusPermanentRedirect)
		case "/none":
			w.WriteHeader(http.StatusFound)
		}
	}))
	defer s.Close()
	transport := NewTransport(here)
	defer transport.CloseIdle()
	for _, c := range []struct {
		method, path string
		status       int // zero: a failure
		last         string
	}{
		{"GET", "/moved", 200, "GET /here secret"},
		{"GET", "/found", 200, "GET /here secret"},
		{"GET", "/away", 200, "other GET "},
		{"GET", "/circle", 0, "GET /circle secret"},
		{"GET", "/none", 302, "GET /none secret"},
		{"POST", "/moved-write", 200, "POST /here secret"},
		{"POST", "/found", 0, "POST /found secret"},
		{"POST", "/write-away", 0, "POST /write-away secret"},
		{"GET", "/see-other", 200, "GET /here secret"},
		{"POST", "/see-other", 0, "POST /see-other secret"},
	} {
		seen = nil
		u, _ := url.Parse(s.URL + c.path)
		h := http.Header{"Authorization": {"secret"}, "X-Api-Key": {"secret"}, "Cookie": {"a=secret"}, "Accept": {"application/json"}}
		a, err := Redirects(transport).Send(t.Context(), &Request{Method: c.method, URL: u, Header: h, Body: nil})
		if got := seen[len(seen)-1]; got != c.last {
			t.Errorf("%s %s: last request was %q, want %q", c.method, c.path, got, c.last)
		}
		if c.status == 0 {
			if f := AsFailure(err); err == nil || f.Fault.Code != fault.BadResponse || f.Sent != (c.path == "/see-other" || c.path == "/found") {
				t.Errorf("%s %s: %v", c.method, c.path, err)
			}
		} else if err != nil || a.Status != c.status {
			t.Errorf("%s %s: %v %v", c.method, c.path, a, err)
		}
	}
	if len(seen) > MaxRedirects+1 {
		t.Errorf("%d hops", len(seen))
	}
}

func TestOnlyTheWebIsFollowedTo(t *testing.T) {
	from, _ := url.Parse("http://a.example/x")
	for _, location := range []string{"file:///etc/passwd", "ftp://a.example/", "mailto:a@a.example", "http:///nowhere"} {
		_, f := follow(&Request{Method: "GET", URL: from}, &Answer{Status: 302, Header: http.Header{"Location": {location}}})
		if f == nil || f.Code != fault.BadResponse || !strings.Contains(f.Message, "a.example redirects to a ") {
			t.Errorf("%s: %v", location, f)
		}
	}
}

func TestNoWayFromHTTPSToHTTP(t *testing.T) {
	from, _ := url.Parse("https://a.example/x")
	for location, refused := range map[string]bool{"http://a.example/x": true, "ftp://a.example/": true, "https://b.example/": false, "/y": false} {
		_, f := follow(&Request{Method: "GET", URL: from}, &Answer{Status: 302, Header: http.Header{"Location": {location}}})
		if (f != nil) != refused {
			t.Errorf("%s: %v", location, f)
		}
		if f != nil && !strings.Contains(f.Message, "https") {
			t.Errorf("%s: says %q", location, f.Message)
		}
	}
}
