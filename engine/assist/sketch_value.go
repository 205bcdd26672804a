package assist

import (
	"encoding/json"
	"regexp"
	"strings"
)

// valueOf gives the text of a scalar as YAML reads it.
func valueOf(text string, n *node) string {
	raw := text[n.at:n.end]
	switch n.style {
	case '|', '>':
		return blockValue(raw)
	case 0:
		return folded(raw, "")
	}
	if n.style == '"' {
		return unquoted(folded(raw, `\`))
	}
	return unquoted(folded(raw, ""))
}

// folded joins the lines of a text: each break with the blanks around it is a space, further ones are breaks. A line
// that ends with the given text goes on without a space.
func folded(raw, glue string) string {
	if strings.IndexByte(raw, '\n') < 0 {
		return raw
	}
	var out strings.Builder
	breaks := 0
	for i, line := range strings.Split(raw, "\n") {
		line = strings.TrimRight(line, " \t")
		if i > 0 {
			line = strings.TrimLeft(line, " \t")
			breaks++
		}
		if line == "" {
			continue
		}
		switch {
		case breaks == 1:
			out.WriteByte(' ')
		case breaks > 1:
			out.WriteString(strings.Repeat("\n", breaks-1))
		}
		breaks = 0
		if glue != "" && strings.HasSuffix(line, glue) {
			line, breaks = line[:len(line)-1], -1
		}
		out.WriteString(line)
	}
	return out.String()
}

// blockValue gives the text below a header such as | or >-.
func blockValue(raw string) string {
	header, body, _ := strings.Cut(raw, "\n")
	body = strings.TrimRight(body, " \t\n")
	if body == "" {
		return ""
	}
	list := strings.Split(body, "\n")
	indent := -1
	for _, line := range list {
		if strings.TrimSpace(line) != "" {
			indent = indentOf(line)
			break
		}
	}
	for i, line := range list {
		list[i] = line[min(indent, indentOf(line)):]
	}
	value := strings.Join(list, "\n")
	if header[0] == '>' {
		value = folded(value, "")
	}
	if !strings.Contains(header, "-") {
		value += "\n"
	}
	return value
}

// constant matches plain scalars that are no text: null, true and false, numbers.
var constant = regexp.MustCompile(`^(~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)

// rewritten writes a sketch so that it can be parsed: the same data, one key a line.
func rewritten(text string, n *node) string {
	var out strings.Builder
	w := writer{text: text, out: &out}
	w.node(n)
	return out.String()
}

type writer struct {
	text string
	out  *strings.Builder
}

func (w writer) node(n *node) {
	switch {
	case n == nil || n.kind == scalar && n.end == n.at:
		w.out.WriteString("null")
	case n.kind == mapping:
		w.mapping(n)
	case n.kind == listing:
		w.out.WriteByte('[')
		for i, item := range n.items {
			if i > 0 {
				w.out.WriteString(",\n")
			}
			w.node(item)
		}
		w.out.WriteByte(']')
	default:
		if raw := w.text[n.at:n.end]; n.style == 0 && constant.MatchString(raw) {
			w.out.WriteString(raw)
		} else {
			w.quoted(valueOf(w.text, n))
		}
	}
}

func (w writer) mapping(n *node) {
	w.out.WriteByte('{')
	seen := map[string]bool{}
	for _, e := range n.entries {
		if e.bare || seen[e.key] || e.key == "<<" {
			continue
		}
		if len(seen) > 0 {
			w.out.WriteString(",\n")
		}
		seen[e.key] = true
		w.quoted(e.key)
		w.out.WriteString(": ")
		w.node(e.value)
	}
	w.out.WriteByte('}')
}

func (w writer) quoted(text string) {
	quoted, err := json.Marshal(text)
	if err != nil { // text is always written
		quoted = []byte(`""`)
	}
	w.out.Write(quoted)
}
