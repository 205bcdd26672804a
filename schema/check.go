package schema

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Problem is one thing that is wrong with a value.
type Problem struct {
	Path    string // such as tickets[0].summary; "" is the value itself
	Message string
	// Word is a text that is none of those allowed, and Meant the one of them that was most likely meant; "" elsewhere.
	Word, Meant string
}

// String gives the problem on one line.
func (p Problem) String() string {
	if p.Path == "" {
		return p.Message
	}
	return p.Path + " " + p.Message
}

// ByPath gives the first message about each place of a value, as JSON data for those who show it there.
func ByPath(problems []Problem) map[string]any {
	told := map[string]any{}
	for _, p := range problems {
		if _, before := told[p.Path]; !before {
			told[p.Path] = p.Message
		}
	}
	return told
}

// problemLimit bounds what is reported about one value: more helps nobody.
const problemLimit = 50

// Check tells all that is wrong with a value, strictly: required fields, kinds, limits, fields that a
// closed object does not have. Nothing is converted, except that a float without fraction counts as a
// whole number and a whole number as a number. Go values outside of the data model (opaque secrets)
// pass for text.
func (t *Type) Check(v any) []Problem {
	w := walker{check: true}
	w.walk(t, v)
	return w.problems
}

// Complete is Check on a value that is then used: defaults are filled in where fields are absent, and
// numbers get the Go type that their declaration says. The value given is not changed.
func (t *Type) Complete(v any) (any, []Problem) {
	w := walker{check: true, fill: true, convert: true}
	out := w.walk(t, v)
	return out, w.problems
}

// Conform gives numbers the Go type that their declaration says: floats without fraction become int64
// where whole numbers are declared, whole numbers become float64 where numbers are (as long as that
// loses nothing). All else, fitting or not, stays. It never fails, and shares with v what it does not change.
func (t *Type) Conform(v any) any {
	w := walker{convert: true}
	return w.walk(t, v)
}

// step is one step down into a value: into a field, or where field is "" into an entry of a list.
type step struct {
	field string
	index int
}

// pathOf writes steps as text, such as tickets[0].summary.
func pathOf(steps []step) string {
	var b strings.Builder
	for _, s := range steps {
		switch {
		case s.field == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case !isName(s.field):
			b.WriteString("[" + strconv.Quote(s.field) + "]")
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.field)
		}
	}
	return b.String()
}

