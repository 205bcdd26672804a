package api

import (
	"encoding"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gorilla/mux"
)

// parameter is a field of an input that stands in the path, in the query or in a header.
type parameter struct {
	field    []int
	in, name string
	initial  string // what it is where it is left out
	required bool
	several  bool // a list whose elements are parameters of the same name
	schema   *huma.Schema
}

// findParameters goes through the fields of an input, embedded ones included.
func (b *binding) findParameters(t reflect.Type, above []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(slices.Clone(above), i)
		if f.Anonymous {
			if f.Type.Kind() == reflect.Struct {
				b.findParameters(f.Type, at)
			}
			continue
		}
		if p := parameterOf(f); p != nil {
			p.field, p.schema = at, huma.SchemaFromField(b.schemas, f, "")
			b.parameters = append(b.parameters, p)
			b.documentParameter(p)
		}
	}
}

func parameterOf(f reflect.StructField) *parameter {
	p := &parameter{initial: f.Tag.Get("default"), required: f.Tag.Get("required") == "true"}
	for _, in := range []string{"path", "query", "header"} {
		tag := f.Tag.Get(in)
		if tag == "" {
			continue
		}
		name, rest, _ := strings.Cut(tag, ",")
		p.in, p.name, p.several = in, name, rest == "explode"
		p.required = p.required || in == "path"
		return p
	}
	return nil
}

func (b *binding) documentParameter(p *parameter) {
	doc := &huma.Param{Name: p.name, In: p.in, Required: p.required, Schema: p.schema, Description: p.schema.Description}
	if p.in == "query" {
		b.query[p.name] = true
		doc.Explode = &p.several
	}
	b.op.Parameters = append(b.op.Parameters, doc)
}

// parameters reads those of the request into the input's fields.
func (s *reading) parameters(in reflect.Value) {
	query := s.request.URL.Query()
	for name := range query {
		if !s.query[name] && !s.unchecked {
			s.at("query", name)
			s.found.Add(s.path, "", "unknown query parameter")
		}
	}
	vars := mux.Vars(s.request)
	for _, p := range s.binding.parameters {
		var given []string
		switch p.in {
		case "path":
			given = []string{vars[p.name]}
		case "query":
			given = query[p.name]
		case "header":
			given = s.request.Header.Values(p.name)
		}
		s.parameter(p, in.FieldByIndex(p.field), given)
	}
}

func (s *reading) at(in, name string) {
	s.path.Reset()
	s.path.Push(in)
	s.path.Push(name)
}

func (s *reading) parameter(p *parameter, field reflect.Value, given []string) {
	s.at(p.in, p.name)
	text := p.initial
	if len(given) > 0 && given[0] != "" {
		text = given[0]
	}
	if text == "" {
		if p.required && !s.unchecked {
			s.found.Add(s.path, "", "required "+p.in+" parameter is missing")
		}
		return
	}
	var value any
	var err error
	if field.Kind() == reflect.Slice {
		if !p.several {
			given = strings.Split(text, ",")
		}
		value = setTexts(field, given)
	} else {
		value, err = setText(field, text)
	}
	if err != nil {
		s.found.Add(s.path, text, err.Error())
		return
	}
	s.check(p.schema, value)
}

// setTexts fills a list of texts and gives it as its schema takes it.
func setTexts(field reflect.Value, texts []string) []string {
	list := reflect.MakeSlice(field.Type(), len(texts), len(texts))
	for i, text := range texts {
		list.Index(i).SetString(text)
	}
	field.Set(list)
	return texts
}

// setText fills a field and gives its value as its schema takes it.
func setText(field reflect.Value, text string) (any, error) {
	if _, ok := field.Interface().(time.Time); ok {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return nil, errors.New("not a time such as 2026-11-30T08:00:00Z")
		}
		field.Set(reflect.ValueOf(at))
		return text, nil
	}
	if own, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if err := own.UnmarshalText([]byte(text)); err != nil {
			return nil, errors.New("invalid value: " + err.Error())
		}
		return text, nil
	}
	switch field.Kind() {
	case reflect.String:
		field.SetString(text)
		return text, nil
	case reflect.Bool:
		v, err := strconv.ParseBool(text)
		if err != nil {
			return nil, errors.New("invalid boolean")
		}
		field.SetBool(v)
		return v, nil
	case reflect.Int, reflect.Int64:
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, errors.New("invalid integer")
		}
		field.SetInt(v)
		return v, nil
	}
	panic("api: no parameter can be a " + field.Type().String())
}
