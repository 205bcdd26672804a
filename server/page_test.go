package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gantry/api"
	"gantry/fault"
)

func TestPages(t *testing.T) {
	fails := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusUnauthorized, fault.New(fault.SignedOut, "<b>no</b>"))
	})
	for name, c := range map[string]struct {
		handler      http.Handler
		path, accept string
		status       int
		want         string
		html         bool
	}{
		"a browser":   {readably(fails), api.ProviderCallback, "text/html,*/*", 401, "&lt;b&gt;no", true},
		"a program":   {readably(fails), api.ProviderCallback, "*/*", 401, "signed_out", false},
		"other paths": {readably(fails), api.Base + "/runs", "text/html", 401, "signed_out", false},
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, http.NoBody)
		r.Header.Set("Accept", c.accept)
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, r)
		policy := w.Header().Get("Content-Security-Policy")
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) || c.html != strings.Contains(policy, "default-src 'none'") || strings.Contains(w.Body.String(), "<script") {
			t.Errorf("%s: %d %q %s", name, w.Code, policy, w.Body)
		}
	}
}
