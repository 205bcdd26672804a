package schema

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decodeDepth bounds how deep lists and objects may be nested.
const decodeDepth = 200

// ErrTooLarge is the error of a text longer than the limit.
var ErrTooLarge = errors.New("the JSON text is too large")

// Decode reads one JSON value of at most limit bytes (0: 64 MiB) as JSON data. Numbers without fraction
// and exponent that fit into 64 bits are int64, exactly; all others are float64, and those beyond its
// range are errors. Of duplicate keys the last counts.
func Decode(r io.Reader, limit int64) (any, error) {
	if limit <= 0 {
		limit = 64 << 20
	}
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(text)) > limit {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, limit)
	}
	return DecodeBytes(text)
}

// DecodeBytes is Decode of a text in memory.
func DecodeBytes(text []byte) (any, error) {
	d := decoder{text: string(text), keys: make(map[string]string)}
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if d.space(); d.at < len(d.text) {
		return nil, d.errorf("there is more behind the value")
	}
	return v, nil
}

type decoder struct {
	text string
	at   int
	keys map[string]string // each key once, however many objects have it
}

func (d *decoder) errorf(format string, args ...any) error {
	before := d.text[:min(d.at, len(d.text))]
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return fmt.Errorf("not valid JSON (line %d, column %d): %s", line, column, fmt.Sprintf(format, args...))
}

func (d *decoder) space() {
	for d.at < len(d.text) {
		switch d.text[d.at] {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return
		}
	}
}

// peek skips blanks and gives the next byte, 0 at the end.
func (d *decoder) peek() byte {
	d.space()
	if d.at == len(d.text) {
		return 0
	}
	return d.text[d.at]
}

func (d *decoder) value(depth int) (any, error) {
	if depth > decodeDepth {
		return nil, d.errorf("nested more than %d levels deep", decodeDepth)
	}
	switch c := d.peek(); c {
	case '{':
		return d.object(depth)
	case '[':
		return d.list(depth)
	case '"':
		return d.string()
	case 't':
		return true, d.word("true")
	case 'f':
		return false, d.word("false")
	case 'n':
		return nil, d.word("null")
	case 0:
		return nil, d.errorf("the text ends where a value should be")
	default:
		return d.number()
	}
}

func (d *decoder) word(word string) error {
	if !strings.HasPrefix(d.text[d.at:], word) {
		return d.errorf("a value begins with %q", d.text[d.at])
	}
	d.at += len(word)
	return nil
}

func (d *decoder) list(depth int) (any, error) {
	d.at++
	list := []any{}
	if d.peek() == ']' {
		d.at++
		return list, nil
	}
	for {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		switch d.peek() {
		case ',':
			d.at++
		case ']':
			d.at++
			return list, nil
		default:
			return nil, d.errorf("a comma or ] is missing")
		}
	}
}

func (d *decoder) object(depth int) (any, error) {
	d.at++
	m := map[string]any{}
	if d.peek() == '}' {
		d.at++
		return m, nil
	}
	for {
		if d.peek() != '"' {
			return nil, d.errorf("a key in double quotes is missing")
		}
		key, err := d.key()
		if err != nil {
			return nil, err
		}
		if d.peek() != ':' {
			return nil, d.errorf("a colon is missing behind the key")
		}
		d.at++
		if m[key], err = d.value(depth + 1); err != nil {
			return nil, err
		}
		switch d.peek() {
		case ',':
			d.at++
		case '}':
			d.at++
			return m, nil
		default:
			return nil, d.errorf("a comma or } is missing")
		}
	}
}

// key reads a key. Keys and texts are copies: what is kept of an answer must not keep all of it in memory.
func (d *decoder) key() (string, error) {
	end := strings.IndexAny(d.text[d.at+1:], "\"\\")
	if end >= 0 {
		if key, known := d.keys[d.text[d.at+1:d.at+1+end]]; known && d.text[d.at+1+end] == '"' {
			d.at += end + 2
			return key, nil
		}
	}
	key, err := d.string()
	if err == nil {
		d.keys[key] = key
	}
	return key, err
}

