package inside

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gantry/expr"
)

// search looks for a text in values.
type search struct {
	sought string // in lower case
	most   int
	shown  func(any) any // masks what is not to be shown; nil: nothing
	found  Found
}

// look notes each place of a value at which the text stands.
func (s *search) look(at Match, v any) {
	if s.shown != nil {
		v = s.shown(v)
	}
	s.below(at, "", v)
}

func (s *search) below(at Match, path string, v any) {
	if s.found.More {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			inner := expr.Member(path, name)
			if holds(name, s.sought) && !leaf(v[name]) {
				s.note(at, inner, name)
			}
			s.member(at, inner, name, v[name])
		}
	case []any:
		for i, item := range v {
			s.below(at, path+"["+strconv.Itoa(i)+"]", item)
		}
	default:
		if text := written(v); holds(text, s.sought) {
			s.note(at, path, around(text, s.sought))
		}
	}
}

// member looks into one value of a map: a place is told once, though both its name and its value have the text.
func (s *search) member(at Match, path, name string, v any) {
	if !leaf(v) {
		s.below(at, path, v)
		return
	}
	if text := written(v); holds(text, s.sought) || holds(name, s.sought) {
		s.note(at, path, around(text, s.sought))
	}
}

func (s *search) note(at Match, path, text string) {
	if len(s.found.Matches) >= s.most {
		s.found.More = true
		return
	}
	at.Path, at.Text = path, text
	s.found.Matches = append(s.found.Matches, at)
}

// stands tells whether a text stands anywhere in a value.
func stands(v any, sought string) bool {
	s := search{sought: sought, most: 1}
	s.look(Match{}, v)
	return len(s.found.Matches) > 0
}

func leaf(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// written is a value as it is shown.
func written(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case int64, float64, bool:
		if text, err := json.Marshal(v); err == nil {
			return string(text)
		}
	}
	return fmt.Sprint(v)
}

func holds(text, sought string) bool { return strings.Contains(strings.ToLower(text), sought) }

// How many characters of a long text are told before the place, and in all.
const (
	toldBefore = 40
	toldAll    = 160
)

// around gives what of a text stands around a place.
func around(text, sought string) string {
	at := max(strings.Index(strings.ToLower(text), sought), 0)
	begin := min(at, len(text)) // letters may have other lengths in lower case
	for n := 0; n < toldBefore && begin > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(text[:begin])
		begin -= size
	}
	for begin < len(text) && !utf8.RuneStart(text[begin]) {
		begin++
	}
	rest := []rune(text[begin:])
	before, after := "", ""
	if begin > 0 {
		before = "…"
	}
	if len(rest) > toldAll {
		rest, after = rest[:toldAll], "…"
	}
	return before + string(rest) + after
}
