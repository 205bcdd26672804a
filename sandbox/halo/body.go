package halo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxDepth is how deep Halo's JSON reader goes.
const maxDepth = 64

// posted is one value of a request body with the place where it ends, as Newtonsoft's messages name it.
type posted struct {
	name  string
	value any // nil, bool, string, json.Number, []any, map[string]any
	end   int64
}

// element is one entity of a posted array, its fields in their order.
type element []posted

func (e element) get(name string) (any, bool) {
	for _, p := range e {
		if strings.EqualFold(p.name, name) {
			return p.value, true
		}
	}
	return nil, false
}

// flag reads a control field such as _novalidate.
func (e element) flag(name string) bool {
	v, _ := e.get(name)
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return strings.EqualFold(v, "true")
	}
	return false
}

// parseBody reads a posted array of entities of the named schema. The error is a model state.
func parseBody(text []byte, schema string) ([]element, modelState) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	p := &bodyParser{text: text, dec: json.NewDecoder(bytes.NewReader(text)), schema: schema}
	p.dec.UseNumber()
	elements, err := p.array()
	if err == nil {
		if _, more := p.dec.Token(); !errors.Is(more, io.EOF) {
			err = p.failed("Additional text encountered after finished reading JSON content.", "")
		}
	}
	if err == nil {
		return elements, nil
	}
	var bad *badBody
	if errors.As(err, &bad) {
		return nil, modelState{bad.path: {bad.text}}
	}
	return nil, modelState{"": {p.place("Unexpected character encountered while parsing value.", "")}}
}

type badBody struct{ path, text string }

func (b *badBody) Error() string { return b.text }

type bodyParser struct {
	text   []byte
	dec    *json.Decoder
	schema string
}

func (p *bodyParser) array() ([]element, error) {
	tok, err := p.dec.Token()
	if errors.Is(err, io.EOF) {
		return nil, &badBody{"", "A non-empty request body is required."}
	}
	if err != nil {
		return nil, err
	}
	if tok != json.Delim('[') {
		return nil, p.notArray(tok)
	}
	elements := []element{}
	for p.dec.More() {
		e, err := p.element(len(elements))
		if err != nil {
			return nil, err
		}
		elements = append(elements, e)
	}
	_, err = p.dec.Token()
	return elements, err
}

// notArray is the well-known refusal of a bare object.
func (p *bodyParser) notArray(tok json.Token) error {
	path := ""
	if tok == json.Delim('{') {
		if key, err := p.dec.Token(); err == nil {
			path, _ = key.(string)
		}
		return p.failed(fmt.Sprintf("Cannot deserialize the current JSON object (e.g. {\"name\":\"value\"}) into type "+
			"'System.Collections.Generic.List`1[NetHelpDesk.API.Models.%s]' because the type requires a JSON array (e.g. [1,2,3]) to "+
			"deserialize correctly.\nTo fix this error either change the JSON to a JSON array (e.g. [1,2,3]) or change the deserialized "+
			"type so that it is a normal .NET type.", p.schema), path)
	}
	return p.failed(fmt.Sprintf("Error converting value %v to type 'System.Collections.Generic.List`1[NetHelpDesk.API.Models.%s]', "+
		"because the type requires a JSON array (e.g. [1,2,3]) to deserialize correctly.", tok, p.schema), "")
}

func (p *bodyParser) element(index int) (element, error) {
	path := fmt.Sprintf("[%d]", index)
	tok, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	if tok != json.Delim('{') {
		return nil, p.failed(fmt.Sprintf("Error converting value %v to type 'NetHelpDesk.API.Models.%s'.", tok, p.schema), path)
	}
	e := element{}
	for p.dec.More() {
		key, err := p.dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		value, err := p.value(2, path+"."+name)
		if err != nil {
			return nil, err
		}
		e = append(e, posted{name, value, p.dec.InputOffset()})
	}
	_, err = p.dec.Token()
	return e, err
}

func (p *bodyParser) value(depth int, path string) (any, error) {
	if depth > maxDepth {
		return nil, p.failed(fmt.Sprintf("The reader's MaxDepth of %d has been exceeded.", maxDepth), path)
	}
	tok, err := p.dec.Token()
	if err != nil {
		return nil, err
	}
	switch tok {
	case json.Delim('['):
		list := []any{}
		for p.dec.More() {
			v, err := p.value(depth+1, path)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err = p.dec.Token()
		return list, err
	case json.Delim('{'):
		m := map[string]any{}
		for p.dec.More() {
			key, err := p.dec.Token()
			if err != nil {
				return nil, err
			}
			name, _ := key.(string)
			if m[name], err = p.value(depth+1, path); err != nil {
				return nil, err
			}
		}
		_, err = p.dec.Token()
		return m, err
	}
	return tok, nil
}

func (p *bodyParser) failed(text, path string) error {
	return &badBody{path, p.place(text, path)}
}

func (p *bodyParser) place(text, path string) string {
	return place(p.text, p.dec.InputOffset(), text, path)
}

// place adds path, line and position to a message, in Newtonsoft's words.
func place(body []byte, end int64, text, path string) string {
	before := body[:min(int(end), len(body))]
	line := 1 + bytes.Count(before, []byte("\n"))
	position := len(before) - (bytes.LastIndexByte(before, '\n') + 1)
	return fmt.Sprintf("%s Path '%s', line %d, position %d.", text, path, line, position)
}
