package actions

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"gantry/actions/wire"
	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// ErrorRule turns an answer into words that an admin can act on. Rules are tried in order, those of the
// action first; what a rule leaves out is what the status alone says.
type ErrorRule struct {
	When          *expr.Program
	Code          fault.Code
	Message, Hint *expr.Template
	// Successful makes the rule look at 2xx answers, too: some systems say 200 and tell of a failure inside.
	Successful bool
	// Passing, when set, overrules whether repeating may help.
	Passing *bool
}

func (f *folder) readErrors(n *source.Node) []ErrorRule {
	items := f.listOf(n, "errors", "rules")
	if len(items) == 0 {
		return nil
	}
	env := expr.NewEnv(errorVariables()...)
	var rules []ErrorRule
	for _, item := range items {
		b := source.ReadFields(item, "error rule", f.ds)
		r := ErrorRule{
			When:       f.condition(env, b.Required("when"), "when"),
			Message:    f.text(env, b.Node("message"), "message"),
			Hint:       f.text(env, b.Node("hint"), "hint"),
			Successful: b.Bool("successful", false),
			Code:       f.readCode(b.TextNode("code")),
		}
		if b.Has("passing") {
			passing := b.Bool("passing", false)
			r.Passing = &passing
		}
		b.Close()
		if r.When != nil {
			rules = append(rules, r)
		}
	}
	return rules
}

func (f *folder) readCode(n *source.Node) fault.Code {
	if n == nil {
		return ""
	}
	var known []string
	for _, c := range fault.Codes() {
		known = append(known, string(c.Code))
		if string(c.Code) == n.Value {
			return c.Code
		}
	}
	f.ds.Errorf(n.Pos, "unknown-code", "there is no error code %q", n.Value).Hint = source.DidYouMean(n.Value.(string), known)
	return ""
}

// judge changes e by the first rule that holds; it gives nil when e is nil and no rule holds.
func judge(rules []ErrorRule, a *wire.Answer, e *fault.Error, at expr.At) *fault.Error {
	scope := errorScope(a)
	for _, r := range rules {
		if a.Successful() && !r.Successful {
			continue
		}
		if holds, err := r.When.Bool(scope, at); err != nil || !holds {
			continue // a rule that cannot be evaluated on this answer is not about it
		}
		if e == nil {
			e = fault.New(fault.Failed, "the other system reports a failure")
		}
		if r.Code != "" {
			e.Code = r.Code
		}
		if text := say(r.Message, scope, at); text != "" {
			e.Message = text
		}
		if text := say(r.Hint, scope, at); text != "" {
			e.Hint = text
		}
		if r.Passing != nil {
			e.Passing = *r.Passing
		}
		return e
	}
	return e
}

func say(t *expr.Template, scope expr.Vars, at expr.At) string {
	if t == nil {
		return ""
	}
	v, err := t.Eval(scope, at)
	if err != nil {
		return ""
	}
	text, _ := v.(string)
	return strings.TrimSpace(excerpt(text, maxExcerpt))
}

func errorScope(a *wire.Answer) expr.Vars {
	body := map[string]any{}
	if v, err := schema.DecodeBytes(bytes.TrimPrefix(a.Body, byteOrderMark)); err == nil {
		if m, ok := v.(map[string]any); ok {
			body = m
		}
	}
	return expr.Vars{"status": int64(a.Status), "headers": headerMap(a.Header), "body": body, "text": excerpt(string(a.Body), maxExcerpt)}
}

func headerMap(h map[string][]string) map[string]any {
	out := make(map[string]any, len(h))
	for name, values := range h {
		out[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	return out
}

const maxExcerpt = 2000

// excerpt is the beginning of a text, as valid UTF-8.
func excerpt(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + "…"
}
