package schema

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// FromText reads a value that a person typed (`--input k=v`, a form's field): text as it is, numbers,
// true/false/yes/no, and JSON for lists, maps and objects. A list of plain values may also be written
// with commas. For any, what reads as JSON is JSON, all else text. The value is not checked further.
func (t *Type) FromText(s string) (any, error) {
	trimmed := strings.TrimSpace(s)
	if t.Nullable && trimmed == "null" {
		return nil, nil
	}
	switch t.Kind {
	case KindString, KindSecret:
		return s, nil
	case KindInteger:
		return integerFromText(trimmed)
	case KindNumber:
		return numberFromText(trimmed)
	case KindBoolean:
		return booleanFromText(trimmed)
	case KindNull:
		if trimmed == "null" || trimmed == "" {
			return nil, nil
		}
		return nil, fmt.Errorf("needs null, gets %q", s)
	case KindList:
		return t.listFromText(trimmed)
	case KindMap, KindObject:
		return t.jsonFromText(trimmed)
	default:
		if v, err := DecodeBytes([]byte(trimmed)); err == nil {
			return v, nil
		}
		return s, nil
	}
}

func integerFromText(s string) (any, error) {
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return i, nil
	}
	if v, err := DecodeBytes([]byte(s)); err == nil { // 18.0, 1e3
		if i, ok := whole(v); ok {
			return i, nil
		}
	}
	return nil, fmt.Errorf("needs a whole number, gets %q", s)
}

// numberFromText refuses whole numbers whose last digits a number would not keep: long ids are no numbers.
func numberFromText(s string) (any, error) {
	v, err := DecodeBytes([]byte(s))
	f, ok := real(v)
	if err != nil || !ok {
		return nil, fmt.Errorf("needs a number, gets %q", s)
	}
	written, isWhole := new(big.Int).SetString(s, 10)
	if kept, _ := big.NewFloat(f).Int(nil); isWhole && kept.Cmp(written) != 0 {
		return nil, fmt.Errorf("needs a number, and %s has more digits than one keeps: as text it keeps them all", s)
	}
	return f, nil
}

func booleanFromText(s string) (any, error) {
	switch strings.ToLower(s) {
	case "true", "yes":
		return true, nil
	case "false", "no":
		return false, nil
	}
	return nil, fmt.Errorf("needs true or false, gets %q", s)
}

func (t *Type) jsonFromText(s string) (any, error) {
	v, err := DecodeBytes([]byte(s))
	if err != nil {
		return nil, fmt.Errorf("needs %s written as JSON: %w", t.withArticle(), err)
	}
	if _, ok := v.(map[string]any); !ok {
		return nil, fmt.Errorf("needs %s written as JSON, gets %s", t.withArticle(), described(v))
	}
	return t.Conform(v), nil
}

func (t *Type) listFromText(s string) (any, error) {
	v, err := DecodeBytes([]byte(s))
	if err == nil {
		if _, ok := v.([]any); ok {
			return t.Conform(v), nil
		}
	}
	switch t.Element().Kind {
	case KindList, KindMap, KindObject:
		if err == nil {
			err = fmt.Errorf("this is %s", described(v))
		}
		return nil, fmt.Errorf("needs %s written as JSON: %w", t.withArticle(), err)
	}
	if strings.HasPrefix(s, "[") {
		return nil, fmt.Errorf("needs %s written as JSON or with commas: %w", t.withArticle(), err)
	}
	list := []any{}
	if s == "" {
		return list, nil
	}
	for i, part := range strings.Split(s, ",") {
		item, err := t.Element().FromText(strings.TrimSpace(part))
		if err != nil {
			return nil, fmt.Errorf("entry %d %w", i+1, err)
		}
		list = append(list, item)
	}
	return list, nil
}
