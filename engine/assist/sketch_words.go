package assist

import (
	"strconv"
	"strings"
)

// keyEnd finds the colon of the key that a line begins with; -1: it begins with none.
func keyEnd(text string) int {
	if text == "" || strings.ContainsAny(text[:1], "{[|>#") || strings.HasPrefix(text, "${{") {
		return -1
	}
	i := 0
	if text[0] == '"' || text[0] == '\'' {
		end := quoteEnd(text, 0)
		if end < 0 {
			return -1
		}
		i = end + len(text[end:]) - len(strings.TrimLeft(text[end:], " \t"))
		if i < len(text) && text[i] == ':' && endsKey(text, i) {
			return i
		}
		return -1
	}
	for ; i < len(text); i++ {
		switch {
		case text[i] == ':' && endsKey(text, i):
			return i
		case text[i] == '#' && i > 0 && (text[i-1] == ' ' || text[i-1] == '\t'):
			return -1
		}
	}
	return -1
}

// endsKey tells whether a colon is that of a key: a space comes behind it, or the end.
func endsKey(text string, i int) bool {
	return i+1 == len(text) || text[i+1] == ' ' || text[i+1] == '\t' || text[i+1] == '\n'
}

// quoteEnd finds the place behind the quote that closes the one at i, on any line; -1: there is none.
func quoteEnd(text string, i int) int {
	quote := text[i]
	for i++; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] != quote:
		case quote == '\'' && i+1 < len(text) && text[i+1] == '\'':
			i++
		default:
			return i + 1
		}
	}
	return -1
}

// withoutComment cuts a comment off a line of plain text.
func withoutComment(line string) string {
	for i := 1; i < len(line); i++ {
		if line[i] == '#' && (line[i-1] == ' ' || line[i-1] == '\t') {
			return line[:i]
		}
	}
	return line
}

// withoutProperties goes behind anchors and tags.
func withoutProperties(text string) string {
	for text != "" && (text[0] == '&' || text[0] == '!') {
		end := strings.IndexAny(text, " \t")
		if end < 0 {
			return ""
		}
		text = strings.TrimLeft(text[end:], " \t")
	}
	return text
}

// unquoted gives the value of a text on one line as YAML reads it, as far as that matters to names and expressions.
func unquoted(text string) string {
	if len(text) == 0 {
		return text
	}
	body := text
	switch text[0] {
	case '\'':
		body = strings.TrimPrefix(body, "'")
		if len(text) > 1 {
			body = strings.TrimSuffix(body, "'")
		}
		return strings.ReplaceAll(body, "''", "'")
	case '"':
		body = body[1:]
		if len(text) > 1 && strings.HasSuffix(body, `"`) && !strings.HasSuffix(body, `\"`) {
			body = body[:len(body)-1]
		}
		if value, err := strconv.Unquote(`"` + body + `"`); err == nil {
			return value
		}
		return escapes.Replace(body)
	}
	return text
}

var escapes = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n", `\t`, "\t", `\/`, "/")
