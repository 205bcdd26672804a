package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
)

// writeJSON writes an answer.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// decode reads one JSON value, whose whole numbers stay exact. What has no type of its own is JSON data: whole numbers are int64 where they fit,
// others float64.
func decode(text []byte, into any) error {
	if whole, ok := into.(*any); ok { // for huma's checks, which know float64
		if err := namedOnce(text); err != nil {
			return err
		}
		return json.Unmarshal(text, whole)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more behind the value")
	}
	plainNumbers(reflect.ValueOf(into))
	return nil
}

// namedOnce refuses objects that have a name twice: what is checked could be one value, and what is used the other.
func namedOnce(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	type level struct {
		names map[string]bool // of an object, nil in a list
		value bool            // the object's name was read, its value comes
	}
	var open []level
	for {
		token, err := d.Token()
		if err != nil {
			return nil //nolint:nilerr // whoever reads the values says what is wrong
		}
		if n := len(open); n > 0 && open[n-1].names != nil && !open[n-1].value {
			if name, ok := token.(string); ok {
				if open[n-1].names[name] {
					return fmt.Errorf("%q is there twice", name)
				}
				open[n-1].names[name], open[n-1].value = true, true
				continue
			}
		}
		switch token {
		case json.Delim('{'):
			open = append(open, level{names: map[string]bool{}})
			continue
		case json.Delim('['):
			open = append(open, level{})
			continue
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		}
		if n := len(open); n > 0 {
			open[n-1].value = false
		}
	}
}

// plainNumbers replaces the decoder's numbers wherever data without a type stands.
func plainNumbers(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			plainNumbers(v.Elem())
		}
	case reflect.Interface:
		if !v.IsNil() && v.CanSet() && v.NumMethod() == 0 {
			v.Set(reflect.ValueOf(plain(v.Interface())))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				plainNumbers(v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		if k := v.Type().Elem().Kind(); k == reflect.Uint8 || k == reflect.String {
			return
		}
		for i := range v.Len() {
			plainNumbers(v.Index(i))
		}
	case reflect.Map:
		plainMap(v)
	}
}

func plainMap(v reflect.Value) {
	for _, key := range v.MapKeys() {
		copied := reflect.New(v.Type().Elem()).Elem() // what lies in a map cannot be set
		copied.Set(v.MapIndex(key))
		plainNumbers(copied)
		v.SetMapIndex(key, copied)
	}
}

func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return n
		}
		f, err := v.Float64()
		if err != nil {
			return v.String()
		}
		return f
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = plain(v[key])
		}
	}
	return v
}
