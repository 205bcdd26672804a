package source

import "sort"

// Kind is what a YAML value is.
type Kind int

// The kinds of YAML 1.2's core schema, which are those of JSON with whole numbers told apart.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String
	List
	Map
)

// String gives the kind in words for people who do not write programs.
func (k Kind) String() string {
	return [...]string{"null", "true or false", "whole number", "number", "text", "list", "map"}[k]
}

// article is String with its article, for sentences such as "not a list".
func (k Kind) article() string {
	switch k {
	case Null:
		return "empty"
	case Bool, String:
		return k.String()
	default:
		return "a " + k.String()
	}
}

// Node is a value of a YAML file with its place. An alias gives the very node that its anchor marks, so
// a node can hang in several places of the tree; nodes are not changed after Parse.
type Node struct {
	Kind    Kind
	Pos     Pos
	Value   any     // of scalars: nil, bool, int64, float64, string
	Entries []Entry // of maps, in the file's order
	Items   []*Node // of lists

	doc    *document // nil for nodes made in Go
	start  int       // where the text of a string value begins in doc
	spans  []span    // how a string value lies in doc when it is not there as it is
	size   int       // nodes below and including this one, aliases counted out
	height int       // levels below and including this one
}

// Entry is a key of a map and its value. Keys are always text; `1: x` has the key "1".
type Entry struct {
	Key    string
	KeyPos Pos
	Value  *Node
}

// span says that from byte `value` of a string value on, its bytes stand in the file from byte `source`
// on, until the next span. In a fixed span (an escape sequence, a folded line break) all bytes stand at
// the one place.
type span struct {
	value, source int
	fixed         bool
}

// Lookup gives the value of a map's entry, nil when there is none or n is not a map.
func (n *Node) Lookup(key string) *Node {
	if n == nil {
		return nil
	}
	for i := range n.Entries {
		if n.Entries[i].Key == key {
			return n.Entries[i].Value
		}
	}
	return nil
}

func (n *Node) text() (string, bool) {
	if n == nil {
		return "", false
	}
	text, ok := n.Value.(string)
	return text, ok
}

// At gives the place in the file of byte offset of a string value: right inside plain, quoted and block
// text, whatever escapes, folding and indentation do to it. For other kinds it is the node's place.
func (n *Node) At(offset int) Pos {
	if n == nil {
		return Pos{}
	}
	text, isText := n.Value.(string)
	if !isText || n.doc == nil {
		return n.Pos
	}
	offset = max(0, min(offset, len(text)))
	if n.spans == nil {
		return n.doc.pos(n.start + offset)
	}
	i := sort.Search(len(n.spans), func(i int) bool { return n.spans[i].value > offset }) - 1
	s := n.spans[max(i, 0)]
	if s.fixed {
		return n.doc.pos(s.source)
	}
	return n.doc.pos(s.source + offset - s.value)
}

// Data gives the tree as JSON data: nil, bool, int64, float64, string, []any, map[string]any.
func (n *Node) Data() any {
	if n == nil {
		return nil
	}
	switch n.Kind {
	case List:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Data()
		}
		return list
	case Map:
		m := make(map[string]any, len(n.Entries))
		for _, e := range n.Entries {
			m[e.Key] = e.Value.Data()
		}
		return m
	default:
		return n.Value
	}
}

// FromData makes a tree of JSON data that came from Go; its places are not known. Map entries are
// ordered by key. Other Go types than those of the data model are a defect of the caller and panic.
func FromData(v any) *Node {
	switch v := v.(type) {
	case nil:
		return &Node{Kind: Null}
	case bool:
		return &Node{Kind: Bool, Value: v}
	case int64:
		return &Node{Kind: Int, Value: v}
	case int:
		return &Node{Kind: Int, Value: int64(v)}
	case float64:
		return &Node{Kind: Float, Value: v}
	case string:
		return &Node{Kind: String, Value: v}
	case []any:
		n := &Node{Kind: List}
		for _, item := range v {
			n.Items = append(n.Items, FromData(item))
		}
		return n
	case map[string]any:
		n := &Node{Kind: Map}
		for key, value := range v {
			n.Entries = append(n.Entries, Entry{Key: key, Value: FromData(value)})
		}
		sort.Slice(n.Entries, func(i, j int) bool { return n.Entries[i].Key < n.Entries[j].Key })
		return n
	default:
		panic("source.FromData: not JSON data")
	}
}