func isName(s string) bool {
	for i, r := range s {
		letter := r == '_' || r == '-' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// walker goes through a value along its type. It copies a list or map only where something in it changes.
type walker struct {
	check, fill, convert bool
	problems             []Problem
	steps                []step // where the walk is; it becomes text only for a problem
	plans                map[*Type]*plan
}

func (w *walker) problem(format string, args ...any) {
	if w.check && len(w.problems) < problemLimit {
		w.problems = append(w.problems, Problem{Path: pathOf(w.steps), Message: fmt.Sprintf(format, args...)})
	}
}

// into walks a part of the value.
func (w *walker) into(s step, t *Type, v any) any {
	w.steps = append(w.steps, s)
	out := w.walk(t, v)
	w.steps = w.steps[:len(w.steps)-1]
	return out
}

// problemIn reports a problem of a field.
func (w *walker) problemIn(field, format string, args ...any) {
	w.steps = append(w.steps, step{field: field})
	w.problem(format, args...)
	w.steps = w.steps[:len(w.steps)-1]
}

func (w *walker) walk(t *Type, v any) any {
	if v == nil {
		if w.check && !t.allowsNull() {
			w.problem("needs %s, gets null", t.withArticle())
		}
		return nil
	}
	switch t.Kind {
	case KindAny:
		w.enum(t, v)
		return v
	case KindList:
		return w.list(t, v)
	case KindMap:
		return w.mapping(t, v)
	case KindObject:
		return w.object(t, v)
	default:
		return w.scalar(t, v)
	}
}

func (w *walker) scalar(t *Type, v any) any {
	switch t.Kind {
	case KindInteger:
		i, ok := whole(v)
		if !ok {
			return w.mismatch(t, v)
		}
		w.number(t, float64(i))
		if w.convert {
			v = boxed(v, i)
		}
	case KindNumber:
		f, ok := real(v)
		if !ok {
			return w.mismatch(t, v)
		}
		w.number(t, f)
		if i, isInt := v.(int64); w.convert && isInt && exact(i) {
			v = f
		}
	case KindBoolean:
		if _, ok := v.(bool); !ok {
			return w.mismatch(t, v)
		}
	case KindString, KindSecret:
		if s, ok := v.(string); ok {
			w.text(t, s)
		} else if kindOf(v) != "" {
			return w.mismatch(t, v)
		}
	default:
		return w.mismatch(t, v)
	}
	w.enum(t, v)
	return v
}

// boxed avoids a new interface value where v is the whole number already.
func boxed(v any, i int64) any {
	if _, ok := v.(int64); ok {
		return v
	}
	return i
}

func (w *walker) mismatch(t *Type, v any) any {
	if w.check {
		message := "needs " + t.withArticle() + ", gets " + described(v)
		if f, ok := v.(float64); ok && t.Kind == KindInteger {
			message = "needs a whole number, gets " + shown(f)
		}
		w.problem("%s", message)
	}
	return v
}

func (w *walker) enum(t *Type, v any) {
	if !w.check || len(t.Enum) == 0 || kindOf(v) == "" {
		return
	}
	for _, e := range t.Enum {
		if sameValue(e, v) {
			return
		}
	}
	before := len(w.problems)
	w.problem("%s", notInEnum(t, v))
	if len(w.problems) > before && t.Kind != KindSecret {
		w.problems[before].Word, w.problems[before].Meant = meantOf(t, v)
	}
}

func (w *walker) number(t *Type, f float64) {
	if !w.check {
		return
	}
	if t.Minimum != nil && f < *t.Minimum {
		w.problem("must be at least %s", shown(*t.Minimum))
	}
	if t.Maximum != nil && f > *t.Maximum {
		w.problem("must be at most %s", shown(*t.Maximum))
	}
}

// whole gives the whole number that v is.
func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case float64:
		if v == math.Trunc(v) && v >= -1<<63 && v < 1<<63 {
			return int64(v), true
		}
	}
	return 0, false
}

func real(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// exact tells whether a float64 holds the whole number.
func exact(i int64) bool {
	f := float64(i)
	return f < 1<<63 && int64(f) == i
}

// kindOf gives the kind of a value, "" for Go values outside of the data model.
func kindOf(v any) Kind {
	switch v.(type) {
	case nil:
		return KindNull
	case bool:
		return KindBoolean
	case int64:
		return KindInteger
	case float64:
		return KindNumber
	case string:
		return KindString
	case []any:
		return KindList
	case map[string]any:
		return KindMap
	default:
		return ""
	}
}

func described(v any) string {
	t := Type{Kind: kindOf(v)}
	if t.Kind == "" {
		return "a secret"
	}
	return t.withArticle()
}

// shown is a value in a message, cut short.
func shown(v any) string {
	if f, ok := v.(float64); ok {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	text, ok := v.(string)
	if !ok {
		encoded, err := Encode(v)
		if err != nil {
			return described(v)
		}
		text = string(encoded)
	}
	if runes := []rune(text); len(runes) > 60 {
		text = string(runes[:60]) + "…"
	}
	return strings.ReplaceAll(text, "\n", " ")
}

// sameValue compares JSON data; 1 and 1.0 are the same.
func sameValue(a, b any) bool {
	if x, ok := a.(int64); ok {
		if y, ok := b.(int64); ok {
			return x == y
		}
	}
	if x, ok := real(a); ok {
		y, ok := real(b)
		return ok && x == y
	}
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !sameValue(x[i], y[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for k := range x {
			if w, ok := y[k]; !ok || !sameValue(x[k], w) {
				return false
			}
		}
		return true
	default:
		return kindOf(a) == kindOf(b) && kindOf(a) != "" && a == b
	}
}
