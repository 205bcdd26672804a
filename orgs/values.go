package orgs

import (
	"math"
	"unicode/utf8"

	"gantry/fault"
	"gantry/schema"
)

// The types of variables.
const (
	TypeString  = "string"
	TypeNumber  = "number"
	TypeBoolean = "boolean"
	TypeList    = "list"
	TypeObject  = "object"
	TypeSecret  = "secret"
)

// Types lists the types of variables as people write them.
func Types() []string {
	return []string{TypeString, TypeNumber, TypeBoolean, TypeList, TypeObject, TypeSecret}
}

const (
	maxValue        = 1 << 20 // bytes of a value as JSON
	maxNesting      = 50
	maxExactInteger = 1 << 53 // beyond it a number is not exact everywhere
)

// encodeValue checks a value against its variable's type and gives it as JSON. Errors never show it.
func encodeValue(what, kind string, value any) (string, error) {
	if !fits(kind, value) {
		return "", invalid("The value of %s must be %s, not %s.", what, article(kind), kindOf(value))
	}
	if n, ok := value.(int64); ok && (n > maxExactInteger || n < -maxExactInteger) {
		return "", invalid("The value of %s is too large for an exact number.", what).WithHint("keep ids like this as type string")
	}
	return encodeData(what, value)
}

// plainNumber gives a number without fraction as a whole one, for people to read.
func plainNumber(value any) any {
	if f, ok := value.(float64); ok && f == math.Trunc(f) && math.Abs(f) <= maxExactInteger && (f != 0 || !math.Signbit(f)) {
		return int64(f)
	}
	return value
}

// encodeData gives JSON data as text, refusing what is none (a secret's reference among it), and what is
// too large or too deep.
func encodeData(what string, value any) (string, error) {
	if problem := notData(value, 0); problem != "" {
		return "", invalid("The value of %s cannot be kept: %s.", what, problem)
	}
	text, err := schema.Encode(value)
	if err != nil {
		return "", invalid("The value of %s cannot be kept as JSON.", what)
	}
	if len(text) > maxValue {
		return "", fault.New(fault.TooLarge, "The value of %s is larger than %d bytes.", what, maxValue)
	}
	return string(text), nil
}

func decodeData(what, text string) (any, error) {
	value, err := schema.DecodeBytes([]byte(text))
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "The value of %s cannot be read from the database.", what)
	}
	return value, nil
}

func fits(kind string, value any) bool {
	switch value.(type) {
	case string:
		return kind == TypeString
	case int64, float64:
		return kind == TypeNumber
	case bool:
		return kind == TypeBoolean
	case []any:
		return kind == TypeList
	case map[string]any:
		return kind == TypeObject
	}
	return false
}

// notData says what in the value is not JSON data, or "".
func notData(value any, depth int) string {
	if depth > maxNesting {
		return "it is nested too deeply"
	}
	switch v := value.(type) {
	case nil, bool, int64:
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "it is not a finite number"
		}
	case string:
		if !utf8.ValidString(v) {
			return "it is not valid UTF-8 text"
		}
	case []any:
		for _, item := range v {
			if problem := notData(item, depth+1); problem != "" {
				return problem
			}
		}
	case map[string]any:
		for key, item := range v {
			if !utf8.ValidString(key) {
				return "a key is not valid UTF-8 text"
			}
			if problem := notData(item, depth+1); problem != "" {
				return problem
			}
		}
	default:
		return "it holds something that is not plain data, such as a secret"
	}
	return ""
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "nothing"
	case string:
		return "text"
	case int64, float64:
		return "a number"
	case bool:
		return "true or false"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return "something else"
}

func article(kind string) string {
	switch kind {
	case TypeString:
		return "text"
	case TypeBoolean:
		return "true or false"
	case TypeObject:
		return "an object"
	}
	return "a " + kind
}

// TypeOf is the type that a value has by itself, "" for none (null).
func TypeOf(value any) string {
	for _, kind := range Types() {
		if fits(kind, value) {
			return kind
		}
	}
	return ""
}
