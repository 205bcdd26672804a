package console

import (
	"net/http"
	"strings"
)

// page is the console's one page. Each answer has another nonce in it.
type page struct{ parts []string }

func newPage(text string) *page { return &page{strings.Split(text, placeholder)} }

// policy lets run what lies in the console's own files, and styles that carry the nonce: libraries add some at run
// time. Nothing is asked of another host, and no other site can frame the page.
func policy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
}

func (p *page) write(w http.ResponseWriter, r *http.Request) {
	word := nonce()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy(word))
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(strings.Join(p.parts, word))) // who asked is gone
	}
}
