package source

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// builder turns the YAML library's tree into ours.
type builder struct {
	doc     *document
	limits  Limits
	ds      *Diagnostics
	anchors map[string]*Node // nil while the anchor's own value is being built
	depth   int
	stopped bool // a limit was passed: nothing more is built or reported
}

func (b *builder) buildRoot(body ast.Node) *Node {
	return b.build(body, Pos{File: b.doc.file, Line: 1, Column: 1})
}

// build gives a node in any case; fallback is the place of values that have none of their own.
func (b *builder) build(n ast.Node, fallback Pos) *Node {
	if b.stopped {
		return &Node{Pos: fallback}
	}
	if b.depth++; b.depth > b.limits.Depth+1 {
		b.stop(fallback, "too-deep", "lists and maps are nested more than %d levels deep here", b.limits.Depth)
		return &Node{Pos: fallback}
	}
	node := b.buildKind(n, fallback)
	b.depth--
	if node.size > b.limits.Nodes {
		b.stop(node.Pos, "too-large", "there are more than %d values here, aliases counted as often as they are used", b.limits.Nodes)
	}
	return node
}

func (b *builder) stop(pos Pos, code, format string, args ...any) {
	if !b.stopped {
		b.stopped = true
		b.ds.Errorf(pos, code, format, args...)
	}
}

