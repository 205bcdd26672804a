package workflow

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gantry/schema"
	"gantry/source"
)

// reader reads a map whose keys stand in the language's table. What is wrong is reported and reads as
// absent.
type reader struct {
	place *Place
	what  string // for messages: `task "assign"`
	node  *source.Node
	ds    *source.Diagnostics
	more  []string // keys that it may have besides those of the table
}

// read starts reading a map and reports all keys that the place does not have. ok is false when the
// node is no map, which has been reported then.
func read(n *source.Node, place *Place, what string, ds *source.Diagnostics, more ...string) (r reader, ok bool) {
	r = reader{place: place, what: what, node: n, ds: ds, more: more}
	if n.Kind != source.Map {
		source.WrongKind(ds, n, what, "a map of keys and values")
		r.node = nil
		return r, false
	}
	for _, e := range n.Entries {
		if _, known := place.Key(e.Key); known || slices.Contains(more, e.Key) {
			continue
		}
		d := ds.Errorf(e.KeyPos, "unknown-key", "unknown key %q in %s", e.Key, what)
		known := append(place.names(), more...)
		d.Hint = unknownKeyHint(e.Key, place, known)
		if hint := source.DidYouMean(e.Key, known); d.Hint == hint {
			d.Offer(e.Key, source.Suggest(e.Key, known))
		} else {
			d.Offer(e.Key, instead(e.Key, place))
		}
	}
	for _, k := range place.Keys {
		if k.Required && n.Lookup(k.Name) == nil && !r.misspelt(k.Name) {
			ds.Errorf(n.Pos, "missing-key", "%s needs %q", what, k.Name).Hint = k.Doc
		}
	}
	return r, true
}

// misspelt tells whether the map has a key that was meant to be this one: one slip is one mistake.
func (r reader) misspelt(name string) bool {
	return misspelt(r.node, name, append(r.place.names(), r.more...))
}

func misspelt(n *source.Node, name string, known []string) bool {
	return slices.ContainsFunc(n.Entries, func(e source.Entry) bool {
		return !slices.Contains(known, e.Key) && source.Suggest(e.Key, known) == name
	})
}

func unknownKeyHint(key string, place *Place, known []string) string {
	word := strings.ReplaceAll(strings.ToLower(key), "-", "_")
	if hint, ok := foreign[place.Name+"."+word]; ok {
		return hint
	}
	if hint, ok := foreign[word]; ok && source.Suggest(key, known) == "" {
		return hint
	}
	return source.DidYouMean(key, known)
}

// instead gives the key of ours that a foreign word stands for; "": there is none, or it takes more than another word.
func instead(key string, place *Place) string {
	word := strings.ReplaceAll(strings.ToLower(key), "-", "_")
	own := renamed[place.Name+"."+word]
	if own == "" && foreign[place.Name+"."+word] == "" {
		own = renamed[word]
	}
	if _, ok := place.Key(own); !ok {
		return ""
	}
	return own
}

// value gives a key's value, nil when it is absent. Asking for a key that the table lacks is a defect
// of the parser, which the tests find.
func (r reader) value(key string) *source.Node {
	if _, ok := r.place.Key(key); !ok {
		panic("workflow: key " + key + " is not in the table of " + r.place.Name)
	}
	return r.node.Lookup(key)
}

// textNode gives a key's text with its place; nil when it is absent, empty or wrong.
func (r reader) textNode(key string) *source.Node {
	n := r.value(key)
	if n == nil {
		return nil
	}
	if n.Kind != source.String {
		source.WrongKind(r.ds, n, key, "text")
		return nil
	}
	if k, _ := r.place.Key(key); k.Words != nil && !slices.Contains(k.Words, n.Value.(string)) {
		d := r.ds.Errorf(n.Pos, "unknown-word", "%s must be %s, not %q", key, orList(k.Words), n.Value)
		if s := source.Suggest(n.Value.(string), k.Words); s != "" {
			d.Hint = fmt.Sprintf("did you mean %q?", s)
			d.Offer(n.Value.(string), s)
		}
		return nil
	}
	if strings.TrimSpace(n.Value.(string)) == "" {
		r.ds.Errorf(n.Pos, "missing-value", "%s is empty", key)
		return nil
	}
	return n
}

func (r reader) text(key string) string {
	if n := r.textNode(key); n != nil {
		return n.Value.(string)
	}
	return ""
}

// texts gives a list of texts; a single text counts as a list of one.
func (r reader) texts(key string) []*source.Node {
	n := r.value(key)
	switch {
	case n == nil:
		return nil
	case n.Kind == source.String:
		return []*source.Node{n}
	case n.Kind != source.List:
		source.WrongKind(r.ds, n, key, "text or a list of texts")
		return nil
	}
	var texts []*source.Node
	for i, item := range n.Items {
		if item.Kind != source.String {
			source.WrongKind(r.ds, item, fmt.Sprintf("entry %d of %s", i+1, key), "text")
			continue
		}
		texts = append(texts, item)
	}
	return texts
}

func (r reader) flag(key string, def bool) bool {
	n := r.value(key)
	if n == nil {
		return def
	}
	b, ok := n.Value.(bool)
	if !ok {
		source.WrongKind(r.ds, n, key, "true or false")
		return def
	}
	return b
}

// whole gives a whole number within bounds, def when it is absent or wrong.
func (r reader) whole(key string, def, least, most int) int {
	n := r.value(key)
	if n == nil {
		return def
	}
	i, ok := n.Value.(int64)
	if !ok {
		source.WrongKind(r.ds, n, key, "a whole number")
		return def
	}
	if i < int64(least) || i > int64(most) {
		r.ds.Errorf(n.Pos, "out-of-range", "%s must lie between %d and %d, not %d", key, least, most, i)
		return def
	}
	return int(i)
}

// duration gives a length of time between least and most, def when it is absent or wrong.
func (r reader) duration(key string, def, least, most time.Duration) time.Duration {
	n := r.value(key)
	if n == nil {
		return def
	}
	if n.Kind != source.String {
		source.WrongKind(r.ds, n, key, `a duration such as "30s"`).Hint = `write a number and its unit: 300ms, 30s, 5m, 8h or 30d`
		return def
	}
	d, err := schema.ParseDuration(n.Value.(string))
	switch {
	case err != nil:
		r.ds.Errorf(n.Pos, "bad-duration", "%s: %q is not a duration", key, n.Value).Hint = "write a number and its unit: 300ms, 30s, 5m, 8h or 30d"
		return def
	case d < least:
		r.ds.Errorf(n.Pos, "out-of-range", "%s must be at least %s", key, schema.FormatDuration(least))
		return def
	case d > most:
		r.ds.Errorf(n.Pos, "out-of-range", "%s can be at most %s", key, schema.FormatDuration(most))
		return def
	}
	return d
}

// orList joins words as people say them: "a, b or c".
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}
