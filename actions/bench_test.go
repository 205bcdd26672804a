package actions

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// BenchmarkShipped is what a start of the program pays for the catalogue: its names, two actions with their
// entities, or all of it.
func BenchmarkShipped(b *testing.B) {
	b.Run("names", func(b *testing.B) {
		for b.Loop() {
			makeShipped()
		}
	})
	b.Run("two actions", func(b *testing.B) {
		for b.Loop() {
			c := makeShipped()
			for _, id := range []string{"halo.get_ticket", "halo.list_agents"} {
				if _, ok := c.Action(id); !ok {
					b.Fatal(id)
				}
			}
		}
	})
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			makeShipped().Actions()
		}
	})
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
