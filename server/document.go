package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// document is a page that the server makes itself: without scripts, so that it works everywhere. All text in it is escaped.
//
// It is made of Go rather than of a template of the standard library: those look for methods by name, so that the
// linker has to keep every method of every type of the program, a seventh of its size.
type document struct {
	title, style string
	head         g.Node // what else its head says
	forms        string // where forms may be sent to, as a policy has it
}

// policy lets the document's own style count, and nothing else.
func (d document) policy() string {
	sum := sha256.Sum256([]byte(d.style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action " + d.forms + "; frame-ancestors 'none'; base-uri 'none'"
}

func (d document) write(w http.ResponseWriter, status int, main ...g.Node) {
	var text bytes.Buffer
	_ = h.Doctype(h.HTML(h.Lang("en-GB"), // into memory
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")),
			d.head,
			h.TitleEl(g.Text(d.title)),
			h.StyleEl(g.Raw(d.style)),
		),
		h.Body(h.Main(main...)),
	)).Render(&text)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", d.policy())
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // who asked is gone
}
