package webhook

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Bounds of an XML body beside its size.
const (
	maxXMLDepth    = 100
	maxXMLElements = 100_000
)

// parseXML makes a map of a document: {root: element}. An element is its text where it has neither attributes
// nor elements, else a map of "@attribute", its elements by name (a list where one repeats), and "#text".
// Names lose their namespace's prefix. Documents with a DTD are refused: entities are made there.
func parseXML(text []byte) (any, *problem) {
	x := &xmlReader{decoder: xml.NewDecoder(bytes.NewReader(text))}
	var root map[string]any
	for {
		token, err := x.decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, x.wrong("%s", xmlReason(err))
		}
		switch token := token.(type) {
		case xml.StartElement:
			if root != nil {
				return nil, x.wrong("there is a second root element")
			}
			v, p := x.element(token, 1)
			if p != nil {
				return nil, p
			}
			root = map[string]any{token.Name.Local: v}
		case xml.Directive:
			return nil, x.wrong("a document type is not allowed")
		case xml.CharData:
			if len(bytes.TrimSpace(token)) > 0 {
				return nil, x.wrong("there is text outside of the root element")
			}
		}
	}
	if root == nil {
		return nil, x.wrong("there is no element")
	}
	return root, nil
}

type xmlReader struct {
	decoder  *xml.Decoder
	elements int
}

func (x *xmlReader) wrong(format string, args ...any) *problem {
	line, column := x.decoder.InputPos()
	return unreadable("The body is not valid XML (line %d, column %d): "+format+".", append([]any{line, column}, args...)...)
}

func xmlReason(err error) string {
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return syntax.Msg
	}
	return "it cannot be read; its encoding must be UTF-8"
}

func (x *xmlReader) element(start xml.StartElement, depth int) (any, *problem) {
	if depth > maxXMLDepth {
		return nil, x.wrong("nested more than %d levels deep", maxXMLDepth)
	}
	if x.elements++; x.elements > maxXMLElements {
		return nil, x.wrong("more than %d elements", maxXMLElements)
	}
	m := map[string]any{}
	for _, a := range start.Attr {
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
			m["@"+a.Name.Local] = a.Value
		}
	}
	var text strings.Builder
	for {
		token, err := x.decoder.Token()
		if err != nil {
			return nil, x.wrong("%s", xmlReason(err))
		}
		switch token := token.(type) {
		case xml.StartElement:
			v, p := x.element(token, depth+1)
			if p != nil {
				return nil, p
			}
			addElement(m, token.Name.Local, v)
		case xml.CharData:
			text.Write(token)
		case xml.Directive:
			return nil, x.wrong("a document type is not allowed")
		case xml.EndElement:
			return elementValue(m, strings.TrimSpace(text.String())), nil
		}
	}
}

// addElement makes a list of elements that repeat; no single element is one.
func addElement(m map[string]any, name string, v any) {
	before, there := m[name]
	if !there {
		m[name] = v
		return
	}
	if list, ok := before.([]any); ok {
		m[name] = append(list, v)
		return
	}
	m[name] = []any{before, v}
}

func elementValue(m map[string]any, text string) any {
	if len(m) == 0 {
		return text
	}
	if text != "" {
		m["#text"] = text
	}
	return m
}
