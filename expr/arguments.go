package expr

import (
	"strings"
	"time"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

// args are the arguments of a function as its signature declares them, the receiver first: string, int64,
// float64, bool, time.Time, time.Duration; data for any, object and list; ref.Val and []ref.Val for T and
// `list of T`, whose values are handed on unchanged.
type args []any

func (a args) text(i int) string           { return a[i].(string) }
func (a args) integer(i int) int           { return int(max(min(a[i].(int64), 1<<40), -1<<40)) }
func (a args) number(i int) float64        { return a[i].(float64) }
func (a args) boolean(i int) bool          { return a[i].(bool) }
func (a args) time(i int) time.Time        { return a[i].(time.Time) }
func (a args) list(i int) []any            { return a[i].([]any) }
func (a args) object(i int) map[string]any { return a[i].(map[string]any) }
func (a args) value(i int) ref.Val         { return a[i].(ref.Val) }
func (a args) values(i int) []ref.Val      { return a[i].([]ref.Val) }

// textOr gives an argument that may have been left out.
func (a args) textOr(i int, otherwise string) string {
	if i < len(a) {
		return a.text(i)
	}
	return otherwise
}

// integerOr gives an argument that may have been left out.
func (a args) integerOr(i int, otherwise int) int {
	if i < len(a) {
		return a.integer(i)
	}
	return otherwise
}

// argument converts one value to what the word of the signature promises.
func argument(word string, v ref.Val) (any, error) {
	switch word {
	case "T", "U", "optional T":
		return v, nil
	case "moment":
		return momentOf(v)
	case "number":
		return numberOf(v)
	case "time":
		return v.(types.Timestamp).Time, nil
	case "duration":
		return v.(types.Duration).Duration, nil
	case "object":
		return objectOf(v)
	}
	if strings.HasPrefix(word, "list of T") || strings.HasPrefix(word, "list of U") {
		return valuesOf(v)
	}
	return plain(v)
}

// plain gives data without secrets.
func plain(v ref.Val) (any, error) {
	return (&sizer{left: maxValue, noSecrets: true}).value(v)
}

func numberOf(v ref.Val) (any, error) {
	switch v := v.(type) {
	case types.Int:
		return float64(v), nil
	case types.Double:
		return float64(v), nil
	}
	return nil, dataErrorf("", "a number is needed, and this is %s", describe(v))
}

func momentOf(v ref.Val) (any, error) {
	switch v := v.(type) {
	case types.Timestamp:
		return v.Time, nil
	case types.String:
		return readTime(string(v))
	}
	return nil, dataErrorf("", "a time is needed, and this is %s", describe(v))
}

func objectOf(v ref.Val) (any, error) {
	if _, ok := v.(traits.Mapper); !ok {
		return nil, dataErrorf("", "an object is needed, and this is %s", describe(v))
	}
	data, err := plain(v)
	if err != nil {
		return nil, err
	}
	return data, nil
}

// valuesOf gives the entries of a list as CEL values.
func valuesOf(v ref.Val) (any, error) {
	list, ok := v.(traits.Lister)
	if !ok {
		return nil, dataErrorf("", "a list is needed, and this is %s", describe(v))
	}
	n := int(list.Size().(types.Int))
	if n > maxListLength {
		return nil, dataErrorf("", "the list has more than %d entries", maxListLength)
	}
	values := make([]ref.Val, n)
	for i := range values {
		values[i] = list.Get(types.Int(i))
	}
	return values, nil
}

// texts gives a list of text.
func texts(list []any) ([]string, error) {
	out := make([]string, len(list))
	for i, item := range list {
		s, ok := item.(string)
		if !ok {
			return nil, dataErrorf("", "a list of text is needed, and entry %d is %s", i, describe(item))
		}
		out[i] = s
	}
	return out, nil
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, item := range list {
		out[i] = item
	}
	return out
}
