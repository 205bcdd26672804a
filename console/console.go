// Package console is the web console: pages in a browser, made of the sources in ui/ and kept, as they are built, in
// dist/, so that the program needs nothing but itself to show them.
package console

import (
	"crypto/rand"
	"embed"
	"io/fs"
	"net/http"
	"strings"
	"sync"
)

//go:generate sh ui/scripts/build.sh

//go:embed all:dist
var built embed.FS

// placeholder stands in the page where each answer has a nonce of its own.
const placeholder = "GANTRY_NONCE"

// Handler gives the console: its files, and its one page at every address that a person opens and that nothing else
// answers. The page itself reads the address, and says so where there is nothing. Everything else goes to next.
//
// No address holds a secret or needs a session: what is shown comes from the API.
func Handler(next http.HandlerFunc) http.Handler {
	files, page := load()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			next(w, r)
			return
		}
		if f, ok := files[r.URL.Path]; ok {
			f.write(w, r)
			return
		}
		if !opened(r) {
			next(w, r)
			return
		}
		page.write(w, r)
	})
}

// opened tells whether a person opens an address in a browser, which says that it takes HTML.
func opened(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/assets/") {
		return false
	}
	return strings.Contains(r.Header.Get("Accept"), "text/html")
}

// load finds what was built, once for all who serve it. The files never change while the program runs. They stay where they
// are in the program, and are not read before somebody asks: most of them nobody does for days.
var load = sync.OnceValues(find)

func find() (map[string]*file, *page) {
	files := map[string]*file{}
	var index *page
	err := fs.WalkDir(built, "dist", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		address := strings.TrimPrefix(name, "dist")
		if address == "/index.html" {
			text, err := built.ReadFile(name)
			index = newPage(string(text))
			return err
		}
		files[address] = newFile(name, strings.HasPrefix(address, "/assets/"))
		return nil
	})
	if err != nil || index == nil {
		panic("console: dist is not whole: it is embedded when the program is built")
	}
	return files, index
}

// nonce is a word that nobody can know before.
func nonce() string { return rand.Text() }