func (b *builder) buildKind(n ast.Node, fallback Pos) *Node {
	switch n := n.(type) {
	case nil:
		return &Node{Pos: fallback, size: 1}
	case *ast.MappingNode:
		return b.buildMap(n, n.Values)
	case *ast.MappingValueNode:
		return b.buildMap(n, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		return b.buildList(n)
	case *ast.AnchorNode:
		return b.buildAnchor(n, fallback)
	case *ast.AliasNode:
		return b.buildAlias(n)
	case *ast.TagNode:
		return b.buildTag(n, fallback)
	case *ast.LiteralNode:
		return b.buildBlock(n)
	case *ast.MergeKeyNode:
		return b.buildScalar(n.Token)
	default:
		tk := n.GetToken()
		if tk == nil || tk.Type == token.ImplicitNullType {
			return &Node{Pos: fallback, size: 1}
		}
		return b.buildScalar(tk)
	}
}

func (b *builder) buildMap(n ast.Node, values []*ast.MappingValueNode) *Node {
	node := &Node{Kind: Map, doc: b.doc, size: 1, height: 1, Entries: make([]Entry, 0, len(values))}
	node.Pos = b.mapPos(n, values)
	seen := keysSeen{node: node}
	for _, value := range values {
		key, pos, ok := b.buildKey(value.Key)
		if !ok {
			continue
		}
		if first, twice := seen.find(key); twice {
			d := b.ds.Errorf(pos, "duplicate-key", "the key %q stands twice in this map; the first is in line %d", key, first.Line)
			d.Hint = "remove or rename one of them"
			continue
		}
		child := b.build(value.Value, pos)
		node.adopt(child)
		node.Entries = append(node.Entries, Entry{Key: key, KeyPos: pos, Value: child})
	}
	return node
}

// keysSeen finds duplicate keys: by looking through small maps, by an index in larger ones.
type keysSeen struct {
	node  *Node
	index map[string]int
}

func (k *keysSeen) find(key string) (Pos, bool) {
	const small = 16
	entries := k.node.Entries
	if len(entries) <= small {
		i := slices.IndexFunc(entries, func(e Entry) bool { return e.Key == key })
		if i < 0 {
			return Pos{}, false
		}
		return entries[i].KeyPos, true
	}
	if k.index == nil {
		k.index = make(map[string]int)
	}
	for i := len(k.index); i < len(entries); i++ {
		k.index[entries[i].Key] = i
	}
	i, found := k.index[key]
	if !found {
		return Pos{}, false
	}
	return entries[i].KeyPos, true
}

func (n *Node) adopt(child *Node) {
	n.size += child.size
	n.height = max(n.height, child.height+1)
}

func (b *builder) mapPos(n ast.Node, values []*ast.MappingValueNode) Pos {
	if m, ok := n.(*ast.MappingNode); ok && (m.IsFlowStyle || len(values) == 0) {
		return b.doc.at(m.Start)
	}
	return b.doc.at(values[0].Key.GetToken())
}

// buildKey reads a key: text, or a scalar that is taken as it is written.
func (b *builder) buildKey(key ast.MapKeyNode) (string, Pos, bool) {
	if explicit, ok := key.(*ast.MappingKeyNode); ok {
		if inner, ok := explicit.Value.(ast.MapKeyNode); ok {
			return b.buildKey(inner)
		}
	}
	tk := key.GetToken()
	pos := b.doc.at(tk)
	switch key.(type) {
	case *ast.MergeKeyNode:
		d := b.ds.Errorf(pos, "merge-key", "merge keys (<<) are not supported")
		d.Hint = "write the keys out"
		return "", pos, false
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.LiteralNode, *ast.MappingKeyNode:
		d := b.ds.Errorf(pos, "bad-key", "a key must be plain or quoted text")
		d.Hint = "anchors, aliases, tags, lists and maps cannot be keys; a key that begins with *, & or ! goes into quotes"
		return "", pos, false
	}
	if b.tabIndented(tk) {
		return "", pos, false
	}
	if strings.HasPrefix(tk.Value, hardSpace) && tk.Type == token.StringType {
		b.doc.hardSpaceError(b.doc.offset(pos.Line, pos.Column), b.ds)
		return "", pos, false
	}
	return b.buildScalar(tk).keyText(tk), pos, true
}

// keyText gives a key as it is written: numbers, true and null are text where they are keys.
func (n *Node) keyText(tk *token.Token) string {
	if text, ok := n.Value.(string); ok {
		return text
	}
	return tk.Value
}

// tabIndented reports a tab before an entry of a block list or map. Where editors mix tabs and spaces
// the levels that people see are not those that YAML reads.
func (b *builder) tabIndented(tk *token.Token) bool {
	if tk == nil || tk.Position == nil || tk.Position.Line > len(b.doc.lines) {
		return false
	}
	start := b.doc.lines[tk.Position.Line-1]
	indent := b.doc.text[start:b.doc.offset(tk.Position.Line, tk.Position.Column)]
	i := strings.IndexByte(indent, '\t')
	if i < 0 || strings.Trim(indent, " \t") != "" {
		return false
	}
	b.doc.tabError(start+i, b.ds)
	return true
}

func (b *builder) buildList(n *ast.SequenceNode) *Node {
	node := &Node{Kind: List, doc: b.doc, Pos: b.doc.at(n.Start), size: 1, height: 1, Items: make([]*Node, 0, len(n.Values))}
	for i, value := range n.Values {
		fallback := node.Pos
		if !n.IsFlowStyle && i < len(n.Entries) && n.Entries[i].Start != nil {
			if b.tabIndented(n.Entries[i].Start) {
				continue
			}
			fallback = b.doc.at(n.Entries[i].Start)
		}
		child := b.build(value, fallback)
		node.adopt(child)
		node.Items = append(node.Items, child)
	}
	return node
}

func (b *builder) buildAnchor(n *ast.AnchorNode, fallback Pos) *Node {
	name := n.Name.GetToken().Value
	if b.anchors == nil {
		b.anchors = make(map[string]*Node)
	}
	b.anchors[name] = nil
	node := b.build(n.Value, fallback)
	b.anchors[name] = node
	return node
}

// buildAlias gives the anchor's own node: sharing it keeps small what is small in the file, and sizes
// are counted as if it were copied, which bounds what walking the tree can cost.
func (b *builder) buildAlias(n *ast.AliasNode) *Node {
	pos := b.doc.at(n.Start)
	name := n.Value.GetToken().Value
	node, known := b.anchors[name]
	switch {
	case !known:
		d := b.ds.Errorf(pos, "unknown-alias", "there is no anchor &%s before this alias", name)
		d.Hint = "an alias repeats the value that an anchor marked further up; text that begins with * goes into quotes"
	case node == nil:
		b.ds.Errorf(pos, "alias-cycle", "the alias *%s stands inside the value that it repeats", name)
	case b.depth+node.height > b.limits.Depth+1:
		b.stop(pos, "too-deep", "the alias *%s makes lists and maps more than %d levels deep", name, b.limits.Depth)
	default:
		return node
	}
	return &Node{Pos: pos, size: 1}
}

func (b *builder) buildTag(n *ast.TagNode, fallback Pos) *Node {
	pos := b.doc.at(n.Start)
	tag := strings.TrimSpace(n.Start.Value)
	node := b.build(n.Value, pos)
	if node.Kind == Null && fallback.IsKnown() && !node.Pos.IsKnown() {
		node.Pos = pos
	}
	want, known := tagKinds[tag]
	switch {
	case !known:
		d := b.ds.Errorf(pos, "unknown-tag", "%s is a YAML tag that is not supported", tag)
		d.Hint = "text that begins with ! goes into quotes: " + b.doc.quotedRest(pos)
	case want == node.Kind:
	case want == String && node.Kind != List && node.Kind != Map:
		return b.asText(node, n.Value)
	case want == Float && node.Kind == Int:
		node.Kind, node.Value = Float, float64(node.Value.(int64))
	default:
		b.ds.Errorf(pos, "wrong-tag", "%s stands before something that is %s", tag, node.Kind.article())
	}
	return node
}

var tagKinds = map[string]Kind{
	"!!str": String, "!!int": Int, "!!float": Float, "!!bool": Bool, "!!null": Null, "!!map": Map, "!!seq": List,
}

// asText makes `!!str 12` the text "12".
func (b *builder) asText(node *Node, n ast.Node) *Node {
	text := ""
	if tk := n.GetToken(); tk != nil && tk.Type != token.ImplicitNullType {
		text = tk.Value
	}
	return &Node{Kind: String, Value: text, Pos: node.Pos, doc: b.doc, start: b.doc.offset(node.Pos.Line, node.Pos.Column), size: 1}
}
