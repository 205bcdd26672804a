package actions

import (
	"strings"
	"unicode"

	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// OneLine is a line of text that stands for several fields of the set-up form, as other products ask for it:
// `tenant+client_id:client_secret`. The line is as secret as the most secret of its parts.
type OneLine struct {
	Title, Description string
	Forms              []LineForm
	separators         string // of all forms
}

// LineForm is one way to write the line: fields, and what stands between them.
type LineForm struct {
	Shape  string         // as the YAML writes it: {tenant}+{client_id}:{client_secret}
	Means  map[string]any // what the use of this form says about other fields
	fields []string
	texts  []string // texts[i] stands between fields[i] and fields[i+1]
}

func (f *folder) readOneLine(n *source.Node) *OneLine {
	if n == nil {
		return nil
	}
	b := source.ReadFields(n, "one_line", f.ds)
	line := &OneLine{Title: b.Text("title"), Description: b.Text("description")}
	forms := b.Required("forms")
	b.Close()
	if forms == nil {
		return nil
	}
	if forms.Kind != source.List || len(forms.Items) == 0 {
		source.WrongKind(f.ds, forms, "forms", "a list of forms")
		return nil
	}
	for _, item := range forms.Items {
		if form, ok := f.readLineForm(item); ok {
			line.Forms = append(line.Forms, form)
			line.separators += strings.Join(form.texts, "")
		}
	}
	return line
}

func (f *folder) readLineForm(n *source.Node) (LineForm, bool) {
	b := source.ReadFields(n, "form of one_line", f.ds)
	at := b.Required("shape")
	form := LineForm{Shape: b.Text("shape")}
	if means := b.Node("means"); means != nil {
		form.Means, _ = means.Data().(map[string]any)
		for _, e := range means.Entries {
			f.configField(e.Key, e.KeyPos)
		}
	}
	b.Close()
	if at == nil || form.Shape == "" {
		return form, false
	}
	if !form.split() {
		f.ds.Errorf(at.Pos, "bad-shape", "%q is not made of {field} and of what stands between fields", form.Shape).Hint =
			"write it like {tenant}+{client_id}:{client_secret}: something between all fields, nothing around them"
		return form, false
	}
	for _, name := range form.fields {
		if field, ok := f.configField(name, at.Pos); ok && field.Type.Kind != schema.KindString && field.Type.Kind != schema.KindSecret {
			f.ds.Errorf(at.Pos, "bad-shape", "%s is %s; a part of a line is text or secret", name, field.Type)
		}
	}
	return form, true
}

// configField finds a field of the set-up form, or says that it has none.
func (f *folder) configField(name string, at source.Pos) (schema.Field, bool) {
	var names []string
	for _, field := range f.integration.Config {
		if field.Name == name {
			return field, true
		}
		names = append(names, field.Name)
	}
	f.ds.Errorf(at, "unknown-field", "config has no field %q", name).Hint = source.DidYouMean(name, names)
	return schema.Field{}, false
}

// split takes the shape apart: at least two fields, with something between each two of them.
func (l *LineForm) split() bool {
	rest := l.Shape
	for {
		if !strings.HasPrefix(rest, "{") {
			return false
		}
		name, after, closed := strings.Cut(rest[1:], "}")
		if !closed || name == "" || strings.Contains(name, "{") {
			return false
		}
		l.fields = append(l.fields, name)
		if after == "" {
			return len(l.fields) > 1
		}
		between, _, more := strings.Cut(after, "{")
		if between == "" || !more || strings.Contains(between, "}") {
			return false
		}
		l.texts = append(l.texts, between)
		rest = after[len(between):]
	}
}

// Parse takes a line apart by the first form that it fits: the parts by field, and what the form means.
// The last part may hold anything; the others hold nothing that separates parts in any form, so that a
// secret with ':' or '+' in it is never cut in the wrong place. Errors never show the line.
func (o *OneLine) Parse(text string) (parts map[string]string, means map[string]any, err *fault.Error) {
	text = strings.TrimSpace(text)
	if why := unusable(text); why != "" {
		return nil, nil, o.wrong(why)
	}
	reason := ""
	for _, form := range o.Forms {
		parts, why := form.parse(text, o.separators)
		if why == "" {
			return parts, form.Means, nil
		}
		reason = why
	}
	return nil, nil, o.wrong(reason)
}

func unusable(text string) string {
	switch {
	case text == "":
		return "it is empty"
	case strings.ContainsAny(text, "\n\r"):
		return "it has more than one line"
	case strings.ContainsFunc(text, unicode.IsControl):
		return "there is a control character in it"
	}
	return ""
}

func (l *LineForm) parse(text, separators string) (map[string]string, string) {
	parts := make(map[string]string, len(l.fields))
	for i, name := range l.fields[:len(l.fields)-1] {
		part, after, found := strings.Cut(text, l.texts[i])
		part = strings.TrimSpace(part)
		switch {
		case !found:
			return nil, "there is no " + l.texts[i] + " behind " + name
		case part == "":
			return nil, "there is nothing for " + name
		case strings.ContainsAny(part, separators):
			return nil, "there is more than " + name + " before the " + l.texts[i]
		}
		parts[name], text = part, after
	}
	last := l.fields[len(l.fields)-1]
	if parts[last] = strings.TrimSpace(text); parts[last] == "" {
		return nil, "there is nothing for " + last
	}
	return parts, ""
}

func (o *OneLine) wrong(why string) *fault.Error {
	var shapes []string
	for _, form := range o.Forms {
		shapes = append(shapes, strings.NewReplacer("{", "", "}", "").Replace(form.Shape))
	}
	return fault.New(fault.InvalidInput, "the %s cannot be read: %s", o.title(), why).
		WithHint("it is written %s, on one line; or give the fields one by one", strings.Join(shapes, " or "))
}

func (o *OneLine) title() string {
	if o.Title == "" {
		return "key"
	}
	return o.Title
}
