package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"
)

// file is a file of the console, read where it lies in the program. Its sum, and how it is compressed, are found when
// somebody first asks.
type file struct {
	name, kind string // kind: its media type
	lasting    bool   // its name changes with its content
	tag        func() string
	packed     func() []byte
}

// kinds are the media types of what is built. What the machine's own tables say could keep browsers from taking a script.
var kinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

func newFile(name string, lasting bool) *file {
	f := &file{name: name, kind: kinds[path.Ext(name)], lasting: lasting}
	f.tag, f.packed = sync.OnceValue(f.sum), sync.OnceValue(f.pack)
	return f
}

// copyTo writes the content, which is in the program and so can always be read.
func (f *file) copyTo(w io.Writer) (int64, error) {
	content, err := built.Open(f.name)
	if err != nil {
		return 0, err
	}
	return io.Copy(w, content)
}

func (f *file) sum() string {
	sum := sha256.New()
	_, _ = f.copyTo(sum) // into memory, as below
	return `"` + hex.EncodeToString(sum.Sum(nil)[:8]) + `"`
}

// pack compresses; nil where that does not pay.
func (f *file) pack() []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one there is
	size, _ := f.copyTo(w)
	_ = w.Close()
	if int64(b.Len()) > size*9/10 {
		return nil
	}
	return bytes.Clone(b.Bytes()) // without the room that it grew into
}

func (f *file) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", f.tag())
	h.Set("Cache-Control", "no-cache")
	if f.lasting {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == f.tag() {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	f.send(w, r)
}

// send writes the content, compressed for those who take that.
func (f *file) send(w http.ResponseWriter, r *http.Request) {
	var packed []byte
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		packed = f.packed()
	}
	if packed != nil {
		w.Header().Set("Content-Encoding", "gzip")
	}
	switch {
	case r.Method == http.MethodHead:
	case packed != nil:
		_, _ = w.Write(packed) // who asked is gone
	default:
		_, _ = f.copyTo(w)
	}
}
