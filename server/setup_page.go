package server

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"net/http"
)

// SetUpPath is the page on which the first administrator is made.
const SetUpPath = "/set-up"

//go:embed setup.html
var setUpPage []byte

// setUpPolicy lets the page's own script and style run, and nothing else.
var setUpPolicy = "default-src 'none'; script-src " + hashOf("script") + "; style-src " + hashOf("style") +
	"; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

// hashOf gives the hash of the content of the page's one element of a name, as a Content-Security-Policy has it.
func hashOf(element string) string {
	_, after, _ := bytes.Cut(setUpPage, []byte("<"+element+">"))
	content, _, _ := bytes.Cut(after, []byte("</"+element+">"))
	sum := sha256.Sum256(content)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// setUp shows the page. The secret stands behind the # of the link, so that it never reaches a log; the page sends it
// with the form to the API.
func setUp(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", setUpPolicy)
	_, _ = w.Write(setUpPage) // who asked is gone
}
