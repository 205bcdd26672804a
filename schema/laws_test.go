package schema

import (
	"testing"

	"pgregory.net/rapid"
)

// drawType makes types of all kinds; entities of one name are always the same type, as in a catalogue.
func drawType(t *rapid.T, depth int) *Type {
	kinds := []Kind{KindAny, KindNull, KindBoolean, KindInteger, KindNumber, KindString, KindSecret}
	if depth > 0 {
		kinds = append(kinds, KindList, KindMap, KindObject, KindObject)
	}
	typ := &Type{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Nullable: rapid.IntRange(0, 3).Draw(t, "nullable") == 0}
	switch typ.Kind {
	case KindInteger, KindNumber:
		if rapid.Bool().Draw(t, "limited") {
			typ.Minimum = ptr(float64(rapid.IntRange(0, 1).Draw(t, "minimum")))
		}
	case KindString:
		typ.Format = rapid.SampledFrom([]string{"", "", "date", "uri"}).Draw(t, "format")
		if rapid.Bool().Draw(t, "limited") {
			typ.Enum = rapid.SampledFrom([][]any{{"a"}, {"a", "b"}}).Draw(t, "enum")
		}
	case KindList, KindMap:
		if rapid.Bool().Draw(t, "items") {
			typ.Items = drawType(t, depth-1)
		}
	case KindObject:
		if rapid.IntRange(0, 4).Draw(t, "named") == 0 {
			entity := *ticket
			entity.Nullable = typ.Nullable
			return &entity
		}
		typ.Open = rapid.Bool().Draw(t, "open")
		names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 3, rapid.ID[string]).Draw(t, "names")
		for _, name := range names {
			typ.Fields = append(typ.Fields, Field{Name: name, Type: drawType(t, depth-1), Required: rapid.Bool().Draw(t, "required")})
		}
	}
	return typ
}

func drawValue(t *rapid.T, depth int) any {
	top := 6
	if depth > 0 {
		top = 8
	}
	switch rapid.IntRange(0, top).Draw(t, "value") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Int64().Draw(t, "int")
	case 3:
		return rapid.Float64().Draw(t, "float")
	case 4:
		return float64(rapid.IntRange(-3, 3).Draw(t, "whole"))
	case 5:
		return int64(rapid.IntRange(-3, 3).Draw(t, "small"))
	case 6:
		return rapid.String().Draw(t, "text")
	case 7:
		list := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			list = append(list, drawValue(t, depth-1))
		}
		return list
	default:
		m := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "size") {
			m[rapid.SampledFrom([]string{"a", "b", "c", "d", "id"}).Draw(t, "key")] = drawValue(t, depth-1)
		}
		return m
	}
}

// Branches may meet in any order and number.
func TestJoinLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawType(t, 3), drawType(t, 3), drawType(t, 3)
		if !Join(a, a).Equal(a) {
			t.Fatalf("not idempotent: %+v", a)
		}
		if x, y := Join(a, b), Join(b, a); !x.Equal(y) {
			t.Fatalf("not commutative: %+v\n%+v", x, y)
		}
		if x, y := Join(Join(a, b), c), Join(a, Join(b, c)); !x.Equal(y) {
			t.Fatalf("not associative: %+v\n%+v", x, y)
		}
	})
}

// What one branch allows, the joined type allows.
func TestJoinAllowsWhatEitherAllows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, v := drawType(t, 2), drawType(t, 2), drawValue(t, 2)
		if len(a.Check(v)) > 0 {
			return
		}
		if problems := Join(a, b).Check(v); len(problems) > 0 {
			t.Fatalf("%+v\njoined with %+v\nrefuses %v: %v", a, b, v, problems)
		}
	})
}

// What the checker lets pass without any and limits does not fail at run time.
func TestAssignableMeansThatValuesFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to, v := drawType(t, 2), drawType(t, 2), drawValue(t, 2)
		if ok, why := AssignableTo(from, from); !ok {
			t.Fatalf("not assignable to itself: %s: %s", from, why)
		}
		ok, why := AssignableTo(from, to)
		if ok == (why != "") {
			t.Fatalf("%v with %q", ok, why)
		}
		if !ok || !strict(to) || !strict(from) || len(from.Check(v)) > 0 {
			return
		}
		if problems := to.Check(v); len(problems) > 0 {
			t.Fatalf("%+v\nto %+v\nlets %v pass: %v", from, to, v, problems)
		}
	})
}

// strict tells whether a type is one that AssignableTo judges wholly.
func strict(t *Type) bool {
	if t.Kind == KindAny || t.Open || t.Kind == KindMap || t.Minimum != nil || len(t.Enum) > 0 || t.Format != "" {
		return false
	}
	if t.Kind == KindList {
		return strict(t.Element())
	}
	for _, f := range t.Fields {
		if !strict(f.Type) {
			return false
		}
	}
	return true
}
