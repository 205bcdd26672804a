package history

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gantry/engine/flow"
	"gantry/schema"
)

// By what a run is found: values of its inputs and of its trigger's data, as they are and word by word. What is noted is
// bounded, since each term costs each run. Runs that other runs started are found by the run that started them.
const (
	mostTerms      = 8  // of a run
	longestTerm    = 64 // characters; what is longer is text, not a name or number
	shortestTerm   = 2
	deepestTerm    = 4    // maps and lists inside each other
	mostValuesSeen = 1000 // of a run
)

// private are parts of names whose values are never noted, with all that is below them: they may be secrets. Inputs and
// trigger data are kept as they are in any case; but what is noted can be asked for by whoever sees the run in a list.
var private = []string{"password", "passwd", "secret", "token", "key", "auth", "credential", "cookie", "session", "signature", "pin", "otp", "headers", "query"}

// termsOf gives the terms by which a new run is found.
func termsOf(e *Entry) []string {
	if e.New.Parent != "" {
		return nil
	}
	t := &terms{}
	t.add(e.New.Inputs, 0)
	if e.Queue != nil {
		t.addTrigger(e.Queue.TriggerData)
	}
	for _, event := range e.Events {
		if started, ok := event.(flow.Started); ok {
			t.addTrigger(started.Trigger)
		}
	}
	// Values whole before their words, so that a long list of words leaves no value out.
	all := t.whole
	for _, word := range t.words {
		appendNew(&all, word)
	}
	return all[:min(len(all), mostTerms)]
}

type terms struct {
	whole, words []string
	seen         int
}

// addTrigger leaves the trigger's own type and name out: there are filters for them.
func (t *terms) addTrigger(data map[string]any) {
	data = maps.Clone(data)
	delete(data, "type")
	delete(data, "name")
	t.add(data, 0)
}

func (t *terms) add(v any, depth int) {
	if t.seen++; t.seen > mostValuesSeen || depth > deepestTerm || len(t.whole) >= mostTerms {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if !isPrivate(name) {
				t.add(v[name], depth+1)
			}
		}
	case []any:
		for _, item := range v {
			t.add(item, depth+1)
		}
	case string:
		t.text(v)
	case int64, float64:
		text, err := schema.Encode(v)
		if err == nil {
			t.text(string(text))
		}
	}
}

func isPrivate(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "$") || slices.ContainsFunc(private, func(part string) bool { return strings.Contains(name, part) })
}

func (t *terms) text(text string) {
	text = folded(text)
	if n := utf8.RuneCountInString(text); n < shortestTerm || n > longestTerm || strings.HasPrefix(text, "[redacted") || text == masked {
		return
	}
	appendNew(&t.whole, text)
	if words := wordsOf(text); len(words) > 1 {
		for _, word := range words {
			appendNew(&t.words, word)
		}
	}
}

func appendNew(list *[]string, term string) {
	if !slices.Contains(*list, term) {
		*list = append(*list, term)
	}
}

// folded gives text as terms are written: lower case, each gap one space.
func folded(text string) string {
	return strings.Join(strings.Fields(strings.ToLower(text)), " ")
}

// wordsOf gives the words of folded text that are terms by themselves.
func wordsOf(text string) []string {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.DeleteFunc(words, func(word string) bool { return utf8.RuneCountInString(word) < shortestTerm })
}

// splitTerms reads what runs.terms holds.
func splitTerms(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
