package expr

import "strings"

const (
	opening = "${{"
	closing = "}}"
	escaped = "$${{"
)

// piece is a part of a template: literal text, or an expression whose source begins at start.
type piece struct {
	literal string
	source  string
	start   int // of source in the text
	isCode  bool
}

// scanError is what is wrong with a template's braces, and where.
type scanError struct {
	offset        int
	code, message string
	hint          string
}

// scan cuts a text at its `${{ … }}`. The end of an expression is found by reading CEL's tokens, so that
// braces in strings and map literals do not end it. `$${{` is the text `${{`.
func scan(text string) ([]piece, *scanError) {
	var pieces []piece
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			pieces = append(pieces, piece{literal: literal.String()})
			literal.Reset()
		}
	}
	for i := 0; i < len(text); {
		next := strings.IndexByte(text[i:], '$')
		if next < 0 {
			literal.WriteString(text[i:])
			break
		}
		literal.WriteString(text[i : i+next])
		i += next
		switch {
		case strings.HasPrefix(text[i:], escaped):
			literal.WriteString(opening)
			i += len(escaped)
		case strings.HasPrefix(text[i:], opening):
			code, end, err := scanCode(text, i)
			if err != nil {
				return nil, err
			}
			flush()
			pieces = append(pieces, code)
			i = end
		default:
			literal.WriteByte('$')
			i++
		}
	}
	flush()
	return pieces, nil
}

// scanCode reads the expression whose `${{` is at offset; end is behind its `}}`.
func scanCode(text string, offset int) (code piece, end int, err *scanError) {
	start := offset + len(opening)
	depth := 0
	for at := start; ; {
		t, ok := nextToken(text, at)
		if !ok {
			return piece{}, 0, unclosed(text, offset)
		}
		at = t.end
		switch word := t.of(text); {
		case t.kind == brokenString && !strings.Contains(text[t.end:], closing):
			return piece{}, 0, &scanError{offset: t.start, code: "unclosed-text",
				message: "the text that begins here has no closing " + quoteOf(word), hint: "write the same quote at its end"}
		case word == "{":
			depth++
		case word == "}" && depth > 0:
			depth--
		case word == "}" && strings.HasPrefix(text[t.start:], closing):
			source := text[start:t.start]
			if strings.TrimSpace(source) == "" {
				return piece{}, 0, &scanError{offset: offset, code: "empty-expression",
					message: "`${{ }}` has no expression in it", hint: "write a name or a value between the braces"}
			}
			return piece{source: source, start: start, isCode: true}, t.start + len(closing), nil
		}
	}
}

func unclosed(text string, offset int) *scanError {
	err := &scanError{offset: offset, code: "unclosed-expression", message: "`${{` has no closing `}}`",
		hint: "write `}}` behind the expression, or `$${{` for the characters themselves"}
	if strings.Contains(text[offset:], closing) {
		err.hint = "there is a `{` or a quote in the expression that is not closed"
	}
	return err
}

func quoteOf(literal string) string {
	if i := strings.IndexAny(literal, `'"`); i >= 0 {
		return literal[i : i+1]
	}
	return "quote"
}

// EndOf finds the `}}` that ends an expression whose text begins right behind `${{`, at a byte or behind it; -1 when
// there is none. Braces in strings and map literals do not end it.
func EndOf(text string, from int) int {
	depth := 0
	for at := 0; ; {
		t, ok := nextToken(text, at)
		if !ok {
			return -1
		}
		at = t.end
		switch word := t.of(text); {
		case word == "{":
			depth++
		case word == "}" && depth > 0:
			depth--
		case word == "}" && strings.HasPrefix(text[t.start:], closing) && t.start >= from:
			return t.start
		}
	}
}
