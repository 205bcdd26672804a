package server

import (
	"fmt"
	"slices"

	"gantry/actions"
	"gantry/schema"
)

// askInput is a field of a question's form as the page shows it.
type askInput struct {
	ID, Name, Label, Help, Wrong string
	Kind                         string // of an input element, or textarea
	Mode                         string // which keys a phone shows
	Value                        string
	Required, Checked            bool
	Choices                      []askChoice
	Several, Blank               bool
}

type askChoice struct {
	Value  string
	Chosen bool
}

// inputsOf are the form's fields with what was filled in, or their defaults.
func inputsOf(q *actions.Question, given filled) []askInput {
	inputs := make([]askInput, len(q.Fields))
	for i, f := range q.Fields {
		in := askInput{ID: fmt.Sprintf("field-%d", i), Name: fieldPrefix + f.Name, Label: f.Name, Help: f.Type.Description, Wrong: given.wrong[f.Name], Required: f.Required}
		if f.Type.Title != "" {
			in.Label = f.Type.Title
		}
		if !f.Required && f.Type.Kind != schema.KindBoolean {
			in.Label += " (optional)"
		}
		values, filledIn := given.values[f.Name]
		if given.values == nil {
			values = standardOf(f.Type)
		}
		in.Checked = filledIn || given.values == nil && f.Type.Default == true
		if len(values) > 0 {
			in.Value = values[0]
		}
		in.shape(f, values)
		inputs[i] = in
	}
	return inputs
}

// standardOf is a field's default as the form writes it.
func standardOf(t *schema.Type) []string {
	if !t.HasDefault || t.Default == nil {
		return nil
	}
	if list, ok := t.Default.([]any); ok && several(t) {
		texts := make([]string, len(list))
		for i, v := range list {
			texts[i] = fmt.Sprint(v)
		}
		return texts
	}
	if text, ok := t.Default.(string); ok {
		return []string{text}
	}
	text, err := schema.Encode(t.Default)
	if err != nil {
		return nil
	}
	return []string{string(text)}
}

// several tells that any number of given values can be chosen.
func several(t *schema.Type) bool {
	return t.Kind == schema.KindList && len(t.Element().Enum) > 0
}

// shape chooses the element for a field's type.
func (in *askInput) shape(f schema.Field, values []string) {
	t := f.Type
	in.Kind = "text"
	switch {
	case several(t):
		in.Several, in.Choices = true, choices(t.Element().Enum, values)
	case len(t.Enum) > 0:
		in.Choices, in.Blank = choices(t.Enum, values), !t.HasDefault
	case t.Kind == schema.KindBoolean:
		in.Kind = "checkbox"
	case t.Kind == schema.KindInteger:
		in.Mode = "numeric"
	case t.Kind == schema.KindNumber:
		in.Mode = "decimal"
	case t.Kind == schema.KindString:
		in.ofText(t)
	default:
		in.Kind = "textarea"
		in.Help = helpWith(in.Help, "A list is written with commas, anything else as JSON.")
	}
}

func (in *askInput) ofText(t *schema.Type) {
	switch t.Format {
	case "multiline", "html":
		in.Kind = "textarea"
	case "date", "email":
		in.Kind = t.Format
	case "uri":
		in.Kind = "url"
	case "date-time":
		in.Help = helpWith(in.Help, "Such as 2026-11-30T08:00:00+01:00.")
	case "duration":
		in.Help = helpWith(in.Help, "Such as 30m, 8h or 2d.")
	}
}

func helpWith(help, more string) string {
	if help == "" {
		return more
	}
	return help + " " + more
}

func choices(enum []any, chosen []string) []askChoice {
	out := make([]askChoice, len(enum))
	for i, v := range enum {
		text := fmt.Sprint(v)
		out[i] = askChoice{text, slices.Contains(chosen, text)}
	}
	return out
}
