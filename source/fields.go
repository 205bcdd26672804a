package source

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Fields reads a map whose keys are known: what is asked for becomes known, what is left over when
// Close is called is reported. All problems go to the diagnostics; the reader returns zero values.
type Fields struct {
	node   *Node
	what   string
	ds     *Diagnostics
	known  []string
	broken bool // not a map: it has been said, nothing more is to be said about its keys
}

// ReadFields starts reading a map; what names it in messages ("task assign"). Anything that is not a
// map, and nothing at all, is an error.
func ReadFields(n *Node, what string, ds *Diagnostics) *Fields {
	f := &Fields{node: n, what: what, ds: ds}
	if n == nil || n.Kind != Map {
		f.broken = true
		var pos Pos
		kind := Null
		if n != nil {
			pos, kind = n.Pos, n.Kind
		}
		d := ds.Errorf(pos, "wrong-kind", "%s must be a map of keys and values, not %s", what, kind.article())
		if text, _ := n.text(); strings.Contains(text, ":") {
			d.Hint = "a colon behind a key needs a space after it"
		}
	}
	return f
}

// ReadFieldsOptional is ReadFields where nothing (an absent or empty value) counts as a map without keys.
func ReadFieldsOptional(n *Node, what string, ds *Diagnostics) *Fields {
	if n == nil || n.Kind == Null {
		return &Fields{node: n, what: what, ds: ds}
	}
	return ReadFields(n, what, ds)
}

// Ok tells whether there is a map to read.
func (f *Fields) Ok() bool { return !f.broken }

// Node gives the value of a key, nil when it is absent, and makes the key known.
func (f *Fields) Node(key string) *Node {
	if !slices.Contains(f.known, key) { // a map has a few dozen keys at most: looking through them costs less than an index
		f.known = append(f.known, key)
	}
	if f.broken {
		return nil
	}
	return f.node.Lookup(key)
}

// Has tells whether the key is there, and makes it known.
func (f *Fields) Has(key string) bool { return f.Node(key) != nil }

// Required is Node with a diagnostic when the key is absent or has no value.
func (f *Fields) Required(key string) *Node {
	n := f.Node(key)
	if n == nil && !f.broken {
		var pos Pos
		if f.node != nil {
			pos = f.node.Pos
		}
		f.ds.Errorf(pos, "missing-key", "%s needs %q", f.what, key)
		return nil
	}
	if n != nil && n.Kind == Null {
		f.ds.Errorf(n.Pos, "missing-value", "%s has no value", key)
		return nil
	}
	return n
}

// Text gives a key's text, "" when it is absent or not text.
func (f *Fields) Text(key string) string {
	n := f.TextNode(key)
	if n == nil {
		return ""
	}
	return n.Value.(string)
}

// TextNode gives a key's text with its place, nil when it is absent or not text.
func (f *Fields) TextNode(key string) *Node {
	n := f.Node(key)
	if n == nil {
		return nil
	}
	if n.Kind != String {
		WrongKind(f.ds, n, key, "text")
		return nil
	}
	return n
}

// Bool gives a key's truth value, def when it is absent or wrong.
func (f *Fields) Bool(key string, def bool) bool {
	n := f.Node(key)
	if n == nil {
		return def
	}
	b, ok := n.Value.(bool)
	if !ok {
		WrongKind(f.ds, n, key, "true or false")
		return def
	}
	return b
}

// Int gives a key's whole number and its node; def and nil when it is absent or wrong.
func (f *Fields) Int(key string, def int64) (int64, *Node) {
	n := f.Node(key)
	if n == nil {
		return def, nil
	}
	i, ok := n.Value.(int64)
	if !ok {
		WrongKind(f.ds, n, key, "a whole number")
		return def, nil
	}
	return i, n
}

// Texts gives a key's list of texts; a single text counts as a list of one.
func (f *Fields) Texts(key string) []string {
	var texts []string
	for _, n := range f.TextNodes(key) {
		texts = append(texts, n.Value.(string))
	}
	return texts
}

// TextNodes is Texts with places.
func (f *Fields) TextNodes(key string) []*Node {
	n := f.Node(key)
	switch {
	case n == nil:
		return nil
	case n.Kind == String:
		return []*Node{n}
	case n.Kind != List:
		WrongKind(f.ds, n, key, "text or a list of texts")
		return nil
	}
	var nodes []*Node
	for i, item := range n.Items {
		if item.Kind != String {
			WrongKind(f.ds, item, fmt.Sprintf("%s, entry %d,", key, i+1), "text")
			continue
		}
		nodes = append(nodes, item)
	}
	return nodes
}

// Close reports each key that nobody asked for, with the known one that it looks like.
func (f *Fields) Close() {
	if f.broken || f.node == nil {
		return
	}
	for _, e := range f.node.Entries {
		if slices.Contains(f.known, e.Key) {
			continue
		}
		d := f.ds.Errorf(e.KeyPos, "unknown-key", "unknown key %q in %s", e.Key, f.what)
		d.Meant(e.Key, f.known)
	}
}

// WrongKind reports a value of the wrong kind: `timeout must be text such as "30s", not a list`.
// name is the key, want what it must be ("a whole number").
func WrongKind(ds *Diagnostics, n *Node, name, want string) *Diagnostic {
	if n.Kind == Null {
		d := ds.Errorf(n.Pos, "missing-value", "%s has no value; it must be %s", name, want)
		d.Hint = "give it a value or remove the key"
		return d
	}
	d := ds.Errorf(n.Pos, "wrong-kind", "%s must be %s, not %s", name, want, n.Kind.article())
	d.Hint = kindHint(n, want)
	return d
}

func kindHint(n *Node, want string) string {
	switch text, isText := n.Value.(string); {
	case want == "true or false" && isText && isSwitchWord(text):
		return "write true or false; " + text + " is text in YAML 1.2"
	case len(want) >= 4 && want[:4] == "text" && n.Kind == Int:
		return "put it in quotes: " + strconv.Quote(strconv.FormatInt(n.Value.(int64), 10))
	case len(want) >= 4 && want[:4] == "text" && n.Kind != List && n.Kind != Map:
		return "put it in quotes"
	default:
		return ""
	}
}

func isSwitchWord(s string) bool {
	switch fold(s) {
	case "yes", "no", "on", "off", "y", "n", "true", "false":
		return true
	}
	return false
}
