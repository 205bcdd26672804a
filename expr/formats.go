package expr

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"

	"gantry/schema"
)

func indentJSON(compact []byte, indent int) (any, error) {
	var b bytes.Buffer
	if err := json.Indent(&b, compact, "", strings.Repeat(" ", indent)); err != nil {
		return nil, err
	}
	return b.String(), nil
}

// writeYAML writes data in block style; texts that YAML could read as something else stand in quotes,
// which are JSON's.
func writeYAML(b *strings.Builder, v any, depth int) error {
	if b.Len() > maxValue {
		return errSize
	}
	indent := strings.Repeat("  ", depth)
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			b.WriteString("{}\n")
			return nil
		}
		b.WriteByte('\n')
		for _, key := range sortedKeys(v) {
			b.WriteString(indent + yamlText(key) + ":")
			if err := writeYAMLValue(b, v[key], depth+1); err != nil {
				return err
			}
		}
		return nil
	case []any:
		if len(v) == 0 {
			b.WriteString("[]\n")
			return nil
		}
		b.WriteByte('\n')
		for _, item := range v {
			b.WriteString(indent + "-")
			if err := writeYAMLValue(b, item, depth+1); err != nil {
				return err
			}
		}
		return nil
	case string:
		b.WriteString(yamlText(v) + "\n")
		return nil
	}
	text, err := schema.Encode(v)
	b.WriteString(string(text) + "\n")
	return err
}

func writeYAMLValue(b *strings.Builder, v any, depth int) error {
	if !isCollection(v) {
		b.WriteByte(' ')
	}
	return writeYAML(b, v, depth)
}

// isCollection tells whether v is written on lines of its own.
func isCollection(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return len(v) > 0
	case []any:
		return len(v) > 0
	}
	return false
}

var plainYAML = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_ ./-]*$`)

var yamlWords = map[string]bool{"true": true, "false": true, "null": true, "yes": true, "no": true, "on": true, "off": true, "y": true, "n": true}

func yamlText(s string) string {
	if plainYAML.MatchString(s) && !yamlWords[strings.ToLower(s)] && !strings.HasSuffix(s, " ") {
		return s
	}
	quoted, err := schema.Encode(s)
	if err != nil {
		return `""`
	}
	if strings.IndexFunc(s, unprintable) < 0 {
		return string(quoted)
	}
	var b strings.Builder
	for _, r := range string(quoted) {
		if unprintable(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unprintable tells which characters YAML 1.2 does not let stand as they are.
func unprintable(r rune) bool {
	return r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r == 0xfffe || r == 0xffff
}

const maxXMLDepth = 100

// parseXML reads one document; entities are not expanded beyond XML's own five.
func parseXML(text string) (any, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil, dataErrorf("", "the text has no XML element in it")
		}
		if err != nil {
			return nil, xmlError(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			v, err := xmlElement(d, start, 0)
			if err != nil {
				return nil, err
			}
			return map[string]any{start.Name.Local: v}, nil
		}
	}
}

func xmlError(err error) error { return dataErrorf("", "the text is not XML: %s", err) }

func xmlElement(d *xml.Decoder, start xml.StartElement, depth int) (any, error) {
	if depth > maxXMLDepth {
		return nil, dataErrorf("", "the XML is nested too deeply")
	}
	out := map[string]any{}
	for _, a := range start.Attr {
		out["@"+a.Name.Local] = a.Value
	}
	var text strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return nil, xmlError(err)
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			child, err := xmlElement(d, t, depth+1)
			if err != nil {
				return nil, err
			}
			addElement(out, t.Name.Local, child)
		case xml.EndElement:
			return xmlValue(out, text.String()), nil
		}
	}
}

func addElement(parent map[string]any, name string, child any) {
	before, ok := parent[name]
	if !ok {
		parent[name] = child
		return
	}
	if list, isList := before.([]any); isList {
		parent[name] = append(list, child)
		return
	}
	parent[name] = []any{before, child}
}

func xmlValue(element map[string]any, text string) any {
	text = strings.TrimFunc(text, unicode.IsSpace)
	if len(element) == 0 {
		return text
	}
	if text != "" {
		element["#text"] = text
	}
	return element
}

// YAMLText writes a text on one line of YAML, in quotes where it could be read as something else.
func YAMLText(text string) string { return yamlText(text) }

// YAMLBlock writes data as what stands behind `key:` of a map at a depth (levels of two spaces): on the same
// line, or for lists and maps with something in them on the following ones. It ends with a line break.
func YAMLBlock(v any, depth int) (string, error) {
	var b strings.Builder
	err := writeYAMLValue(&b, v, depth)
	return b.String(), err
}
