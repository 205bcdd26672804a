package assist

import (
	"strings"
	"unicode/utf8"

	"gantry/source"
)

// fixer makes fixes of what the checker offers. What it offers is only taken where the text has the very word that is to
// be replaced: so an edit never hits something else.
type fixer struct {
	text  lines
	clean string
	root  *node // a sketch of the text, made when it is first needed
}

func (f *fixer) fixes(d source.Diagnostic) []Fix {
	fixes := []Fix{}
	for _, c := range d.Corrections {
		if edit, ok := f.replaced(c); ok {
			title := c.Says
			if title == "" {
				title = "Write " + c.With
			}
			fixes = append(fixes, Fix{Title: title, Edits: []Edit{edit}})
		}
	}
	if d.Missing != "" && d.Pos.IsKnown() {
		if edit, ok := f.added(d.Pos, d.Missing); ok {
			fixes = append(fixes, Fix{Title: "Add " + d.Missing, Edits: []Edit{edit}})
		}
	}
	return fixes
}

// replaced puts one word in the place of another, which may stand behind a quote.
func (f *fixer) replaced(c source.Correction) (Edit, bool) {
	if c.Word == "" || !c.At.IsKnown() {
		return Edit{}, false
	}
	at, rest := c.At, f.text.from(c.At)
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') && !strings.HasPrefix(rest, c.Word) {
		at.Column++
		rest = rest[1:]
	}
	if !strings.HasPrefix(rest, c.Word) || goesOn(c.Word, rest[len(c.Word):]) {
		return Edit{}, false
	}
	return Edit{at.Line, at.Column, at.Line, at.Column + utf8.RuneCountInString(c.Word), f.quoted(at, c.With)}, true
}

// goesOn tells whether a word is only the beginning of the one that stands in the text.
func goesOn(word, rest string) bool {
	isWord := func(c byte) bool { return strings.IndexByte(wordCharacters, c) >= 0 && c != '.' && c != '/' }
	return rest != "" && isWord(word[len(word)-1]) && isWord(rest[0])
}

// quoted writes a text as the quotes around a place want it.
func (f *fixer) quoted(p source.Pos, text string) string {
	if !strings.ContainsAny(text, `'"\`) {
		return text
	}
	if n := f.at(p).value; n != nil {
		return inStyle(n.style, text)
	}
	return text
}

func inStyle(style byte, text string) string {
	switch style {
	case '\'':
		return strings.ReplaceAll(text, "'", "''")
	case '"':
		return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)
	}
	return text
}

// at finds what stands at a place.
func (f *fixer) at(p source.Pos) *place {
	if f.root == nil {
		f.clean = strings.Join(f.text, "\n")
		f.root = sketchOf(f.clean, -1)
	}
	found := &place{text: f.clean, root: f.root}
	found.find(f.root, f.offset(p))
	return found
}

func (f *fixer) offset(p source.Pos) int {
	at := offset(f.text.line(p.Line), p.Column)
	for _, l := range f.text[:min(p.Line-1, len(f.text))] {
		at += len(l) + 1
	}
	return at
}

// added writes a key: first into the map that begins at a place, or, where a task's action or workflow stands, into a
// `with` of its own behind that.
func (f *fixer) added(p source.Pos, name string) (Edit, bool) {
	found := f.at(p)
	if rest := f.text.from(p); strings.HasPrefix(rest, "{") {
		inside := name + ": "
		if !strings.HasPrefix(strings.TrimLeft(rest[1:], " \t"), "}") {
			inside += ", "
		}
		return Edit{p.Line, p.Column + 1, p.Line, p.Column + 1, inside}, true
	}
	in := found.parent()
	switch last := lastOf(found.path); {
	case found.key && len(found.path) > 0 && !in.flow && in.kind == mapping:
		return Edit{p.Line, p.Column, p.Line, p.Column, name + ": \n" + strings.Repeat(" ", in.col)}, true
	case found.value == nil || last != "action" && last != "workflow" || strings.Contains(f.clean[found.value.at:found.value.end], "\n"):
		return Edit{}, false
	}
	text := ", with: {" + name + ": }"
	if !in.flow {
		pad := "\n" + strings.Repeat(" ", in.col)
		text = pad + "with:" + pad + "  " + name + ": "
	}
	end := p.Column + utf8.RuneCountInString(f.clean[found.value.at:found.value.end])
	if in.lookup("with") != nil {
		return Edit{}, false
	}
	return Edit{p.Line, end, p.Line, end, text}, true
}

func lastOf(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return path[len(path)-1]
}
