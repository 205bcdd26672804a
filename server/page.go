package server

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"

	"gantry/api"
	"gantry/fault"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// page is a plain page without scripts.
type page struct {
	Title string
	Lines []string
	Links []link
}

type link struct{ Address, Text, After string }

// pagePolicy lets the page's own style count, and nothing else.
var pagePolicy = func() string {
	_, after, _ := strings.Cut(pageText, "<style>")
	style, _, _ := strings.Cut(after, "</style>")
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
}()

func (p page) write(w http.ResponseWriter, status int) {
	var text bytes.Buffer
	if err := pageTemplate.Execute(&text, p); err != nil {
		refuse(w, http.StatusInternalServerError, fault.From(err))
		return
	}
	h := w.Header()
	h.Del("Content-Length")
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", pagePolicy)
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // who asked is gone
}

// readably shows people who come back from a provider a page where the API would answer with an error.
func readably(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != api.ProviderCallback || !strings.Contains(r.Header.Get("Accept"), "text/html") {
			next.ServeHTTP(w, r)
			return
		}
		k := &kept{ResponseWriter: w}
		next.ServeHTTP(k, r)
		if k.status < http.StatusBadRequest {
			return
		}
		var f struct{ Message, Hint string }
		if json.Unmarshal(k.body.Bytes(), &f) != nil || f.Message == "" {
			f.Message = "The sign-in did not work."
		}
		p := page{Title: "You are not signed in", Lines: []string{f.Message}, Links: []link{{api.Base + "/sign-in/provider", "Begin again", ""}}}
		if f.Hint != "" {
			p.Lines = append(p.Lines, f.Hint)
		}
		p.write(w, k.status)
	})
}

// kept holds an error's answer back.
type kept struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter.
func (k *kept) WriteHeader(status int) {
	if k.status == 0 {
		k.status = status
		if status < http.StatusBadRequest {
			k.ResponseWriter.WriteHeader(status)
		}
	}
}

// Write implements http.ResponseWriter.
func (k *kept) Write(p []byte) (int, error) {
	k.WriteHeader(http.StatusOK)
	if k.status < http.StatusBadRequest {
		return k.ResponseWriter.Write(p)
	}
	return k.body.Write(p)
}
