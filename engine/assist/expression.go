package assist

import (
	"slices"
	"strings"

	"gantry/engine/workflow"
	"gantry/expr"
)

// code is an expression around the cursor.
type code struct {
	text   string
	offset int // of the cursor
	scope  workflow.Scope
}

// expression finds the expression in which the cursor stands; false: it stands in none.
func (s *session) expression(at expected) (code, bool) {
	p := s.place
	c := code{text: p.before + p.after, offset: len(p.before)}
	open := strings.LastIndex(p.before, "${{")
	switch {
	case open >= 0 && !closes(p.before[open+3:]):
		c.text, c.offset = c.text[open+3:], c.offset-open-3
		if end := endOf(c.text, c.offset); end >= 0 {
			c.text = c.text[:end]
		}
	case open >= 0 || at.key.Shape != workflow.ShapeExpression || strings.Contains(p.after, "${{"):
		return code{}, false
	}
	if s.analysis == nil && namesWhatHasRun(c.text[:c.offset]) {
		s.analysis = s.judged()
	}
	scope, ok := s.read().Scope(p.path...)
	c.scope = scope
	return c, ok
}

// namesWhatHasRun tells whether a text ends within the name of a task, or of something that tasks publish. It may be wrong:
// then the text is read twice.
func namesWhatHasRun(text string) bool {
	text = strings.TrimRight(text, nameCharacters)
	text, _ = strings.CutSuffix(text, "?")
	return strings.HasSuffix(text, "tasks.") || strings.HasSuffix(text, "ctx.")
}

// closes tells whether an expression ends in a text, braces of its own maps and quotes apart.
func closes(text string) bool { return endOf(text, 0) >= 0 }

// endOf finds the }} that ends an expression, from a place in it on; -1: there is none.
func endOf(text string, from int) int { return expr.EndOf(text, from) }

func (s *session) completeExpression(c code) Completion {
	found := c.scope.Env.Complete(c.text, c.offset)
	out := Completion{From: s.back(c.text[found.Start:c.offset]), Items: make([]Item, 0, len(found.Candidates))}
	presence := func(string) workflow.Presence { return workflow.Surely }
	kind := "field"
	switch found.Of {
	case "tasks", "ctx":
		scope, _ := s.judged().Scope(s.place.path...)
		presence = scope.Name
		if found.Of == "tasks" {
			presence, kind = scope.Task, "task"
		}
	}
	var surely, perhaps, never []Item
	for _, candidate := range found.Candidates {
		item := Item{Label: candidate.Name, Kind: candidate.Kind, Detail: candidate.Type, Documentation: candidate.Doc, Insert: s.inQuotes(candidate.Insert)}
		if found.Of == "" && candidate.Kind == expr.OfVariable && item.Documentation == "" {
			item.Documentation = meaning(candidate.Name)
		}
		if candidate.Kind != expr.OfField {
			never = append(never, item)
			continue
		}
		switch item.Kind = kind; presence(candidate.Name) {
		case workflow.Surely:
			surely = append(surely, s.toldOf(item, found.Of))
		case workflow.Perhaps:
			perhaps = append(perhaps, marked(s.toldOf(item, found.Of), found.Of, "may not have run", "may not be set"))
		default:
			never = append(never, marked(s.toldOf(item, found.Of), found.Of, "has not run here", "is never set here"))
		}
	}
	if found.Of == "" { // variables, values and functions
		surely, never = never, nil
	}
	out.Items = slices.Concat(out.Items, surely, perhaps, never)
	return out
}

// toldOf says of a task what it calls, in place of the type that all tasks have.
func (s *session) toldOf(item Item, of string) Item {
	if of != "tasks" {
		return item
	}
	read := s.read()
	for i, t := range read.Tasks() {
		if t.Name == item.Label {
			item.Detail, item.Documentation = calls(read.Definition.Tasks[i]), t.Title
		}
	}
	return item
}

func marked(item Item, of, task, name string) Item {
	if of == "tasks" {
		item.Detail = strings.TrimPrefix(item.Detail+", "+task, ", ")
	} else {
		item.Detail = strings.TrimPrefix(item.Detail+", "+name, ", ")
	}
	return item
}

// inQuotes writes what is inserted as the quotes around the cursor want it.
func (s *session) inQuotes(text string) string {
	return inStyle(s.place.value.style, text)
}

// meanings are what the names are that expressions see by themselves.
var meanings = map[string]string{
	"inputs": "What the run was given.", "vars": "The workflow's variables.", "ctx": "What transitions have published on the way here.",
	"tasks": "The tasks that have run on the way here: their status, result and error.", "org": "The organisation that the run is for: its id, slug, name, tags, variables and mappings.",
	"run": "The run: its id, when it began, its address, and the links of its questions.", "trigger": "What started the run, with its data.",
	"now": "The time; it stays the same within one evaluation and is recorded.", "result": "What the task gave.", "error": "Why the task failed: code, message, hint, detail. Empty when it did not.",
	"succeeded": "The task has succeeded.", "failed": "The task has failed.", "timed_out": "The task has taken too long.",
	"attempt": "Which attempt this was, from 1.", "index": "The position of the item, from 0.", "item": "The item of for_each.", "failed_run": "The run that failed.",
	"body": "The body of the request.", "headers": "The headers of the request, by name in lower case.", "query": "The parameters of the request's address.",
	"method": "The method of the request.", "content_type": "What the body is, such as application/json.", "raw": "The text of the body as it came.",
	"due": "When the run was due.", "entity": "The entity that the poll found.", "completed": "The run that ended.", "cursor": "The highest cursor seen so far; null at first.",
	"outputs": "The outputs of the run, once it has ended.", "status": "How the run ended.", "event": "The event that came.",
}

func meaning(name string) string { return meanings[name] }
