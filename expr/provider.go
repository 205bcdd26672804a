package expr

import (
	"strings"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"

	"gantry/schema"
)

// registry knows the object types of an Env's variables; it implements types.Provider.
type registry struct {
	parent *registry
	shapes []*shape
}

// builtin answers for CEL's own type names (`type(x) == string`). Protocol buffer messages are not part
// of the language.
var builtin = func() *types.Registry {
	r, err := types.NewRegistry()
	if err != nil {
		panic(err) // a constant call
	}
	return r
}()

func (r *registry) find(name string) *shape {
	for ; r != nil; r = r.parent {
		for _, s := range r.shapes {
			if part := s.parts[name]; part != nil {
				return part
			}
		}
	}
	return nil
}

// EnumValue implements types.Provider: there are no enumerations.
func (r *registry) EnumValue(string) ref.Val { return noEnum }

var noEnum = types.NewErr("no such enumeration")

// FindIdent implements types.Provider: the names of CEL's own types.
func (r *registry) FindIdent(name string) (ref.Val, bool) {
	if strings.Contains(name, ".") && name != "google.protobuf.Timestamp" && name != "google.protobuf.Duration" {
		return nil, false
	}
	return builtin.FindIdent(name)
}

// FindStructType implements types.Provider.
func (r *registry) FindStructType(name string) (*types.Type, bool) {
	if r.find(name) == nil {
		return nil, false
	}
	return types.NewTypeTypeWithParam(types.NewObjectType(name)), true
}

// FindStructFieldNames implements types.Provider.
func (r *registry) FindStructFieldNames(name string) ([]string, bool) {
	s := r.find(name)
	if s == nil {
		return nil, false
	}
	return s.typ.FieldNames(), true
}

// FindStructFieldType implements types.Provider. Undeclared fields of an open object are found as well;
// the checks after CEL's own see to it that they are read with `.?` only.
func (r *registry) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	s := r.find(name)
	if s == nil {
		return nil, false
	}
	if f, ok := s.fields[field]; ok {
		return f, true
	}
	if !s.typ.Open {
		return nil, false
	}
	reader := fieldReader{owner: s.typ, field: &schema.Field{Name: field}}
	return &types.FieldType{Type: types.DynType, IsSet: reader.isSet, GetFrom: reader.get}, true
}

// NewValue implements types.Provider: objects cannot be constructed by type name.
func (r *registry) NewValue(name string, _ map[string]ref.Val) ref.Val {
	return types.NewErr("%s cannot be made in an expression", name)
}

// schemaType gives the schema type of a CEL type.
func (r *registry) schemaType(t *types.Type) *schema.Type {
	switch t.Kind() {
	case types.BoolKind:
		return maybeNull(t, schema.Boolean())
	case types.IntKind, types.UintKind:
		return maybeNull(t, schema.Integer())
	case types.DoubleKind:
		return maybeNull(t, schema.Number())
	case types.StringKind:
		return maybeNull(t, schema.String())
	case types.BytesKind:
		return formatted("base64")
	case types.TimestampKind:
		return formatted("date-time")
	case types.DurationKind:
		return formatted("duration")
	case types.NullTypeKind:
		return schema.Null()
	case types.TypeKind:
		return schema.String()
	case types.ListKind:
		return schema.ListOf(r.schemaType(t.Parameters()[0]))
	case types.MapKind:
		return schema.MapOf(r.schemaType(t.Parameters()[1]))
	case types.StructKind:
		if s := r.find(t.TypeName()); s != nil {
			return s.typ.AsPresent() // CEL does not tell whether an object may be null
		}
	case types.OpaqueKind:
		if t.TypeName() == secretType.TypeName() {
			return schema.Secret()
		}
		if t.TypeName() == "optional_type" {
			inner := *r.schemaType(t.Parameters()[0])
			inner.Nullable = inner.Kind != schema.KindAny && inner.Kind != schema.KindNull
			return &inner
		}
	}
	return schema.Any()
}

func maybeNull(t *types.Type, s *schema.Type) *schema.Type {
	if t.IsAssignableType(types.NullType) {
		s.Nullable = true
	}
	return s
}

func formatted(format string) *schema.Type {
	t := schema.String()
	t.Format = format
	return t
}
