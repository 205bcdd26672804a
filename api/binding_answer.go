package api

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// answering is how an output is written: its field Body is the answer's (JSON, or bytes as they are, or a function
// that writes it), Status its status where it differs, and each other field the header of its tag.
type answering struct {
	headers      []header
	body, status int // fields, -1: none
}

type header struct {
	field int
	name  string
}

func (b *binding) describeAnswer(t reflect.Type) {
	b.answer = answering{body: -1, status: -1}
	b.op.DefaultStatus = http.StatusNoContent
	if _, has := t.FieldByName("Body"); has {
		b.op.DefaultStatus = http.StatusOK
	}
	response := &huma.Response{Description: http.StatusText(b.op.DefaultStatus)}
	for i := range t.NumField() {
		switch f := t.Field(i); f.Name {
		case "Body":
			b.answer.body = i
			response.Content = b.documentBody(t, f)
		case "Status":
			b.answer.status = i
		default:
			b.answer.headers = append(b.answer.headers, header{i, f.Tag.Get("header")})
			b.documentHeader(response, t, f)
		}
	}
	b.op.Responses = map[string]*huma.Response{strconv.Itoa(b.op.DefaultStatus): response, "default": b.failure()}
}

func (b *binding) documentBody(t reflect.Type, f reflect.StructField) map[string]*huma.MediaType {
	if f.Type.Kind() == reflect.Func {
		return nil
	}
	return map[string]*huma.MediaType{cmp.Or(f.Tag.Get("contentType"), "application/json"): {Schema: huma.SchemaFromField(b.schemas, f, hintOf(t, f, b.op.OperationID+"Response"))}}
}

func (b *binding) documentHeader(response *huma.Response, t reflect.Type, f reflect.StructField) {
	if response.Headers == nil {
		response.Headers = map[string]*huma.Header{}
	}
	name := f.Tag.Get("header")
	if f.Type.Kind() == reflect.Slice {
		f.Type = f.Type.Elem()
	}
	if reflect.PointerTo(f.Type).Implements(reflect.TypeFor[fmt.Stringer]()) {
		f.Type = reflect.TypeFor[string]()
	}
	response.Headers[name] = &huma.Header{Schema: huma.SchemaFromField(b.schemas, f, hintOf(t, f, b.op.OperationID+name))}
}

// failure is what every request that fails is answered with.
func (b *binding) failure() *huma.Response {
	return &huma.Response{Description: "Error", Content: map[string]*huma.MediaType{
		"application/json": {Schema: b.schemas.Schema(reflect.TypeFor[Error](), true, "Error")}}}
}

// hintOf names the schema of a field whose type has no name.
func hintOf(t reflect.Type, f reflect.StructField, unnamed string) string {
	if t.Name() != "" {
		return t.Name() + f.Name
	}
	return unnamed
}

// write answers with an output; nil has nothing but its status.
func (b *binding) write(w http.ResponseWriter, r *http.Request, out reflect.Value) {
	if out.IsNil() {
		w.WriteHeader(b.op.DefaultStatus)
		return
	}
	out = out.Elem()
	for _, h := range b.answer.headers {
		writeHeader(w.Header(), h.name, out.Field(h.field))
	}
	status := b.op.DefaultStatus
	if b.answer.status >= 0 {
		status = int(out.Field(b.answer.status).Int())
	}
	if b.answer.body < 0 {
		w.WriteHeader(status)
		return
	}
	switch body := out.Field(b.answer.body).Interface().(type) {
	case writesItself:
		body(w, r)
	case []byte:
		w.WriteHeader(status)
		_, _ = w.Write(body) // who asked is gone
	default:
		if w.Header().Get("Content-Type") == "" {
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(status)
		if status == http.StatusNoContent {
			return
		}
		if err := writeJSON(w, body); err != nil && r.Context().Err() == nil {
			panic("api: the answer cannot be written as JSON: " + err.Error())
		}
	}
}

// writesItself is the Body of an output that is written bit by bit.
type writesItself = func(http.ResponseWriter, *http.Request)

// writeHeader writes one header, or one for each element of a list. An empty one is left out.
func writeHeader(headers http.Header, name string, v reflect.Value) {
	if v.Kind() == reflect.Slice {
		for i := range v.Len() {
			headers.Add(name, headerText(v.Index(i)))
		}
		return
	}
	if text := headerText(v); text != "" {
		headers.Set(name, text)
	}
}

func headerText(v reflect.Value) string {
	if own, ok := v.Addr().Interface().(fmt.Stringer); ok {
		return own.String()
	}
	return fmt.Sprint(v.Interface())
}
