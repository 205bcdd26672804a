package schema

import (
	"fmt"
	"testing"
)

func wide(name string, n int) *Type {
	var fields []Field
	for i := range n {
		fields = append(fields, Field{Name: fmt.Sprintf("field_%03d", i), Type: Integer().AsNullable()})
	}
	return Object(name, fields...)
}

// BenchmarkWide is what an entity as wide as Halo's widest (about 900 fields) costs.
func BenchmarkWide(b *testing.B) {
	a, other := wide("a", 900), wide("b", 900)
	b.Run("field", func(b *testing.B) {
		for b.Loop() {
			a.Field("field_890")
		}
	})
	b.Run("assignable", func(b *testing.B) {
		for b.Loop() {
			AssignableTo(a, other)
		}
	})
	rows := make([]any, 100)
	for i := range rows {
		rows[i] = map[string]any{"field_001": 1.0, "field_800": int64(3), "x": "y"}
	}
	list := ListOf(a)
	b.Run("conform", func(b *testing.B) {
		for b.Loop() {
			list.Conform(rows)
		}
	})
}
