package source

import (
	"os"
	"testing"
)

func BenchmarkParse(b *testing.B) {
	text, err := os.ReadFile("testdata/workflow.yaml")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, ds := Parse("workflow.yaml", text); ds.HasErrors() {
			b.Fatal(ds)
		}
	}
}
