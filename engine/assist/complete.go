package assist

import (
	"strings"
	"unicode/utf8"

	"gantry/engine/workflow"
)

// Completion is what can be written at a place, in place of what stands from From up to the cursor.
type Completion struct {
	From  Position `json:"from"`
	Items []Item   `json:"items" doc:"The likeliest first; those that the word which is begun cannot become are left out"`
}

// Position is a place in a text: line and column from 1, columns in Unicode code points.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// Item is one thing that can be written.
type Item struct {
	Label         string `json:"label"`
	Kind          string `json:"kind" enum:"key,value,variable,field,function,workflow,task,action,snippet"`
	Detail        string `json:"detail,omitempty" doc:"Its type, or what it is called"`
	Documentation string `json:"documentation,omitempty"`
	Insert        string `json:"insert" doc:"The text to write; it may have several lines"`
}

type item = Item

// session is one question about one place of a text.
type session struct {
	*Assistant
	id     string
	place  *place
	line   string // in which the cursor stands
	cursor Position

	analysis *workflow.Analysis
}

// mostText is how large a text may be for questions about a place in it. The checker reads more.
const mostText = 2 << 20

// Complete tells what can be written at a place of a text, which need not be whole. Line and column count from 1.
func (a *Assistant) Complete(id, text string, line, column int) Completion {
	s, ok := a.session(id, text, line, column)
	if !ok {
		return Completion{From: s.cursor, Items: []Item{}}
	}
	c := s.complete()
	typed := s.line[offset(s.line, c.From.Column):offset(s.line, s.cursor.Column)]
	c.Items = meant(typed, c.Items)
	if c.Items == nil {
		c.Items = []Item{}
	}
	return c
}

// session finds the place; false: nothing can be said about it.
func (a *Assistant) session(id, text string, line, col int) (*session, bool) {
	s := &session{Assistant: a, id: id, cursor: Position{max(1, line), max(1, col)}}
	if len(text) > mostText || strings.Contains(text, marker) || !utf8.ValidString(text) {
		return s, false
	}
	all := newLines(text)
	s.cursor.Line = min(s.cursor.Line, len(all))
	s.line = all.line(s.cursor.Line)
	at := offset(s.line, s.cursor.Column)
	s.cursor.Column = column(s.line, at)
	for _, l := range all[:s.cursor.Line-1] {
		at += len(l) + 1
	}
	s.place = placeAt(strings.Join(all, "\n"), at)
	return s, s.place != nil
}

// read is what the checker knows of the text without the word that is being written.
func (s *session) read() *workflow.Analysis {
	if s.analysis == nil {
		s.analysis = s.survey(s.id, s.place.checked())
	}
	return s.analysis
}

// judged is the same with its ways judged: which tasks have run where, and which names are set.
func (s *session) judged() *workflow.Analysis { return s.analyse(s.id, s.place.checked()) }

// back is the place some bytes before the cursor, on its line.
func (s *session) back(word string) Position {
	return Position{s.cursor.Line, max(1, s.cursor.Column-utf8.RuneCountInString(word))}
}

func (s *session) complete() Completion {
	p := s.place
	if p.key {
		typed := strings.TrimLeft(p.before, "\"'")
		return Completion{s.back(typed), s.keys(s.expectedAt(p.path), p.parent())}
	}
	at := s.expectedAt(p.path)
	if code, ok := s.expression(at); ok {
		return s.completeExpression(code)
	}
	word := p.before
	if i := strings.LastIndexByte(word, '\n'); i >= 0 {
		word = word[i+1:]
	}
	var items []Item
	if at.scalar || at.place == nil {
		items = s.valueItems(at)
	}
	if p.value.alone && !p.quoted() {
		items = append(items, s.keys(at, &node{kind: mapping, col: s.indent()})...)
	}
	return Completion{s.back(word), items}
}

// indent is the column of the word at the cursor, from 0: where further keys of the same map stand.
func (s *session) indent() int {
	before := s.line[:offset(s.line, s.cursor.Column)]
	return column(before, len(strings.TrimRight(before, wordCharacters))) - 1
}

const (
	nameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
	wordCharacters = nameCharacters + "-./"
)

// keys are the keys that a map may have besides those that it has.
func (s *session) keys(at expected, in *node) []Item {
	var items []Item
	has := func(name string) bool {
		return s.written(in, name) || at.place != nil && at.place.Name == "task" && s.written(in, instead[name])
	}
	add := func(k Item, block bool) {
		if !has(k.Label) {
			k.Insert = s.keyText(k.Label, in, block)
			items = append(items, k)
		}
	}
	if at.place != nil {
		for _, k := range s.keysOf(at) {
			add(keyItem(k), opensBlock[k.Shape] || k.Shape == workflow.ShapeValues)
		}
	}
	for _, k := range at.fixed {
		add(k, false)
	}
	if at.typ != nil && !at.names {
		for _, k := range fieldItems(at.typ, at.what) {
			add(k, false)
		}
	}
	return items
}

// instead are keys of a task of which only one may be there.
var instead = map[string]string{"action": "workflow", "workflow": "action"}

// written tells whether a map has a key, also one without a value, other than the one at the cursor.
func (s *session) written(in *node, name string) bool {
	for _, e := range in.entries {
		if e.key == name && !e.bare {
			return true
		}
	}
	return false
}

// opensBlock are the shapes of keys behind which a block begins.
var opensBlock = map[workflow.Shape]bool{
	workflow.ShapeTasks: true, workflow.ShapeDeclarations: true, workflow.ShapeTriggers: true, workflow.ShapeOverrides: true,
}

// keyText writes a key. Where a colon is there already the name is enough.
func (s *session) keyText(name string, in *node, block bool) string {
	name = plainWord(name)
	if s.place.key && !s.place.entry.bare {
		return name
	}
	if !block || in.flow {
		return name + ": "
	}
	inner := "\n" + strings.Repeat(" ", in.col+2)
	if name == "triggers" {
		inner += "- "
	}
	return name + ":" + inner
}

func (s *session) keysOf(at expected) []workflow.Key {
	keys := at.place.Keys
	if at.place.Name == "trigger" {
		own := s.ownSettings(s.place.path)
		keys = append([]workflow.Key{}, keys...)
		for _, f := range own {
			k := settingKey(f)
			k.Shape = workflow.Shape(f.Type.String()) // what people read of it
			keys = append(keys, k)
		}
	}
	var required, others []workflow.Key
	for _, k := range keys {
		if k.Required {
			required = append(required, k)
		} else {
			others = append(others, k)
		}
	}
	return append(required, others...)
}

func keyItem(k workflow.Key) Item {
	doc := k.Doc
	if k.Default != "" {
		doc += " Default: " + k.Default + "."
	}
	detail := string(k.Shape)
	if k.Required {
		detail = strings.TrimPrefix(detail+", required", ", ")
	}
	return Item{Label: k.Name, Kind: "key", Detail: detail, Documentation: doc}
}
