package expr

import (
	"fmt"
	"strings"

	"github.com/google/cel-go/common"
)

// syntaxError reports what the parser found. Its own words are about its grammar, so the text is first
// looked through for what people write who know Jinja, Python, SQL or a shell.
func (u *unit) syntaxError(errs []*common.Error) {
	if p, ok := commonMistake(u.text); ok {
		p.code = "expression-syntax"
		u.report(p)
		return
	}
	first := errs[0]
	p := problem{code: "expression-syntax", offset: u.offsetOf(first)}
	p.message, p.hint = parserWords(first.Message)
	if u.offsetOf(first) >= len(strings.TrimRight(u.text, " \t\r\n")) {
		p.message, p.hint = "the expression ends too early", "something is missing at its end"
	}
	u.report(p)
}

func parserWords(message string) (words, hint string) {
	message = strings.TrimPrefix(message, "Syntax error: ")
	switch {
	case strings.Contains(message, "recursion") || strings.Contains(message, "depth"):
		return "the expression is nested too deeply", "split it: put intermediate values into core.set, or into `publish`"
	case strings.Contains(message, "has() macro"):
		return "`has` asks for a field", "write has(x.name)"
	case strings.Contains(message, "argument must be a simple name"), strings.Contains(message, "argument is not an identifier"), strings.Contains(message, "expected a name"):
		return "a name for the entry is needed here", "write list.map(x, x.id): x is a name of your choice"
	case strings.Contains(message, "reserved identifier"):
		return "this word is reserved and cannot be a name", ""
	case strings.HasPrefix(message, "expression code point size"), strings.HasPrefix(message, "expression node count"):
		return "the expression is too large", "split it: put intermediate values into core.set, or into `publish`"
	}
	for _, known := range []string{"mismatched input ", "extraneous input ", "no viable alternative at input ", "token recognition error at: ", "missing "} {
		if rest, ok := strings.CutPrefix(message, known); ok {
			what, _, _ := strings.Cut(rest, " expecting ")
			what, _, _ = strings.Cut(what, " at ")
			return fmt.Sprintf("%s is not expected here", strings.ReplaceAll(what, "'<EOF>'", "the end")), ""
		}
	}
	return message, ""
}

// commonMistake looks for what is no CEL but looks like something that people know.
func commonMistake(text string) (problem, bool) {
	var open []token
	var last token
	for at := 0; ; {
		t, ok := nextToken(text, at)
		if !ok {
			break
		}
		at = t.end
		if p, found := mistakeAt(text, last, t); found {
			return p, true
		}
		switch word := t.of(text); word {
		case "(", "[", "{":
			open = append(open, t)
		case ")", "]", "}":
			if len(open) == 0 || !pairs(open[len(open)-1].of(text), word) {
				return problem{offset: t.start, end: t.end, message: fmt.Sprintf("this `%s` closes nothing", word), hint: unopened(text, open)}, true
			}
			open = open[:len(open)-1]
		}
		last = t
	}
	if len(open) > 0 {
		t := open[len(open)-1]
		return problem{offset: t.start, end: t.end, message: fmt.Sprintf("this `%s` is not closed", t.of(text))}, true
	}
	return problem{}, false
}

func pairs(open, close string) bool {
	return open == "(" && close == ")" || open == "[" && close == "]" || open == "{" && close == "}"
}

func unopened(text string, open []token) string {
	if len(open) == 0 {
		return ""
	}
	return fmt.Sprintf("the `%s` before it is still open", open[len(open)-1].of(text))
}

// foreign are words of other languages that stand between or before values.
var foreign = map[string][2]string{
	"and": {"`and` is written `&&`", "write &&"}, "AND": {"`AND` is written `&&`", "write &&"},
	"or": {"`or` is written `||`", "write ||"}, "OR": {"`OR` is written `||`", "write ||"},
	"not": {"`not` is written `!`", "write !x, or !(x in list)"}, "NOT": {"`NOT` is written `!`", "write !x"},
	"is": {"`is` is written `==`", "write x == null, has(x.name) or type(x) == string"},
	"if": {"`if` is written with `? :`", "write condition ? value : other"}, "else": {"`else` is written with `? :`", "write condition ? value : other"},
}

func mistakeAt(text string, last, t token) (problem, bool) {
	word := t.of(text)
	p := problem{offset: t.start, end: t.end}
	afterDot := last.end > 0 && last.of(text) == "."
	switch {
	case t.kind == brokenString:
		p.message, p.hint = "the text that begins here has no closing "+quoteOf(word), "write the same quote at its end"
	case t.kind == wordToken && !afterDot && foreign[word][0] != "" && !strings.HasPrefix(text[t.end:], "("):
		p.message, p.hint = foreign[word][0], foreign[word][1]
	case word == "&":
		p.message, p.hint = "`&` alone means nothing", "write && for \"and\""
	case word == "|":
		p.message, p.hint = pipeMistake(text, t)
	case word == "=":
		p.message, p.hint = "`=` alone means nothing", "write == to compare"
	case word == "{" && strings.HasPrefix(text[t.end:], "{"):
		p.message, p.hint = "`{{ }}` is Jinja", "write the expression alone; in text it stands in ${{ }}"
	case word == "{" && strings.HasPrefix(text[t.end:], "%"):
		p.message, p.hint = "`{% %}` is Jinja", "expressions have no statements: write condition ? value : other, or list.map(x, …)"
	case word == "~":
		p.message, p.hint = "`~` alone means nothing", "write + to join texts"
	case word == "$" && strings.HasPrefix(text[t.end:], "{"):
		p.message, p.hint = "braces in braces", "inside ${{ }} names are written without ${{ }}"
	case word == "?" && strings.HasPrefix(text[t.end:], "?"):
		p.message, p.hint = "`??` is written .default(…)", "write x.default('other')"
	case word == "’" || word == "‘" || word == "“" || word == "”":
		p.message, p.hint = "this is a typographic quote", "write ' or \""
	case word == "\u00a0":
		p.message, p.hint = "this is a non-breaking space", "write a plain space"
	case t.kind == signToken && word == "*" && strings.HasPrefix(text[t.end:], "*"):
		p.message, p.hint = "`**` means nothing", "there are no powers; multiply"
	default:
		return problem{}, false
	}
	return p, true
}

// pipeMistake explains a Jinja filter by the function that does the same.
func pipeMistake(text string, pipe token) (message, hint string) {
	message = "`|` alone means nothing"
	filter, ok := nextToken(text, pipe.end)
	if !ok || filter.kind != wordToken {
		return message, "write || for \"or\""
	}
	name := filter.of(text)
	if hint, ok := jinjaFilters[name]; ok {
		return message, hint
	}
	for _, known := range functionNames() {
		if known == name {
			return message, fmt.Sprintf("write x.%s(…) instead of x | %s", name, name)
		}
	}
	return message, "write || for \"or\"; functions are written x.name(…)"
}
