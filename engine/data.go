package engine

import (
	"encoding/json"
	"reflect"

	"gantry/schema"
)

// plainData brings values from wherever they come into the data model, so that a run sees them as it will
// after a restart. Nothing of the result is shared with what was given.
func plainData(given map[string]any) (map[string]any, error) {
	if given == nil {
		return nil, nil
	}
	plain, err := plainValue(given)
	if err != nil {
		return nil, err
	}
	data, _ := plain.(map[string]any)
	return data, nil
}

func plainValue(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, int64, float64, string:
		return v, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, item := range v {
			plain, err := plainValue(item)
			if err != nil {
				return nil, err
			}
			out[name] = plain
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			plain, err := plainValue(item)
			if err != nil {
				return nil, err
			}
			out[i] = plain
		}
		return out, nil
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if _, writes := v.(json.Marshaler); !writes {
			return r.Int(), nil
		}
	case reflect.Float32:
		return r.Float(), nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return schema.DecodeBytes(text)
}
