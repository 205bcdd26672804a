package schema

import "slices"

// joinDepth is where joining gives up: entities may contain themselves.
const joinDepth = 12

// Join gives the narrowest type that allows what either allows: integer and number make number, null
// and T make nullable T, text and secret make secret, lists, maps and objects join part by part (a
// field that only one has becomes optional), and what has nothing in common is any. Limits (enum,
// minimum, format, …) stay where both agree. Join is commutative, associative and idempotent, so that
// branches may meet in any order. A nil type is none at all.
func Join(a, b *Type) *Type { return join(a, b, joinDepth) }

func join(a, b *Type, depth int) *Type {
	switch {
	case a == nil:
		return b
	case b == nil || a.Equal(b):
		return a
	case a.Kind == KindAny || b.Kind == KindAny || depth == 0:
		return Any()
	case a.Kind == KindNull:
		return b.AsNullable()
	case b.Kind == KindNull:
		return a.AsNullable()
	case a.Name != "" && a.Name == b.Name: // they differ in null alone
		return a.AsNullable()
	}
	kind := joinKinds(a.Kind, b.Kind)
	if kind == KindAny {
		return Any()
	}
	j := &Type{Kind: kind, Nullable: a.Nullable || b.Nullable}
	j.keepCommonLimits(a, b)
	switch kind {
	case KindList, KindMap:
		j.Items = join(a.Element(), b.Element(), depth-1)
	case KindObject:
		j.Open = a.Open || b.Open
		j.Fields = joinFields(a, b, depth-1)
	}
	return j
}

func joinKinds(a, b Kind) Kind {
	among := func(x, y Kind) bool { return a == x && b == y || a == y && b == x }
	switch {
	case a == b:
		return a
	case among(KindInteger, KindNumber):
		return KindNumber
	case among(KindString, KindSecret):
		return KindSecret
	default:
		return KindAny
	}
}

func (t *Type) keepCommonLimits(a, b *Type) {
	if a.Format == b.Format {
		t.Format = a.Format
	}
	if a.Pattern == b.Pattern {
		t.Pattern = a.Pattern
	}
	if slices.EqualFunc(a.Enum, b.Enum, sameValue) {
		t.Enum = a.Enum
	}
	keep(&t.Minimum, a.Minimum, b.Minimum)
	keep(&t.Maximum, a.Maximum, b.Maximum)
	keep(&t.MinLength, a.MinLength, b.MinLength)
	keep(&t.MaxLength, a.MaxLength, b.MaxLength)
	keep(&t.MaxMiB, a.MaxMiB, b.MaxMiB)
	keep(&t.MaxItems, a.MaxItems, b.MaxItems)
}

func keep[T comparable](into **T, a, b *T) {
	if same(a, b) {
		*into = a
	}
}

// joinFields joins objects field by field. What one side does not declare is absent there when it is
// closed, and can be anything when it is open: then the field is not declared in the result either.
func joinFields(a, b *Type, depth int) []Field {
	var fields []Field
	for _, f := range a.Fields {
		g, both := b.Field(f.Name)
		switch {
		case both:
			fields = append(fields, Field{
				Name: f.Name, Type: join(f.Type, g.Type, depth), Required: f.Required && g.Required, Deprecated: f.Deprecated,
			})
		case !b.Open:
			f.Required = false
			fields = append(fields, f)
		}
	}
	for _, f := range b.Fields {
		if _, both := a.Field(f.Name); !both && !a.Open {
			f.Required = false
			fields = append(fields, f)
		}
	}
	return fields
}
