package expr

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

var (
	noValue   any = types.OptionalNone
	someValue     = func(v any) any { return types.OptionalOf(adapter{}.NativeToValue(v)) }
)

var conversionFunctions = []function{
	{signs: []string{"T.default(otherwise: T) -> T"}, doc: "Gives the value, or another where it is null. It works behind `.?` as well, where it also stands in for what is missing.",
		examples: []string{`dyn(null).default('nobody') => "nobody"`, `'jane'.default('nobody') => "jane"`, `{'a': 1}.?b.default(2) => 2`, `dyn({'a': null}).?a.default(2) => 2`},
		run:      orOther},
	{signs: []string{"optional_T.@default(otherwise: T) -> T"}, run: orOther},
	{signs: []string{"coalesce(first: T, second: T) -> T", "coalesce(first: T, second: T, third: T) -> T", "coalesce(first: T, second: T, third: T, fourth: T) -> T"},
		doc: "Gives the first value that is neither null nor empty text, or the last.", examples: []string{`coalesce(dyn(null), '', 'c') => "c"`, `coalesce('', '') => ""`},
		run: func(a args) (any, error) {
			for i := range a {
				if v := a.value(i); v != types.NullValue && v != types.String("") {
					return v, nil
				}
			}
			return a[len(a)-1], nil
		}},
	{signs: []string{"any.is_empty() -> boolean"}, doc: "Tells whether a value is null, text of nothing but white space, or a list or object without entries.",
		examples: []string{`' '.is_empty() => true`, `[].is_empty() => true`, `0.is_empty() => false`, `dyn(null).is_empty() => true`},
		run: func(a args) (any, error) {
			switch v := a[0].(type) {
			case nil:
				return true, nil
			case string:
				return strings.TrimSpace(v) == "", nil
			case []any:
				return len(v) == 0, nil
			case map[string]any:
				return len(v) == 0, nil
			}
			return false, nil
		}},
	{signs: []string{"any.to_text() -> text"}, doc: "Writes a value as text: numbers and booleans as in JSON, null as nothing, lists and objects as JSON.",
		examples: []string{`(1.50).to_text() => "1.5"`, `[1, 'a'].to_text() => "[1,\"a\"]"`, `dyn(null).to_text() => ""`},
		run: func(a args) (any, error) {
			if a[0] == nil {
				return "", nil
			}
			var b strings.Builder
			err := writeText(&b, a[0])
			return b.String(), err
		}},
	{signs: []string{"any.to_number(otherwise?: number) -> number"}, doc: "Reads a number out of text, with commas between thousands or without; the other value where there is none.",
		examples: []string{`'1,234.5'.to_number() => 1234.5`, `'x'.to_number(0) => 0`, `true.to_number() => 1`},
		run:      toNumber},
	{signs: []string{"any.to_integer(otherwise?: integer) -> integer"}, doc: "Reads a whole number out of text; numbers are cut at the point.",
		examples: []string{`' 42 '.to_integer() => 42`, `(2.9).to_integer() => 2`, `''.to_integer(0) => 0`},
		run:      toInteger},
	{signs: []string{"any.to_bool(otherwise?: boolean) -> boolean"}, doc: "Reads true, yes, on, 1, y, t as true and false, no, off, 0, n, f and nothing as false, in any letters.",
		examples: []string{`'Yes'.to_bool() => true`, `'0'.to_bool() => false`, `'maybe'.to_bool(false) => false`},
		run:      toBool},
	{signs: []string{"any.type_name() -> text"}, doc: "Names the kind of a value: text, integer, number, boolean, list, object, null.",
		examples: []string{`'a'.type_name() => "text"`, `1.type_name() => "integer"`, `{'a': 1}.type_name() => "object"`, `dyn(null).type_name() => "null"`},
		run:      func(a args) (any, error) { return typeName(a[0]), nil }},
}

// orOther gives the first argument unless it is null or missing.
func orOther(a args) (any, error) {
	v := a.value(0)
	if opt, ok := v.(*types.Optional); ok {
		if !opt.HasValue() {
			return a.value(1), nil
		}
		v = opt.GetValue()
	}
	if v == types.NullValue {
		return a.value(1), nil
	}
	return v, nil
}

func toNumber(a args) (any, error) {
	switch v := a[0].(type) {
	case int64:
		return float64(v), nil
	case float64:
		return v, nil
	case bool:
		if v {
			return 1.0, nil
		}
		return 0.0, nil
	case string:
		if f, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(v), ",", ""), 64); err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f, nil
		}
	}
	if len(a) > 1 {
		return a.number(1), nil
	}
	return nil, dataErrorf("write .to_number(0) to say what to use instead", "%s is not a number", shownValue(a[0]))
}

func toInteger(a args) (any, error) {
	if s, ok := a[0].(string); ok {
		if n, err := strconv.ParseInt(strings.ReplaceAll(strings.TrimSpace(s), ",", ""), 10, 64); err == nil {
			return n, nil
		}
	}
	if n, ok := a[0].(int64); ok {
		return n, nil
	}
	if f, err := toNumber(a[:1]); err == nil && math.Abs(f.(float64)) < 1<<62 {
		return int64(f.(float64)), nil
	}
	if len(a) > 1 {
		return a[1], nil
	}
	return nil, dataErrorf("write .to_integer(0) to say what to use instead", "%s is not a whole number", shownValue(a[0]))
}

func toBool(a args) (any, error) {
	switch v := a[0].(type) {
	case bool:
		return v, nil
	case int64:
		return v != 0, nil
	case float64:
		return v != 0, nil
	case nil:
		return false, nil
	case string:
		switch strings.ToLower(strings.TrimSpace(v)) {
		case "true", "yes", "on", "1", "y", "t":
			return true, nil
		case "false", "no", "off", "0", "n", "f", "":
			return false, nil
		}
	}
	if len(a) > 1 {
		return a.boolean(1), nil
	}
	return nil, dataErrorf("write .to_bool(false) to say what to use instead", "%s is neither true nor false", shownValue(a[0]))
}

// shownValue writes a value for a message, short.
func shownValue(v any) string {
	if s, ok := v.(string); ok {
		return strconv.Quote(truncate(s, 40, "…"))
	}
	return describe(v)
}

func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case int64:
		return "integer"
	case float64:
		return "number"
	case string:
		return "text"
	case []any:
		return "list"
	}
	return "object"
}

// scalarText writes a number, boolean or text.
func scalarText(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case float64:
		return formatNumber(v), nil
	case int64, bool:
		return fmt.Sprint(v), nil
	}
	return "", dataErrorf("", "%s cannot be joined", describe(v))
}

// formatNumber writes a number as people do: 2 and not 2.0, without an exponent where it is readable.
func formatNumber(f float64) string {
	format := byte('f')
	if size := math.Abs(f); size != 0 && (size < 1e-6 || size >= 1e21) {
		format = 'g'
	}
	return strconv.FormatFloat(f, format, -1, 64)
}

var (
	_ traits.Mapper = (*mapVal)(nil)
	_ traits.Lister = (*listVal)(nil)
	_ ref.Val       = (*secretVal)(nil)
)
