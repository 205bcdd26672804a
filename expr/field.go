package expr

import (
	"fmt"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"google.golang.org/protobuf/types/known/structpb"

	"gantry/schema"
)

// dataError is an error that the data caused; it already speaks to the reader.
type dataError struct {
	message, hint string
}

func (e *dataError) Error() string { return e.message }

func dataErrorf(hint, format string, args ...any) *dataError {
	return &dataError{message: fmt.Sprintf(format, args...), hint: hint}
}

// fieldReader reads one declared field of values that are JSON data or an Object.
type fieldReader struct {
	owner *schema.Type
	field *schema.Field
}

// isSet is what `.?x` and has() ask: is the field there? A null is there.
func (r fieldReader) isSet(target any) bool {
	_, ok, err := r.find(target)
	return ok && err == nil
}

// get reads the field. What other systems leave out reads as null where the type allows it to be missing.
func (r fieldReader) get(target any) (any, error) {
	value, ok, err := r.find(target)
	switch {
	case err != nil:
		return nil, err
	case ok:
		return value, nil
	}
	if _, lazy := target.(Object); !lazy && (!r.field.Required || r.field.Type == nil || r.field.Type.Nullable) {
		return nil, nil
	}
	name := r.field.Name
	return nil, dataErrorf(fmt.Sprintf("write .?%s.orValue(…) where it may be missing", name), "`%s` has no value here", name)
}

func (r fieldReader) find(target any) (value any, ok bool, err error) {
	switch t := target.(type) {
	case map[string]any:
		value, ok = t[r.field.Name]
		return value, ok, nil
	case Object:
		value, ok = t.Get(r.field.Name)
		return value, ok, nil
	case map[ref.Val]ref.Val:
		value, ok := t[types.String(r.field.Name)]
		return value, ok, nil
	case nil, structpb.NullValue, types.Null:
		if r.owner.Name == errorType {
			return r.empty(), true, nil
		}
		if told := r.owner.WhenNull; told != nil {
			return nil, false, dataErrorf(told.Hint, "%s", told.Message)
		}
		name := r.field.Name
		return nil, false, dataErrorf(fmt.Sprintf("write .?%s.orValue(…), or test with `!= null` first", name),
			"the value is null, so it has no field `%s`", name)
	default:
		return nil, false, dataErrorf("", "the value is %s, so it has no field `%s`", describe(target), r.field.Name)
	}
}

// empty is what a field of a null gantry.Error reads as.
func (r fieldReader) empty() any {
	if r.field.Type != nil && r.field.Type.Kind == schema.KindString {
		return ""
	}
	return nil
}

// describe says what a value is, in the words that the handbook uses.
func describe(v any) string {
	switch v := v.(type) {
	case nil, structpb.NullValue, types.Null:
		return "null"
	case bool, types.Bool:
		return "true or false"
	case int64, types.Int, int, types.Uint:
		return "a whole number"
	case float64, types.Double:
		return "a number"
	case string, types.String:
		return "text"
	case Secret, Text, *secretVal, *textVal:
		return "a secret"
	case []any, []ref.Val:
		return "a list"
	case map[string]any, map[ref.Val]ref.Val, Object:
		return "an object"
	case types.Timestamp:
		return "a time"
	case types.Duration:
		return "a duration"
	case *types.Optional:
		return "an optional value"
	case ref.Val:
		return typeWords(v.Type().(*types.Type))
	default:
		return fmt.Sprintf("%T", v)
	}
}
