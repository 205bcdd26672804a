package actions

import "testing"

// BenchmarkLoadBuiltin: what every start of the program pays.
func BenchmarkLoadBuiltin(b *testing.B) {
	for b.Loop() {
		if _, ds := load(&Catalogue{}, builtin, ".", true); len(ds) > 0 {
			b.Fatal(ds)
		}
	}
}