// valid replaces each byte that is not UTF-8.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

// string reads text; lone halves of UTF-16 pairs and bytes that are not UTF-8 become U+FFFD.
func (d *decoder) string() (string, error) {
	d.at++
	start := d.at
	for ; d.at < len(d.text); d.at++ {
		switch c := d.text[d.at]; {
		case c == '"':
			s := d.text[start:d.at]
			d.at++
			return strings.Clone(valid(s)), nil
		case c == '\\':
			return d.escaped(start)
		case c < ' ':
			return "", d.errorf("there is a control character in the text")
		}
	}
	return "", d.errorf("the text ends before a closing quote")
}

func (d *decoder) escaped(start int) (string, error) {
	var b strings.Builder
	b.WriteString(d.text[start:d.at])
	for d.at < len(d.text) {
		c := d.text[d.at]
		switch {
		case c == '"':
			d.at++
			return valid(b.String()), nil
		case c == '\\':
			if err := d.escape(&b); err != nil {
				return "", err
			}
		case c < ' ':
			return "", d.errorf("there is a control character in the text")
		default:
			b.WriteByte(c)
			d.at++
		}
	}
	return "", d.errorf("the text ends before a closing quote")
}

var jsonEscapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (d *decoder) escape(b *strings.Builder) error {
	if d.at+1 >= len(d.text) {
		return d.errorf("the text ends within an escape sequence")
	}
	c := d.text[d.at+1]
	if c != 'u' {
		plain, ok := jsonEscapes[c]
		if !ok {
			return d.errorf(`\%c is no escape sequence`, c)
		}
		b.WriteByte(plain)
		d.at += 2
		return nil
	}
	r, ok := d.codeUnit(d.at)
	if !ok {
		return d.errorf(`\u needs four hexadecimal digits`)
	}
	d.at += 6
	if utf16.IsSurrogate(r) {
		low, ok := d.codeUnit(d.at)
		if pair := utf16.DecodeRune(r, low); ok && pair != utf8.RuneError {
			r = pair
			d.at += 6
		}
	}
	b.WriteRune(r)
	return nil
}

func (d *decoder) codeUnit(at int) (rune, bool) {
	if at+6 > len(d.text) || d.text[at:at+2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(d.text[at+2:at+6], 16, 16)
	return rune(n), err == nil
}

func (d *decoder) number() (any, error) {
	start := d.at
	if d.text[d.at] == '-' {
		d.at++
	}
	whole := d.digits()
	valid := whole == 1 || whole > 1 && d.text[d.at-whole] != '0'
	isInt := true
	if valid && d.at < len(d.text) && d.text[d.at] == '.' {
		d.at++
		isInt = false
		valid = d.digits() > 0
	}
	if valid && d.at < len(d.text) && (d.text[d.at] == 'e' || d.text[d.at] == 'E') {
		d.at++
		isInt = false
		if d.at < len(d.text) && (d.text[d.at] == '+' || d.text[d.at] == '-') {
			d.at++
		}
		valid = d.digits() > 0
	}
	number := d.text[start:d.at]
	if !valid {
		d.at = start
		r, _ := utf8.DecodeRuneInString(d.text[start:])
		return nil, d.errorf("%q begins no value", r)
	}
	if isInt {
		if i, err := strconv.ParseInt(number, 10, 64); err == nil {
			return i, nil
		}
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsInf(f, 0) {
		return nil, d.errorf("the number %s is too large", number[:min(len(number), 40)])
	}
	return f, nil
}

func (d *decoder) digits() int {
	start := d.at
	for d.at < len(d.text) && d.text[d.at] >= '0' && d.text[d.at] <= '9' {
		d.at++
	}
	return d.at - start
}
