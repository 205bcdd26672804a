package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// encodeDepth bounds nesting; only a value that contains itself gets there.
const encodeDepth = 1000

// Encode writes JSON data: keys sorted, < > & as they are, no blanks. A float64 without fraction is
// written with one (18.0), so that Decode gives back exactly what was encoded: history must not turn
// floats into whole numbers. Values outside of the data model are written by their MarshalJSON (secrets
// write themselves masked). NaN and infinities are errors.
func Encode(v any) ([]byte, error) { return appendValue(nil, v, 0) }

// Append is Encode behind what b holds already.
func Append(b []byte, v any) ([]byte, error) { return appendValue(b, v, 0) }

// AppendText writes text as JSON behind what b holds already.
func AppendText(b []byte, text string) []byte { return appendString(b, text) }

func appendValue(b []byte, v any, depth int) ([]byte, error) {
	if depth > encodeDepth {
		return nil, errors.New("the value is nested too deeply for JSON")
	}
	switch v := v.(type) {
	case nil:
		return append(b, "null"...), nil
	case bool:
		return strconv.AppendBool(b, v), nil
	case int64:
		return strconv.AppendInt(b, v, 10), nil
	case float64:
		return appendFloat(b, v)
	case string:
		return appendString(b, v), nil
	case []any:
		return appendList(b, v, depth)
	case map[string]any:
		return appendMap(b, v, depth)
	default:
		more, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("a value cannot be written as JSON: %w", err)
		}
		return append(b, more...), nil
	}
}

func appendList(b []byte, list []any, depth int) ([]byte, error) {
	var err error
	b = append(b, '[')
	for i, item := range list {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = appendValue(b, item, depth+1); err != nil {
			return nil, err
		}
	}
	return append(b, ']'), nil
}

func appendMap(b []byte, m map[string]any, depth int) ([]byte, error) {
	var err error
	b = append(b, '{')
	var room [16]string // most objects' keys; more make room for themselves
	keys := room[:0]
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for i, key := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, key), ':')
		if b, err = appendValue(b, m[key], depth+1); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

func appendFloat(b []byte, f float64) ([]byte, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, fmt.Errorf("%v is not a number that JSON has", f)
	}
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return strconv.AppendFloat(b, f, 'f', 1, 64), nil
	}
	format := byte('f')
	if a := math.Abs(f); a < 1e-6 || a >= 1e15 {
		format = 'e'
	}
	return strconv.AppendFloat(b, f, format, -1, 64), nil
}

const hex = "0123456789abcdef"

// appendString writes text; what is not UTF-8 becomes U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[from:i]...), "\ufffd"...)
				from = i + 1
			}
			i += size
			continue
		}
		b = append(append(b, s[from:i]...), '\\')
		switch c {
		case '"', '\\':
			b = append(b, c)
		case '\n':
			b = append(b, 'n')
		case '\r':
			b = append(b, 'r')
		case '\t':
			b = append(b, 't')
		default:
			b = append(b, 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}
