package assist

import (
	"strings"
	"unicode/utf8"

	"gantry/engine/workflow"
)

// Hover tells what stands at a place. The zero value says that there is nothing to tell.
type Hover struct {
	Title     string `json:"title,omitempty" doc:"What it is called; nothing at all when there is nothing to tell"`
	Type      string `json:"type,omitempty"`
	Text      string `json:"text,omitempty" doc:"What it means"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"end_line,omitempty"`
	EndColumn int    `json:"end_column,omitempty"`
}

// Hover tells what stands at a place of a text. Line and column count from 1.
func (a *Assistant) Hover(id, text string, line, column int) Hover {
	s, ok := a.session(id, text, line, column)
	if !ok {
		return Hover{}
	}
	if whole := a.analyse(id, text); whole.Definition != nil {
		s.analysis = whole // known mostly, from checking it
	}
	p := s.place
	at := s.expectedAt(p.path)
	switch code, inside := s.hoveredCode(at); {
	case inside:
		return s.overCode(code)
	case p.key:
		return s.between(s.overKey(at), strings.TrimLeft(p.before, "\"'"), strings.TrimRight(p.after, "\"'"))
	case strings.Contains(p.before+p.after, "\n"):
		return Hover{}
	}
	return s.between(s.overValue(at), p.before, p.after)
}

func (s *session) hoveredCode(at expected) (code, bool) {
	if s.place.key {
		return code{}, false
	}
	return s.expression(at)
}

// between sets the place of what is told: the word around the cursor.
func (s *session) between(h Hover, before, after string) Hover {
	if h.Title == "" || before == "" && after == "" {
		return Hover{}
	}
	h.Line, h.EndLine = s.cursor.Line, s.cursor.Line
	h.Column = s.back(before).Column
	h.EndColumn = s.cursor.Column + utf8.RuneCountInString(after)
	return h
}

func (s *session) overCode(c code) Hover {
	d, ok := c.scope.Env.Describe(c.text, c.offset)
	if !ok {
		return Hover{}
	}
	h := Hover{Title: d.Path, Type: d.Type, Text: d.Doc}
	if d.Kind == "function" {
		h.Title = d.Name
	}
	if h.Text == "" && d.Path == d.Name {
		h.Text = meaning(d.Name)
	}
	if task, ok := strings.CutPrefix(d.Path, "tasks."); ok && task == d.Name {
		item := s.toldOf(Item{Label: task}, "tasks")
		h.Type, h.Text = item.Detail, item.Documentation
		if action, known := s.world.Catalogue.Action(item.Detail); known && h.Text == "" {
			h.Text = action.Title
		}
	}
	return s.between(h, c.text[d.Start:c.offset], c.text[c.offset:max(c.offset, d.End)])
}

// overKey tells of a key: of the language, of what something takes, or of the author's own tasks.
func (s *session) overKey(at expected) Hover {
	name := s.place.before + s.place.after
	if len(s.place.path) == 1 && s.place.path[0] == "tasks" {
		return s.overTask(name)
	}
	if at.place != nil {
		if k, ok := s.keyOf(at.place, s.place.path, name); ok {
			i := keyItem(k)
			if f, own := s.ownSetting(s.place.path, name); own {
				i.Detail = f.Type.String()
			}
			return Hover{Title: name, Type: i.Detail, Text: i.Documentation}
		}
	}
	items := at.fixed
	if at.typ != nil && !at.names {
		items = fieldItems(at.typ, at.what)
	}
	return ofItem(items, name)
}

// overValue tells of a value that names something.
func (s *session) overValue(at expected) Hover {
	name := s.place.before + s.place.after
	switch at.key.Shape {
	case workflow.ShapeTransitions, workflow.ShapeTargets:
		if h := s.overTask(name); h.Title != "" {
			return h
		}
	}
	return ofItem(s.valueItems(at), name)
}

// overTask tells what a task does.
func (s *session) overTask(name string) Hover {
	read := s.read()
	for i, t := range read.Tasks() {
		if t.Name != name {
			continue
		}
		h := Hover{Title: name, Type: calls(read.Definition.Tasks[i]), Text: t.Title}
		if t.Action != nil {
			h.Text = strings.TrimPrefix(h.Text+"\n\n"+t.Action.Title+": "+actionDoc(t.Action), "\n\n")
		}
		return h
	}
	return Hover{}
}

func ofItem(items []Item, name string) Hover {
	for _, i := range items {
		if i.Label == name && i.Kind != "snippet" && i.Detail+i.Documentation != "" {
			return Hover{Title: name, Type: i.Detail, Text: i.Documentation}
		}
	}
	return Hover{}
}
