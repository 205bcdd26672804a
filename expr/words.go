package expr

import (
	"strings"

	"github.com/google/cel-go/common/types"
)

// typeWords names a type as the handbook does.
func typeWords(t *types.Type) string {
	switch t.Kind() {
	case types.BoolKind:
		return "true or false"
	case types.IntKind, types.UintKind:
		return "a whole number"
	case types.DoubleKind:
		return "a number"
	case types.StringKind:
		return "text"
	case types.BytesKind:
		return "bytes"
	case types.TimestampKind:
		return "a time"
	case types.DurationKind:
		return "a duration"
	case types.NullTypeKind:
		return "null"
	case types.ListKind:
		return listWords(t)
	case types.MapKind:
		return "an object"
	case types.StructKind:
		return structWords(t.TypeName())
	case types.OpaqueKind:
		return opaqueWords(t)
	case types.TypeKind:
		return "a type"
	case types.DynKind, types.AnyKind, types.TypeParamKind:
		return "a value of unknown type"
	default:
		return t.TypeName()
	}
}

func listWords(t *types.Type) string {
	if len(t.Parameters()) == 0 {
		return "a list"
	}
	item := t.Parameters()[0]
	switch item.Kind() {
	case types.StringKind:
		return "a list of text"
	case types.IntKind:
		return "a list of whole numbers"
	case types.DoubleKind:
		return "a list of numbers"
	case types.StructKind:
		if name := structWords(item.TypeName()); name != "an object" {
			return "a list of " + name
		}
		return "a list of objects"
	}
	return "a list"
}

// structWords drops the part of a shape's name that only tells shapes apart.
func structWords(name string) string {
	if i := strings.LastIndexByte(name, '@'); i >= 0 {
		name = name[:i]
	}
	if name == "object" {
		return "an object"
	}
	return name
}

func opaqueWords(t *types.Type) string {
	switch t.TypeName() {
	case secretType.TypeName():
		return "a secret"
	case "optional_type":
		return "an optional value"
	}
	return t.TypeName()
}
