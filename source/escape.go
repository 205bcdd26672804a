package source

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var escapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
	' ': " ", '"': `"`, '/': "/", '\\': `\`, 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

const backslashHint = `write \\ for a backslash, or use single quotes, in which nothing is escaped`

// escape reads the escape sequence at q.at.
func (q *quoted) escape() {
	start := q.at
	q.pin(start)
	if start+1 >= len(q.text) {
		q.fail("the text ends within an escape sequence", "")
		return
	}
	switch c := q.text[start+1]; c {
	case '\n': // the line goes on without a break
		rest := q.text[start+2:]
		q.at = start + 2 + len(rest) - len(strings.TrimLeft(rest, " \t"))
	case 'x', 'u', 'U':
		q.codePoint(start)
	default:
		replacement, ok := escapes[c]
		if !ok {
			r, _ := utf8.DecodeRuneInString(q.text[start+1:])
			q.fail(fmt.Sprintf(`\%c is no escape sequence`, r), backslashHint)
			return
		}
		q.out.WriteString(replacement)
		q.at = start + 2
	}
	q.from(q.at)
}

// codePoint reads \xXX, \uXXXX and \UXXXXXXXX; two \u that are a UTF-16 pair (as JSON has them) are one.
func (q *quoted) codePoint(start int) {
	r, size, ok := hexRune(q.text[start:])
	if ok && utf16.IsSurrogate(r) {
		low, more, lowOK := hexRune(q.text[min(start+size, len(q.text)):])
		r = utf16.DecodeRune(r, low)
		size += more
		ok = lowOK && r != utf8.RuneError
	}
	if !ok || !utf8.ValidRune(r) {
		q.fail(fmt.Sprintf(`\%c needs the hexadecimal number of a character behind it`, q.text[start+1]), `for example \u00e9 for é`)
		return
	}
	q.out.WriteRune(r)
	q.at = start + size
}

func hexRune(text string) (r rune, size int, ok bool) {
	if len(text) < 2 || text[0] != '\\' {
		return 0, 0, false
	}
	switch text[1] {
	case 'x':
		size = 4
	case 'u':
		size = 6
	case 'U':
		size = 10
	default:
		return 0, 0, false
	}
	if len(text) < size {
		return 0, size, false
	}
	n, err := strconv.ParseUint(text[2:size], 16, 31)
	return rune(n), size, err == nil
}

func (q *quoted) fail(problem, hint string) { q.problem, q.hint = problem, hint }
