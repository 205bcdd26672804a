package schema

import (
	"testing"

	"pgregory.net/rapid"
)

// A wide object's fields are found as one by one, also after a copy of the type got other fields.
func TestFieldOfWideObjects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := wide("", rapid.IntRange(0, 2*indexFrom).Draw(t, "fields"))
		index := indexOf(typ.Fields)
		typ.index = index
		if rapid.Bool().Draw(t, "changed") {
			c := *typ
			c.Fields = append([]Field{{Name: "other", Type: String()}}, typ.Fields[:len(typ.Fields)/2]...)
			typ = &c
		}
		for _, f := range typ.Fields {
			if got, ok := typ.Field(f.Name); !ok || got.Name != f.Name || got.Type != f.Type {
				t.Fatalf("%s: %v %v", f.Name, got, ok)
			}
		}
		if got, ok := typ.Field("none"); ok {
			t.Fatalf("found %v", got)
		}
	})
}

func TestConformWide(t *testing.T) {
	typ := Object("", append(wide("", 900).Fields, Field{Name: "inner", Type: wide("", 100)})...)
	inner := map[string]any{"field_099": 7.0}
	given := map[string]any{"field_001": 3.0, "field_002": "text", "unknown": 1.0, "inner": inner}
	got := typ.Conform(given).(map[string]any)
	if got["field_001"] != int64(3) || got["field_002"] != "text" || got["unknown"] != 1.0 || got["inner"].(map[string]any)["field_099"] != int64(7) {
		t.Errorf("%v", got)
	}
	if given["field_001"] != 3.0 || inner["field_099"] != 7.0 {
		t.Error("the value given was changed")
	}
}
