package main

import (
	"strings"

	"gantry/schema"
)

// typesFile is the page of the integration's entities, beside that of its actions.
func (f *family) typesFile() string { return f.id + "-types.md" }

// typeList leads from the page of the actions to that of the types.
func (f *family) typeList(p *page) {
	if len(f.entities) == 0 {
		return
	}
	p.heading(2, "Types")
	names := make([]string, len(f.entities))
	for i, t := range f.entities {
		names[i] = f.typeOf(t)
	}
	p.paragraph("What the actions take and give has [a page of its own](%s): %s.", f.typesFile(), strings.Join(names, ", "))
}

func (f *family) typesPage() *page {
	p := newPage(f.title()+" types", "actions/"+f.id, "What [the actions]("+f.id+".md) take and give. A field that may be null is marked; "+
		"the system leaves fields out, too. `gantry check` knows the types of all of them.")
	for _, t := range f.entities {
		p.heading(2, t.Name)
		p.paragraph("%s", words(t.Description))
		told, rest := describedFirst(t.Fields)
		p.table([]string{"Field", "Type", "", "What it is"}, f.fieldRows(told, ""))
		f.furtherFields(p, rest)
	}
	return p
}

// describedFirst parts the fields of which something is said from the others.
func describedFirst(fields []schema.Field) (told, rest []schema.Field) {
	for _, field := range fields {
		if field.Type.Description != "" || field.Type.Kind == schema.KindObject && field.Type.Name == "" {
			told = append(told, field)
		} else {
			rest = append(rest, field)
		}
	}
	return told, rest
}

// furtherFields names the fields of which only the type is known, by type.
func (f *family) furtherFields(p *page, fields []schema.Field) {
	var kinds []string
	names := map[string][]string{}
	for _, field := range fields {
		kind := f.typeOf(field.Type)
		if names[kind] == nil {
			kinds = append(kinds, kind)
		}
		names[kind] = append(names[kind], mono(field.Name))
	}
	var rows [][]string
	for _, kind := range kinds {
		rows = append(rows, []string{kind, strings.Join(names[kind], " ")})
	}
	p.table([]string{"Type", "Further fields"}, rows)
}

// typeOf describes a type; an entity of this integration is linked.
func (f *family) typeOf(t *schema.Type) string {
	text := words(t.String())
	for inner := t; inner != nil; inner = inner.Items {
		if inner.Name == "" || !strings.HasPrefix(inner.Name, f.id+".") {
			continue
		}
		name := words(inner.Name)
		return strings.Replace(text, name, "["+name+"]("+f.typesFile()+"#"+anchor(inner.Name)+")", 1)
	}
	return text
}
