package halo

import (
	"errors"
	"regexp"
	"strings"
)

// sqlToken is a word, number, string, quoted name or sign of a question, with the white space that stood before it.
type sqlToken struct {
	space, text string
	kind        sqlKind
}

type sqlKind uint8

const (
	sqlWord sqlKind = iota
	sqlText
	sqlName // [quoted] or "quoted"
	sqlNumber
	sqlVariable // @startdate, $clientid
	sqlSign
)

var sqlTokens = regexp.MustCompile(`(?s)^(\s+|--[^\n]*|/\*.*?\*/)|^(N?'(?:[^']|'')*')|^(\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*")|^([@$]\w+)|^(\d+(?:\.\d*)?|\.\d+)|^([\pL_#][\pL\pN_#]*)|^(<>|!=|<=|>=|\|\||[-+*/%=<>(),.;&|~^])`)

var errSQLCharacter = errors.New("incorrect syntax")

// readSQL cuts a question into tokens; comments become white space.
func readSQL(text string) ([]sqlToken, error) {
	var tokens []sqlToken
	space := ""
	for text != "" {
		m := sqlTokens.FindStringSubmatch(text)
		if m == nil {
			return nil, errSQLCharacter
		}
		text = text[len(m[0]):]
		if m[1] != "" {
			space = " "
			continue
		}
		tokens = append(tokens, sqlToken{space, m[0], sqlKindOf(m)})
		space = ""
	}
	return tokens, nil
}

func sqlKindOf(m []string) sqlKind {
	switch {
	case m[2] != "":
		return sqlText
	case m[3] != "":
		return sqlName
	case m[4] != "":
		return sqlVariable
	case m[5] != "":
		return sqlNumber
	case m[6] != "":
		return sqlWord
	}
	return sqlSign
}

func (t sqlToken) is(words ...string) bool {
	for _, w := range words {
		if (t.kind == sqlWord || t.kind == sqlSign) && strings.EqualFold(t.text, w) {
			return true
		}
	}
	return false
}

// translateSQL turns a question in SQL Server's dialect into SQLite's, as far as reports commonly go: TOP, brackets,
// ISNULL, LEN, CONVERT, dates, + between texts, schema names and table hints. What it does not know goes through as
// it is. The error is what the report shows.
func translateSQL(text string, variables map[string]string) (string, error) {
	tokens, err := readSQL(text)
	if err != nil {
		return "", errors.New("Incorrect syntax in the report's SQL.")
	}
	if len(tokens) > 0 && tokens[len(tokens)-1].is(";") {
		tokens = tokens[:len(tokens)-1]
	}
	if len(tokens) == 0 || !tokens[0].is("SELECT", "WITH") {
		return "", errors.New("Only SELECT statements may be run as a report.")
	}
	for _, t := range tokens {
		if t.is(";") {
			return "", errors.New("Incorrect syntax near ';'. Only one statement may be run as a report.")
		}
	}
	w := &sqlWriter{in: tokens, variables: variables, frames: []sqlFrame{{}}}
	for w.at < len(w.in) {
		w.step()
	}
	w.endSelect()
	return strings.Join(w.out, ""), nil
}

// sqlFrame is what is open within one pair of parentheses.
type sqlFrame struct {
	limit    string // of a TOP, due at the end of the select
	cast     int    // place in out of a CAST before the parenthesis, plus one
	castType string // function that replaces it
	joins    bool   // the expression at hand is text, so that a further + joins, too
}

type sqlWriter struct {
	in        []sqlToken
	at        int
	out       []string
	frames    []sqlFrame
	variables map[string]string
}

func (w *sqlWriter) frame() *sqlFrame { return &w.frames[len(w.frames)-1] }

func (w *sqlWriter) peek(n int) sqlToken {
	if i := w.at + n; i >= 0 && i < len(w.in) {
		return w.in[i]
	}
	return sqlToken{}
}

func (w *sqlWriter) emit(space, text string) { w.out = append(w.out, space, text) }

// skip passes over tokens and keeps the words around them apart.
func (w *sqlWriter) skip(n int) {
	w.at += n
	w.out = append(w.out, " ")
}

// endSelect writes the limit of a TOP where its select ends.
func (w *sqlWriter) endSelect() {
	if f := w.frame(); f.limit != "" {
		w.emit(" ", "LIMIT "+f.limit+")")
		f.limit = ""
	}
}

func (w *sqlWriter) step() {
	t := w.peek(0)
	switch t.kind {
	case sqlText:
		w.emit(t.space, strings.TrimPrefix(t.text, "N"))
	case sqlName:
		w.emit(t.space, sqlQuoted(t.text))
	case sqlVariable:
		w.variable(t)
	case sqlWord:
		if !w.word(t) {
			w.emit(t.space, t.text)
		}
	default:
		w.sign(t)
		return
	}
	w.at++
}

func sqlQuoted(text string) string {
	if inner, ok := strings.CutPrefix(text, "["); ok {
		inner = strings.ReplaceAll(strings.TrimSuffix(inner, "]"), "]]", "]")
		return `"` + strings.ReplaceAll(inner, `"`, `""`) + `"`
	}
	return text
}

// variable puts in what the request knows, such as @startdate and $clientid; NULL otherwise.
func (w *sqlWriter) variable(t sqlToken) {
	if v, ok := w.variables[strings.ToLower(t.text[1:])]; ok {
		w.emit(t.space, "'"+strings.ReplaceAll(v, "'", "''")+"'")
		return
	}
	w.emit(t.space, "NULL")
}

func (w *sqlWriter) sign(t sqlToken) {
	w.at++
	switch t.text {
	case "(":
		w.frames = append(w.frames, sqlFrame{})
	case ")":
		if len(w.frames) > 1 {
			w.endSelect()
			f := *w.frame()
			w.frames = w.frames[:len(w.frames)-1]
			if f.castType != "" {
				w.out[f.cast-1] = f.castType
			}
		}
	case "+":
		if w.frame().joins || w.peek(-2).kind == sqlText || w.peek(0).kind == sqlText {
			t.text = "||"
			w.frame().joins = true
		}
	case ",", "=", "<", ">", "<>", "<=", ">=", "!=":
		w.frame().joins = false
	}
	w.emit(t.space, t.text)
}
