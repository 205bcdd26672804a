package halo

import "testing"

func BenchmarkRequests(b *testing.B) {
	for name, c := range map[string][3]string{
		"agents":      {"GET", "/api/agent", ""},
		"tickets 100": {"GET", "/api/tickets?pageinate=true&page_size=100", ""},
		"search":      {"GET", "/api/tickets?search=printer", ""},
		"one ticket":  {"GET", "/api/tickets/2100", ""},
		"new ticket":  {"POST", "/api/tickets", `[{"summary":"s","details":"d","client_id":12}]`},
		"new action":  {"POST", "/api/actions", `[{"ticket_id":2041,"outcome":"Private Note","note":"n"}]`},
	} {
		b.Run(name, func(b *testing.B) {
			call := inside(New(Options{RateLimit: -1}))
			for b.Loop() {
				call(c[0], c[1], c[2])
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(Options{})
	}
}
