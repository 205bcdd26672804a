package api

import (
	"bytes"
	"context"
	"encoding"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"gantry/fault"
)

// newRequest writes an operation's input as a request: the reverse of how huma reads it, by the same tags. What is
// zero is left out, except in the path.
func newRequest(ctx context.Context, method, path string, input any) (*http.Request, error) {
	e := encoder{path: path, query: url.Values{}, header: http.Header{}}
	if err := e.fields(reflect.ValueOf(input).Elem()); err != nil {
		return nil, err
	}
	address := Base + e.path
	if len(e.query) > 0 {
		address += "?" + e.query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://gantry"+address, bytes.NewReader(e.body))
	if err != nil {
		return nil, fault.Wrap(err, fault.Usage, "the request cannot be written: %s", err)
	}
	r.Header = e.header
	if e.media != "" {
		r.Header.Set("Content-Type", e.media)
	}
	return r, nil
}

type encoder struct {
	path   string
	query  url.Values
	header http.Header
	body   []byte
	media  string
}

func (e *encoder) fields(v reflect.Value) error {
	for i := range v.NumField() {
		if err := e.field(v.Type().Field(i), v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) field(f reflect.StructField, v reflect.Value) (err error) {
	tag := func(name string) (string, bool) { text, ok := f.Tag.Lookup(name); return text, ok }
	switch {
	case f.Anonymous && f.Type.Kind() == reflect.Struct:
		return e.fields(v)
	case f.Name == "Body":
		return e.jsonBody(v)
	case f.Name == "RawBody":
		e.body, e.media = v.Bytes(), f.Tag.Get("contentType")
		return nil
	}
	if name, ok := tag("path"); ok {
		return e.inPath(name, v)
	}
	if name, ok := tag("query"); ok {
		return e.inQuery(name, v)
	}
	if name, ok := tag("header"); ok && !v.IsZero() {
		text, err := textOf(v)
		e.header.Set(name, text)
		return err
	}
	return nil
}

func (e *encoder) jsonBody(v reflect.Value) (err error) {
	if k := v.Kind(); (k == reflect.Pointer || k == reflect.Interface) && v.IsNil() {
		return nil
	}
	e.media = "application/json"
	emptyNotNull(v)
	if e.body, err = json.Marshal(v.Interface()); err != nil {
		return fault.Wrap(err, fault.InvalidInput, "the request cannot be written as JSON: %s", err)
	}
	if replaced(e.body) {
		return fault.New(fault.InvalidInput, "what is to be sent is not valid UTF-8 text").WithHint("save the file as UTF-8, or check what was typed")
	}
	return nil
}

// replaced tells whether JSON was made of text that is not UTF-8: the encoder writes the escape of U+FFFD in place of
// each wrong byte, and the character itself where the text has it.
func replaced(text []byte) bool {
	const escape = `\ufffd`
	for at := 0; ; {
		found := bytes.Index(text[at:], []byte(escape))
		if found < 0 {
			return false
		}
		at += found
		before := text[:at]
		if (len(before)-len(bytes.TrimRight(before, `\`)))%2 == 0 { // no backslash of the text itself
			return true
		}
		at += len(escape)
	}
}

// emptyNotNull makes lists that are given and empty [] in JSON: null would mean that they are left out.
func emptyNotNull(v reflect.Value) {
	v = reflect.Indirect(v)
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Kind() == reflect.Pointer && !f.IsNil() && f.Elem().Kind() == reflect.Slice && f.Elem().IsNil() {
			f.Elem().Set(reflect.MakeSlice(f.Elem().Type(), 0, 0))
		}
	}
}

func (e *encoder) inPath(name string, v reflect.Value) error {
	text, err := textOf(v)
	if err != nil {
		return err
	}
	if text == "" {
		return fault.New(fault.Usage, "the %s is missing", name)
	}
	escaped := url.PathEscape(text)
	if strings.Trim(escaped, ".") == "" { // . and .. would be taken for folders on the way
		escaped = strings.ReplaceAll(escaped, ".", "%2E")
	}
	e.path = strings.Replace(e.path, "{"+name+"}", escaped, 1)
	return nil
}

// inQuery writes a parameter. Lists are written one parameter an element where the tag says explode, else with commas.
func (e *encoder) inQuery(tag string, v reflect.Value) error {
	name, rest, _ := strings.Cut(tag, ",")
	if v.IsZero() {
		return nil
	}
	if v.Kind() != reflect.Slice {
		text, err := textOf(v)
		e.query.Set(name, text)
		return err
	}
	var texts []string
	for i := range v.Len() {
		text, err := textOf(v.Index(i))
		if err != nil {
			return err
		}
		texts = append(texts, text)
	}
	if slices.Contains(strings.Split(rest, ","), "explode") {
		e.query[name] = texts
		return nil
	}
	e.query.Set(name, strings.Join(texts, ","))
	return nil
}

func textOf(v reflect.Value) (string, error) {
	switch x := v.Interface().(type) {
	case time.Time:
		return x.Format(time.RFC3339Nano), nil
	case encoding.TextMarshaler:
		text, err := x.MarshalText()
		return string(text), err
	}
	switch v.Kind() {
	case reflect.String:
		return v.String(), nil
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), nil
	case reflect.Float64, reflect.Float32:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64), nil
	}
	return "", fmt.Errorf("a parameter of type %s cannot be written", v.Type())
}
