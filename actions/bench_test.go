package actions

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// BenchmarkLoadBuiltin is what every start of the program pays.
func BenchmarkLoadBuiltin(b *testing.B) {
	for b.Loop() {
		if _, ds := load(&Catalogue{}, builtin, ".", true); len(ds) > 0 {
			b.Fatal(ds)
		}
	}
}

// BenchmarkHTTPRequest is one core.http_request against a server in the same process.
func BenchmarkHTTPRequest(b *testing.B) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{"ok":true}`))
	}))
	defer s.Close()
	r := NewRuntime(Options{Network: Policy{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	defer r.Close()
	a, _ := Builtin().Action("core.http_request")
	call := Call{Action: a, Inputs: map[string]any{"url": s.URL}}
	for b.Loop() {
		if out := r.Execute(b.Context(), call); out.Err != nil {
			b.Fatal(out.Err)
		}
	}
}
