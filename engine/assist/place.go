package assist

import (
	"strconv"
	"strings"
)

// marker stands in a text where the cursor is. It is a letter that nobody uses.
const marker = "\ue000"

// place is where the cursor stands in the structure of a text.
type place struct {
	text string // with the marker in it
	root *node
	path []string // keys and indexes: of a key, those of its map
	// parents are the maps and lists on the way, outermost first; the last one is the map or list itself that the key or
	// value belongs to.
	parents []*node

	key    bool  // the cursor is in a key
	entry  entry // that key
	value  *node // the value that the cursor is in, when it is in no key
	before string
	after  string // the text of key or value around the cursor, as YAML reads it
}

// placeAt finds the place of a cursor; nil where nothing can be written (a comment, or what fits nowhere).
func placeAt(clean string, cursor int) *place {
	text := clean[:cursor] + marker + clean[cursor:]
	p := &place{text: text, root: sketchOf(text, cursor)}
	if !p.find(p.root, cursor) {
		return nil
	}
	whole := ""
	if p.key {
		whole = p.entry.key
	} else {
		whole = valueOf(text, p.value)
	}
	before, after, found := strings.Cut(whole, marker)
	if !found {
		return nil
	}
	p.before, p.after = before, after
	return p
}

// find goes down to the key or value in which a byte lies.
func (p *place) find(n *node, at int) bool {
	switch {
	case n == nil:
		return false
	case n.kind == scalar:
		p.value = n
		return n.at <= at && at < n.end
	}
	p.parents = append(p.parents, n)
	for _, e := range n.entries {
		if e.keyAt <= at && at < e.keyEnd {
			p.key, p.entry = true, e
			return true
		}
		if e.value != nil && e.value.at <= at && at < e.value.end {
			p.path = append(p.path, e.key)
			return p.find(e.value, at)
		}
	}
	for i, item := range n.items {
		if item.at <= at && at < item.end {
			p.path = append(p.path, strconv.Itoa(i))
			return p.find(item, at)
		}
	}
	return false
}

// checked is the text as it is given to the checker: without the key or value that is being written, and such that it
// can be read.
func (p *place) checked() string {
	if p.key && !p.entry.bare { // the key of something that is written: it stays
		return strings.ReplaceAll(rewritten(p.text, p.root), marker, "")
	}
	return rewritten(p.text, without(p.root, p.value))
}

// without gives a sketch without one value, and without the key or dash that it stands behind.
func without(n, gone *node) *node {
	if n == nil || n.kind == scalar || gone == nil {
		return n
	}
	c := *n
	c.entries, c.items = nil, nil
	for _, e := range n.entries {
		if e.value == gone {
			continue
		}
		if e.value != nil && e.value.at <= gone.at && gone.end <= e.value.end {
			e.value = without(e.value, gone)
		}
		c.entries = append(c.entries, e)
	}
	for _, item := range n.items {
		switch {
		case item == gone:
			item = &node{at: item.at, end: item.at} // the others keep their indexes
		case item.at <= gone.at && gone.end <= item.end:
			item = without(item, gone)
		}
		c.items = append(c.items, item)
	}
	return &c
}

// parent is the map or list that the cursor is in.
func (p *place) parent() *node {
	if len(p.parents) == 0 {
		return p.root
	}
	return p.parents[len(p.parents)-1]
}

// text gives the text behind a key of a map, "" when there is none.
func (p *place) written(n *node, key string) string {
	v := n.lookup(key)
	if v == nil || v.kind != scalar {
		return ""
	}
	return strings.ReplaceAll(valueOf(p.text, v), marker, "")
}

// quoted tells whether the cursor is within quotes, or in a text of its own lines.
func (p *place) quoted() bool { return !p.key && p.value.style != 0 }
