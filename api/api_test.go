package api

import "testing"

// BenchmarkNew measures what every command pays that has no server to ask.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(House{})
	}
}
