package actions

import (
	"strings"

	"gantry/source"
)

// part is a type, an action, a poll or a webhook as it stands in a shipped file: its lines, not parsed yet.
type part struct {
	file string
	line int // the first line's number, from 1
	text string
}

// outline is what a shipped file declares, by the names within the file.
type outline struct{ types, actions, polls, webhooks map[string]part }

// outlineOf finds the parts of a file by its lines alone: what stands two spaces deep below `types:`,
// `actions:`, `polls:` and `webhooks:` at the margin. Shipped files are written so; a test proves that nothing is missed.
func outlineOf(file, text string) outline {
	o := outline{types: map[string]part{}, actions: map[string]part{}, polls: map[string]part{}, webhooks: map[string]part{}}
	sections := map[string]map[string]part{"types": o.types, "actions": o.actions, "polls": o.polls, "webhooks": o.webhooks}
	var section map[string]part
	name, start, first, line := "", 0, 0, 0
	finish := func(end int) {
		if name != "" {
			section[name] = part{file: file, line: first, text: text[start:end]}
		}
		name = ""
	}
	for at := 0; at < len(text); {
		line++
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		switch key, depth := keyIn(text[at:end]); {
		case key != "" && depth == 0:
			finish(at)
			section = sections[key]
		case key != "" && depth == 2 && section != nil:
			finish(at)
			name, start, first = key, at, line
		}
		at = end
	}
	finish(len(text))
	return o
}

// keyIn gives the key with which a line begins and how far it is set in, at most two spaces; "" for any
// other line.
func keyIn(line string) (key string, depth int) {
	for depth < len(line) && line[depth] == ' ' {
		if depth++; depth > 2 {
			return "", 0
		}
	}
	key, _, found := strings.Cut(line[depth:], ":")
	if !found || line[depth] == '#' {
		return "", 0
	}
	return key, depth
}

// parse reads the part; places in it are those of the file.
func (p part) parse(ds *source.Diagnostics) source.Entry {
	root, found := source.Parse(p.file, []byte(strings.Repeat("\n", p.line-1)+p.text))
	ds.Add(found...)
	if root == nil || len(root.Entries) != 1 {
		ds.Errorf(source.Pos{File: p.file, Line: p.line, Column: 1}, "bad-outline", "this is not one type, action, poll or webhook")
		return source.Entry{Value: &source.Node{}}
	}
	return root.Entries[0]
}
