package server

import (
	"crypto/sha256"
	"encoding/base64"
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

// TestThePolicyOfAPageIsOfItsStyle: of the very text that browsers take the sum of.
func TestThePolicyOfAPageIsOfItsStyle(t *testing.T) {
	for name, write := range map[string]func(http.ResponseWriter){
		"a page":     func(w http.ResponseWriter) { page{Title: "A"}.write(w, http.StatusOK) },
		"a question": func(w http.ResponseWriter) { askPage{Title: "A"}.write(w, http.StatusOK) },
	} {
		w := httptest.NewRecorder()
		write(w)
		_, after, _ := strings.Cut(w.Body.String(), "<style>")
		style, _, closed := strings.Cut(after, "</style>")
		sum := sha256.Sum256([]byte(style))
		if want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !closed || len(style) < 100 || !strings.Contains(w.Header().Get("Content-Security-Policy"), want) {
			t.Errorf("%s: %s is not in %v", name, want, w.Header())
		}
	}
}
