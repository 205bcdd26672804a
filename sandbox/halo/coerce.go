package halo

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// readFields turns a posted element into stored values by the schema: numeric text becomes numbers, unknown
// and control fields fall away. What does not fit goes to the model state under "[index].field".
func readFields(s *schema, body []byte, index int, e element, bad modelState) record {
	out := record{}
	for _, p := range e {
		f, known := s.field(p.name)
		if !known || strings.HasPrefix(p.name, "_") {
			continue
		}
		v, problem := coerce(f.kind, p.value)
		if problem == "" {
			out[f.name] = v
			continue
		}
		path := fmt.Sprintf("[%d].%s", index, f.name)
		bad[path] = append(bad[path], place(body, p.end, problem, path))
	}
	return out
}

// coerce gives the stored form of a posted value, or what Newtonsoft would say against it.
func coerce(k kind, v any) (any, string) {
	if v == nil {
		return nil, ""
	}
	switch k {
	case kindInt:
		return coerceInt(v)
	case kindNum:
		return coerceNum(v)
	case kindBool:
		return coerceBool(v)
	case kindText:
		return coerceText(v)
	case kindDate:
		return coerceDate(v)
	case kindGUID:
		return coerceGUID(v)
	case kindList:
		if _, ok := v.([]any); !ok {
			return nil, "The value cannot be deserialized because the type requires a JSON array (e.g. [1,2,3]) to deserialize correctly."
		}
	case kindObject:
		if _, ok := v.(map[string]any); !ok {
			return nil, "The value cannot be deserialized because the type requires a JSON object (e.g. {\"name\":\"value\"}) to deserialize correctly."
		}
	}
	return loose(v), ""
}

func unexpected(v any) string {
	first := "{"
	switch v := v.(type) {
	case bool:
		first = strconv.FormatBool(v)[:1]
	case []any:
		first = "["
	}
	return fmt.Sprintf("Unexpected character encountered while parsing value: %s.", first)
}

func coerceInt(v any) (any, string) {
	text, convert := "", "Could not convert string to integer: %s."
	switch v := v.(type) {
	case json.Number:
		text, convert = v.String(), "Input string '%s' is not a valid integer."
	case string:
		if text = strings.TrimSpace(v); text == "" {
			return nil, ""
		}
	default:
		return nil, unexpected(v)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, fmt.Sprintf(convert, clip(text))
	}
	if n > math.MaxInt32 || n < math.MinInt32 {
		return nil, fmt.Sprintf("JSON integer %d is too large or small for an Int32.", n)
	}
	return n, ""
}

func coerceNum(v any) (any, string) {
	text := ""
	switch v := v.(type) {
	case json.Number:
		text = v.String()
	case string:
		if text = strings.TrimSpace(v); text == "" {
			return nil, ""
		}
	default:
		return nil, unexpected(v)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, fmt.Sprintf("Could not convert string to double: %s.", clip(text))
	}
	return double(f), ""
}

func coerceBool(v any) (any, string) {
	switch v := v.(type) {
	case bool:
		return v, ""
	case json.Number:
		return v != "0", ""
	case string:
		switch strings.ToLower(strings.TrimSpace(v)) {
		case "true":
			return true, ""
		case "false":
			return false, ""
		case "":
			return nil, ""
		}
		return nil, fmt.Sprintf("Could not convert string to boolean: %s.", clip(v))
	}
	return nil, unexpected(v)
}

func coerceText(v any) (any, string) {
	switch v := v.(type) {
	case string:
		return v, ""
	case json.Number:
		return v.String(), ""
	case bool:
		return strconv.FormatBool(v), ""
	}
	return nil, unexpected(v)
}

func coerceDate(v any) (any, string) {
	text, ok := v.(string)
	if !ok {
		return nil, unexpected(v)
	}
	if text == "" {
		return nil, ""
	}
	at, zoned, ok := parseDate(text)
	switch {
	case !ok:
		return nil, fmt.Sprintf("Could not convert string to DateTime: %s.", clip(text))
	case zoned:
		return haloDate(at), ""
	}
	return at.Format("2006-01-02T15:04:05.9999999"), ""
}

func coerceGUID(v any) (any, string) {
	text, ok := v.(string)
	if !ok {
		return nil, unexpected(v)
	}
	id, err := uuid.Parse(text)
	if err != nil {
		return nil, fmt.Sprintf("Error converting value \"%s\" to type 'System.Guid'.", clip(text))
	}
	return id.String(), ""
}

// loose keeps a nested value as it came; whole numbers stay whole.
func loose(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return double(f)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = loose(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			out[name] = loose(value)
		}
		return out
	}
	return v
}

// clip keeps messages short however long the value is.
func clip(text string) string {
	if r := []rune(text); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return text
}

// decodeBase64 reads plain base64 or a "data:<mime>;base64,…" address.
func decodeBase64(text string) (content []byte, mime string, ok bool) {
	if rest, isURL := strings.CutPrefix(text, "data:"); isURL {
		head, data, found := strings.Cut(rest, ",")
		if !found {
			return nil, "", false
		}
		mime, _, _ = strings.Cut(head, ";")
		text = data
	}
	text = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == ' ' {
			return -1
		}
		return r
	}, text)
	content, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "="))
	return content, mime, err == nil
}
