package main

import (
	"slices"
	"strings"

	"gantry/actions"
	"gantry/schema"
)

// family is the actions of one integration, or Gantry's own.
type family struct {
	id          string
	integration *actions.Integration // nil for core
	actions     []*actions.Action
	entities    []*schema.Type
}

func families(c *actions.Catalogue) []*family {
	var all []*family
	for _, a := range c.Actions() {
		id, _, _ := strings.Cut(a.ID, ".")
		at := slices.IndexFunc(all, func(f *family) bool { return f.id == id })
		if at < 0 {
			at = len(all)
			all = append(all, &family{id: id})
			if a.Integration != nil {
				all[at].integration = a.Integration()
			}
		}
		all[at].actions = append(all[at].actions, a)
	}
	for _, t := range c.Types() {
		for _, f := range all {
			if strings.HasPrefix(t.Name, f.id+".") {
				f.entities = append(f.entities, t)
			}
		}
	}
	return all
}

func (f *family) title() string {
	if f.integration == nil {
		return "Core"
	}
	return f.integration.Title
}

func actionsPage(c *actions.Catalogue) *page {
	p := newPage("Actions", "actions", "What tasks can do. `gantry actions list` shows the same, with the actions of your own project; "+
		"`gantry actions show ACTION` tells all about one, `gantry actions call ACTION` calls it by hand.")
	for _, f := range families(c) {
		p.heading(2, f.title())
		if f.integration != nil {
			p.paragraph("%s", words(f.integration.Description))
		}
		var rows [][]string
		for _, a := range f.actions {
			rows = append(rows, []string{
				"[" + mono(a.ID) + "](actions/" + f.id + ".md#" + anchor(a.ID) + ")", effect(a), mono(a.Endpoint()), words(a.Description),
			})
		}
		p.table([]string{"Action", "Effect", "Endpoint", "What it does"}, rows)
	}
	return p
}

// effect is what the action does to the other system, in a word. Core actions other than http_request do
// nothing to any.
func effect(a *actions.Action) string {
	switch {
	case a.Name == "api_request" || a.ID == "core.http_request":
		return "by method"
	case a.Integration == nil:
		return ""
	}
	return string(a.Effect)
}

func (f *family) page() *page {
	p := newPage(f.title()+" actions", "actions/"+f.id, "[All actions](../actions.md)")
	if f.integration != nil {
		f.setUp(p)
	}
	for _, a := range f.actions {
		f.action(p, a)
	}
	f.typeList(p)
	return p
}

func (f *family) setUp(p *page) {
	p.heading(2, "Set-up")
	p.paragraph("%s [%s's own documentation](%s).", words(f.integration.Description), f.title(), f.integration.Docs)
	p.paragraph("`gantry integrations add %s` asks for:", f.id)
	p.table([]string{"Field", "Type", "", "What it is"}, f.fieldRows(f.integration.Config, ""))
}

func (f *family) action(p *page, a *actions.Action) {
	p.heading(2, a.ID)
	p.paragraph("**%s.** %s", a.Title, words(a.Description))
	if a.Deprecated != "" {
		p.paragraph("Deprecated: %s", words(a.Deprecated))
	}
	if a.Integration != nil {
		facts := mono(a.Endpoint()) + " — " + map[string]string{
			"read": "reads", "write": "writes", "delete": "deletes", "by method": "reads or writes, as the method says",
		}[effect(a)]
		if a.Pages() {
			facts += ", page after page"
		}
		if len(a.Scopes) > 0 {
			facts += "; needs the permission `" + strings.Join(a.Scopes, "`, `") + "`"
		}
		p.paragraph("%s.%s%s", facts, repeating(a), verifying(a))
	}
	p.table([]string{"Input", "Type", "", "What it is"}, f.fieldRows(a.Inputs, ""))
	for _, group := range a.InputType().OneOf {
		p.paragraph("It needs %s.", schema.EitherOf(group))
	}
	f.result(p, a.Result)
	if len(a.Examples) == 0 {
		p.code("yaml", exampleOf(a, a.Sample()))
	}
	for _, example := range a.Examples {
		p.code("yaml", exampleOf(a, example))
	}
}

// verifying says of a write whether Gantry finds out by itself if it was done.
func verifying(a *actions.Action) string {
	switch {
	case a.VerifyAfter == 0:
		return ""
	case a.VerifyWhen == "":
		return " When its answer is lost it is looked for."
	}
	return " When its answer is lost it is looked for, if " + mono(a.VerifyWhen) + "."
}

// repeating says of what is not just read whether it may be done once more when its answer was lost.
func repeating(a *actions.Action) string {
	but := ""
	if a.HasOneTimeFields() {
		but = ", but not with fields that add or send something each time, such as new attachments"
	}
	switch {
	case a.SafeWhen != "":
		return " Safe to repeat when " + mono(a.SafeWhen) + but + "."
	case effect(a) == "by method":
		return " Reads are safe to repeat."
	case a.Effect == actions.Read:
		return ""
	case a.SafeToRepeat(nil):
		return " Safe to repeat" + but + "."
	}
	return " Not safe to repeat: when its answer is lost, the outcome is unknown."
}

func (f *family) result(p *page, t *schema.Type) {
	if t == nil || t.Kind == schema.KindNull {
		p.paragraph("No result.")
		return
	}
	p.paragraph("Result: %s.", f.typeOf(t))
	if t.Name == "" && t.Kind == schema.KindObject {
		p.table([]string{"Field", "Type", "", "What it is"}, f.fieldRows(t.Fields, ""))
	}
}

// fieldRows are the rows of fields; those of an object without a name of its own come below it.
func (f *family) fieldRows(fields []schema.Field, prefix string) [][]string {
	var rows [][]string
	for _, field := range fields {
		rows = append(rows, []string{mono(prefix + field.Name), f.typeOf(field.Type), presence(field), f.meaning(field)})
		inner := field.Type
		if inner.Kind == schema.KindList {
			inner = inner.Element()
		}
		if inner.Kind == schema.KindObject && inner.Name == "" {
			rows = append(rows, f.fieldRows(inner.Fields, prefix+field.Name+".")...)
		}
	}
	return rows
}

func presence(field schema.Field) string {
	switch {
	case field.Required:
		return "required"
	case field.Type.HasDefault:
		return "default " + mono(flow(field.Type.Default))
	}
	return ""
}

func (f *family) meaning(field schema.Field) string {
	text := words(field.Type.Description)
	if text == "" {
		text = words(field.Type.Title)
	}
	if len(field.Type.Enum) > 0 {
		allowed := make([]string, len(field.Type.Enum))
		for i, v := range field.Type.Enum {
			allowed[i] = mono(flow(v))
		}
		text += " One of " + strings.Join(allowed, ", ") + "."
	}
	if field.Deprecated != "" {
		text += " Deprecated: " + words(field.Deprecated) + "."
	}
	return text
}
