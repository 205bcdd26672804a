package console

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// ask asks the console, with headers as pairs. What it leaves to others is answered with 418.
func ask(t *testing.T, method, path string, headers ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, http.NoBody)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	Handler(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }).ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

const browser = "text/html,application/xhtml+xml,*/*;q=0.8"

// TestWhoAnswers: people who open an address see the console, programs are left to the rest of the server.
func TestWhoAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		method, path, accept string
		want                 int
	}{
		"the first page":           {"GET", "/", browser, 200},
		"a run":                    {"GET", "/runs/01a2", browser, 200},
		"a workflow's path":        {"GET", "/workflows/triage/new-ticket", browser, 200},
		"with an escaped slash":    {"GET", "/workflows/triage%2Fnew", browser, 200},
		"nothing, to a person":     {"GET", "/no/such/page", browser, 200}, // the page says so
		"nothing, to a program":    {"GET", "/no/such/page", "application/json", 418},
		"curl":                     {"GET", "/", "*/*", 418},
		"only what it would have":  {"HEAD", "/", browser, 200},
		"a form":                   {"POST", "/", browser, 418},
		"the API, in a browser":    {"GET", "/api/v1/nothing", browser, 418},
		"an asset of another time": {"GET", "/assets/index-0ld.js", browser, 418},
		"its sign":                 {"GET", "/gantry.svg", "image/*", 200},
		"outside":                  {"GET", "/assets/../../etc/passwd", "*/*", 418},
	} {
		if got := ask(t, c.method, c.path, "Accept", c.accept); got.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", name, got.StatusCode, c.want)
		}
	}
}

var nonces = regexp.MustCompile(`nonce-([A-Z0-9]+)'`)

// TestPolicy: the page's policy lets nothing in from outside and no script that is not a file of the console.
func TestPolicy(t *testing.T) {
	seen := map[string]bool{}
	for range 3 {
		r := ask(t, http.MethodGet, "/", "Accept", browser)
		p, page := r.Header.Get("Content-Security-Policy"), bodyOf(t, r)
		found := nonces.FindStringSubmatch(p)
		if len(found) != 2 || len(found[1]) < 20 || seen[found[1]] {
			t.Fatalf("no fresh nonce: %s", p)
		}
		seen[found[1]] = true
		if !strings.Contains(page, `content="`+found[1]+`"`) || strings.Contains(page, placeholder) {
			t.Errorf("the page does not know its nonce: %s", page)
		}
		for _, must := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(p, must) {
				t.Errorf("%q is not in %s", must, p)
			}
		}
		if strings.Contains(p, "unsafe") || strings.Contains(p, "http:") || strings.Contains(p, "https:") || strings.Contains(p, "*") {
			t.Errorf("too much is allowed: %s", p)
		}
		if r.Header.Get("Cache-Control") != "no-store" {
			t.Error("a page with a nonce is kept by browsers")
		}
	}
}

var assets = regexp.MustCompile(`(?:src|href)="([^"]+)"`)

// TestFiles: what the page names is there, lies in files whose names change with them, and comes compressed.
func TestFiles(t *testing.T) {
	page := bodyOf(t, ask(t, http.MethodGet, "/", "Accept", browser))
	named := assets.FindAllStringSubmatch(page, -1)
	if len(named) < 2 {
		t.Fatalf("the page names %d files: %s", len(named), page)
	}
	for _, n := range named {
		address := n[1]
		if strings.HasPrefix(address, "http") || strings.HasPrefix(address, "//") {
			t.Errorf("%s lies elsewhere", address)
			continue
		}
		plain := ask(t, http.MethodGet, address)
		content := bodyOf(t, plain)
		if plain.StatusCode != http.StatusOK || content == "" || plain.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d, %v", address, plain.StatusCode, plain.Header)
		}
		if strings.HasPrefix(address, "/assets/") && !strings.Contains(plain.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is asked for again and again", address)
		}
		if again := ask(t, http.MethodGet, address, "If-None-Match", plain.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %d for what is known already", address, again.StatusCode)
		}
		packed := ask(t, http.MethodGet, address, "Accept-Encoding", "br, gzip")
		if packed.Header.Get("Content-Encoding") != "gzip" {
			continue // small
		}
		unpacked, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(unpacked); err != nil || string(got) != content {
			t.Errorf("%s differs when it is compressed: %v", address, err)
		}
	}
}

// TestFilesStayInTheProgram: to serve the console takes memory for names, not for what nobody has asked for.
func TestFilesStayInTheProgram(t *testing.T) {
	memory := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.TotalAlloc
	}
	before := memory()
	files, _ := find()
	took := memory() - before
	var size uint64
	for _, f := range files {
		if f.kind == "" {
			t.Errorf("the kind of %s is not known", f.name)
		}
		n, err := f.copyTo(io.Discard)
		if err != nil || n == 0 {
			t.Errorf("%s: %d, %v", f.name, n, err)
		}
		size += uint64(n)
	}
	if took > size/10 {
		t.Errorf("%d bytes for files of %d", took, size)
	}
}
