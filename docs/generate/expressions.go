package main

import (
	"gantry/expr"
)

// groupTitles name the groups of the library.
var groupTitles = map[string]string{
	"text": "Text", "pattern": "Patterns", "web": "Web", "coding": "Coding and hashing", "list": "Lists", "object": "Objects",
	"time": "Dates and times", "number": "Numbers", "conversion": "Conversion", "format": "JSON, YAML and CSV",
	"cel": "CEL's own",
}

func groupTitle(group string) string {
	if title, known := groupTitles[group]; known {
		return title
	}
	return group
}

func expressionsPage(functions []expr.Function) *page {
	p := newPage("Functions of expressions", "expr", "All functions that expressions have. [Expressions](../expressions.md) is the guide. "+
		"A signature such as `text.truncate(length: integer)` is called on a value: `'some text'.truncate(4)`; `?` marks what may be left "+
		"out. In the examples `now` is 2026-03-29T14:30:00Z, a Sunday.")
	var rows [][]string
	for i, f := range functions {
		if i == 0 || functions[i-1].Group != f.Group {
			title := groupTitle(f.Group)
			rows = append(rows, []string{"[" + title + "](#" + anchor(title) + ")", ""})
		}
		rows[len(rows)-1][1] += mono(f.Name) + " "
	}
	p.table([]string{"Group", "Functions"}, rows)
	for i, f := range functions {
		if i == 0 || functions[i-1].Group != f.Group {
			p.heading(2, groupTitle(f.Group))
		}
		p.heading(3, mono(f.Name))
		signatures := ""
		for _, s := range f.Signatures {
			signatures += s + "\n"
		}
		p.code("text", signatures)
		p.paragraph("%s", words(f.Description))
		var examples [][]string
		for _, e := range f.Examples {
			examples = append(examples, []string{mono(e.Expression), mono(e.Result)})
		}
		p.table([]string{"Expression", "Result"}, examples)
	}
	return p
}
