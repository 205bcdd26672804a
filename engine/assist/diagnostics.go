package assist

import (
	"strings"
	"unicode/utf8"

	"gantry/engine/workflow"
	"gantry/source"
)

// Diagnostic is what the checker found, with its end and what would mend it.
type Diagnostic struct {
	source.Diagnostic       // its End is always known, where its Pos is
	Fixes             []Fix // the likeliest first
}

// Fix is a change of the text that mends a mistake.
type Fix struct {
	Title string `json:"title"`
	Edits []Edit `json:"edits"`
}

// Edit replaces what stands from a place up to another, which is not included.
type Edit struct {
	Line      int    `json:"line" doc:"From 1"`
	Column    int    `json:"column" doc:"From 1, in Unicode code points"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column" doc:"Just behind the last one that is replaced"`
	Text      string `json:"text"`
}

func diagnosticsOf(read *workflow.Analysis, text lines) []Diagnostic {
	out := make([]Diagnostic, len(read.Diagnostics))
	f := &fixer{text: text}
	for i, d := range read.Diagnostics {
		if d.Pos.IsKnown() && !d.End.IsKnown() {
			d.End = text.endOf(d.Pos)
		}
		out[i] = Diagnostic{Diagnostic: d, Fixes: f.fixes(d)}
	}
	return out
}

// endOf guesses what is meant at a place of which nothing else is known: the word that begins there, a whole text in
// quotes, or one character.
func (l lines) endOf(p source.Pos) source.Pos {
	rest := l.from(p)
	p.Column += utf8.RuneCountInString(rest[:wordLength(rest)])
	return p
}

func wordLength(rest string) int {
	if rest == "" {
		return 0
	}
	if quote := rest[0]; quote == '"' || quote == '\'' {
		if end := strings.IndexByte(rest[1:], quote); end >= 0 {
			return end + 2
		}
	}
	if strings.HasPrefix(rest, "${{") {
		if end := strings.Index(rest, "}}"); end >= 0 {
			return end + 2
		}
	}
	if end := strings.IndexAny(rest, " \t,:{}[]()#\"'"); end > 0 {
		return end
	} else if end < 0 {
		return len(rest)
	}
	_, size := utf8.DecodeRuneInString(rest)
	return size
}
