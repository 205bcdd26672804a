package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

// file is a file of the console: plain, and compressed once somebody who takes that asks for it.
type file struct {
	kind    string // its media type
	plain   []byte
	tag     string
	lasting bool // its name changes with its content
	packed  func() []byte
}

func newFile(name string, lasting bool, content []byte) *file {
	kind := mime.TypeByExtension(path.Ext(name))
	if kind == "" {
		kind = "application/octet-stream"
	}
	sum := sha256.Sum256(content)
	return &file{kind: kind, plain: content, tag: `"` + hex.EncodeToString(sum[:8]) + `"`, lasting: lasting,
		packed: sync.OnceValue(func() []byte { return pack(content) })}
}

// pack compresses; nil where that does not pay.
func pack(content []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one there is
	_, _ = w.Write(content)                               // into memory
	_ = w.Close()
	if b.Len() > len(content)*9/10 {
		return nil
	}
	return b.Bytes()
}

func (f *file) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", f.tag)
	h.Set("Cache-Control", "no-cache")
	if f.lasting {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == f.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	send(w, r, f.plain, f.packed)
}

// send writes content, compressed for those who take that.
func send(w http.ResponseWriter, r *http.Request, plain []byte, packed func() []byte) {
	content := plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if p := packed(); p != nil {
			content = p
			w.Header().Set("Content-Encoding", "gzip")
		}
	}
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(content) // who asked is gone
}
