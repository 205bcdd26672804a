package source

import "strings"

// explainTemplates reports every `${{` that stands unquoted inside { } or [ ], where YAML takes its
// braces for a map's. It is asked only about files that could not be read.
func (d *document) explainTemplates(ds *Diagnostics) {
	tokens, err := tokenise(d.text)
	if err != nil {
		return
	}
	for i := 0; i+2 < len(tokens); i++ {
		tk := tokens[i]
		if !strings.HasSuffix(tk.Value, "$") || tokens[i+1].Value != "{" || tokens[i+2].Value != "{" {
			continue
		}
		pos := d.at(tk)
		at := d.offset(pos.Line, pos.Column)
		if !strings.HasPrefix(d.text[at:], tk.Value+"{{") {
			continue
		}
		e := ds.Errorf(pos, "unquoted-template", "inside { } and [ ] an expression must stand in quotes")
		e.Hint = "write " + quotedTemplate(d.text[at:])
	}
}

// quotedTemplate shows the expression that text begins with in quotes.
func quotedTemplate(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if end := strings.Index(line, "}}"); end >= 0 {
		line = line[:end+2]
	}
	if strings.Contains(line, `"`) {
		return "'" + strings.ReplaceAll(line, "'", "''") + "'"
	}
	return `"` + line + `"`
}
