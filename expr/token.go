package expr

import (
	"strings"
	"unicode/utf8"
)

// tokenKind is what a piece of CEL source is, as far as finding the end of a template and explaining
// syntax errors needs it.
type tokenKind int

const (
	wordToken tokenKind = iota
	numberToken
	stringToken
	brokenString // a string without its closing quote
	commentToken
	signToken // one or two characters of punctuation
)

// token is text[start:end].
type token struct {
	kind       tokenKind
	start, end int
}

func (t token) of(text string) string { return text[t.start:t.end] }

// nextToken reads the token at or behind offset; ok is false at the end of the text. Comments end at the
// line's end, or at `}}`, so that a comment cannot swallow the end of a template on one line.
func nextToken(text string, offset int) (t token, ok bool) {
	offset += len(text[offset:]) - len(strings.TrimLeft(text[offset:], " \t\r\n\f"))
	if offset >= len(text) {
		return token{}, false
	}
	rest := text[offset:]
	if prefix := stringPrefix(rest); prefix >= 0 {
		n, closed := stringLength(rest, prefix)
		if !closed {
			return token{brokenString, offset, offset + n}, true
		}
		return token{stringToken, offset, offset + n}, true
	}
	switch c := rest[0]; {
	case isWordByte(c) && (c < '0' || c > '9'):
		return token{wordToken, offset, offset + spanOf(rest, isWordByte)}, true
	case c >= '0' && c <= '9':
		return token{numberToken, offset, offset + spanOf(rest, isNumberByte)}, true
	case strings.HasPrefix(rest, "//"):
		return token{commentToken, offset, offset + commentLength(rest)}, true
	}
	for _, sign := range []string{"&&", "||", "==", "!=", "<=", ">="} {
		if strings.HasPrefix(rest, sign) {
			return token{signToken, offset, offset + 2}, true
		}
	}
	_, size := utf8.DecodeRuneInString(rest)
	return token{signToken, offset, offset + size}, true
}

func isWordByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func isNumberByte(c byte) bool { return isWordByte(c) || c == '.' }

func spanOf(s string, in func(byte) bool) int {
	i := 0
	for i < len(s) && in(s[i]) {
		i++
	}
	return i
}

func commentLength(s string) int {
	for _, end := range []string{"\n", "}}"} {
		if i := strings.Index(s, end); i >= 0 {
			s = s[:i]
		}
	}
	return len(s)
}

// stringPrefix gives how many letters (r, b) stand before the opening quote, -1 if no string begins here.
func stringPrefix(s string) int {
	for i := 0; i < len(s) && i < 3; i++ {
		switch s[i] {
		case '\'', '"':
			return i
		case 'r', 'R', 'b', 'B':
		default:
			return -1
		}
	}
	return -1
}

// stringLength gives the length of the string literal at the beginning of s, prefix and quotes included.
// A string in single quotes ends at the line's end even without its quote.
func stringLength(s string, prefix int) (length int, closed bool) {
	raw := strings.ContainsAny(s[:prefix], "rR")
	quote := s[prefix : prefix+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(s[prefix:], triple) {
		quote = triple
	}
	for i := prefix + len(quote); i < len(s); i++ {
		switch {
		case s[i] == '\\' && !raw:
			i++
		case s[i] == '\n' && len(quote) == 1:
			return i, false
		case strings.HasPrefix(s[i:], quote):
			return i + len(quote), true
		}
	}
	return len(s), false
}
