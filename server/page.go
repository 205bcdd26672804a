package server

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"net/http"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"gantry/api"
)

//go:embed page.css
var pageStyle string

// page is a plain page.
type page struct {
	Title string
	Lines []string
	Links []link
}

type link struct{ Address, Text, After string }

func (p page) write(w http.ResponseWriter, status int) {
	header := w.Header()
	header.Del("Content-Length")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	document{title: p.Title, style: pageStyle, forms: "'none'"}.write(w, status,
		h.H1(g.Text(p.Title)),
		g.Map(p.Lines, func(line string) g.Node { return h.P(g.Text(line)) }),
		g.Map(p.Links, func(l link) g.Node { return h.P(h.A(h.Href(l.Address), g.Text(l.Text)), g.Text(l.After)) }))
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
