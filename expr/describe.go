package expr

import "strings"

// Described is what is known of a word in an expression.
type Described struct {
	Candidate
	Path       string // of variables and fields: the whole path up to the word
	Start, End int    // bytes of the word
}

// Describe tells what the word at a byte of an expression is. false: nothing is known of it.
func (e *Env) Describe(text string, offset int) (Described, bool) {
	t, ok := e.typingAt(text, offset+1)
	last := -1
	if ok {
		last = len(t.tokens) - 1
	}
	if last < 0 || t.tokens[last].kind != wordToken || t.tokens[last].end < offset {
		return Described{}, false
	}
	word := t.tokens[last]
	d := Described{Start: word.start, End: word.end}
	name := word.of(text)
	next, _ := nextToken(text, word.end)
	start := t.chainStart(last)
	if start < 0 {
		return Described{}, false
	}
	d.Path = strings.Join(strings.Fields(t.part(start, last)), "")
	before := *t
	before.tokens = t.tokens[:last]
	completion := before.complete(word.start, word.end)
	for _, c := range completion.Candidates {
		if c.Name == name && (c.Kind == OfFunction) == (next.of(text) == "(") && c.Kind != OfValue {
			d.Candidate = c
			return d, true
		}
	}
	return Described{}, false
}
