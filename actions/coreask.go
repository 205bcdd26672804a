package actions

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// coreAsk ends with a wait for an answer. What is kept of the wait is the question.
func coreAsk(_ context.Context, a *attempt) Outcome {
	declared, _ := a.inputs["fields"].(map[string]any)
	q := &Question{Text: textOf(a.inputs["question"]), Details: a.details(), Who: answerers(a.inputs["who"])}
	fields, err := fieldsOf(declared)
	if err == nil {
		q.Buttons, err = buttonsOf(a.inputs["buttons"], len(fields) > 0)
	}
	if err != nil {
		f := fault.From(err)
		return Outcome{Err: fault.Wrap(err, fault.InvalidInput, "core.ask: %s", f.Message).WithHint("%s", f.Hint)}
	}
	if namesNobody(a.inputs["who"]) { // left out it is everybody with the role: an empty list must not become that
		return Outcome{Err: fault.New(fault.InvalidInput, "core.ask: who.users names nobody, or somebody without a name").WithHint("leave users out to let everybody answer who has the role")}
	}
	q.Fields = inOrderOf(fields, a.written("fields"), func(f schema.Field) string { return f.Name })
	if why := q.problem(); why != "" {
		return Outcome{Err: fault.New(fault.InvalidInput, "core.ask: %s", why)}
	}
	return Outcome{Result: q.Doc(declared), Wait: &Wait{For: ForAnswer}}
}

// coreWaitForWebhook ends with a wait for a request at the task's address.
func coreWaitForWebhook(context.Context, *attempt) Outcome {
	return Outcome{Wait: &Wait{For: ForWebhook}}
}

func textOf(v any) string { s, _ := v.(string); return s }

// written gives the names of an input's entries as the workflow writes them.
func (a *attempt) written(input string) []string {
	if a.call.Written == nil {
		return nil
	}
	return a.call.Written(input)
}

// inOrderOf puts what has names into an order; what it does not name comes last, as it was.
func inOrderOf[T any](all []T, names []string, name func(T) string) []T {
	place := func(v T) int {
		if at := slices.Index(names, name(v)); at >= 0 {
			return at
		}
		return len(names)
	}
	slices.SortStableFunc(all, func(x, y T) int { return place(x) - place(y) })
	return all
}

// details are text, or names with what is to be shown beside them.
func (a *attempt) details() []Detail {
	switch v := a.inputs["details"].(type) {
	case nil:
		return nil
	case map[string]any:
		var details []Detail
		for _, name := range schema.Object("", fieldsNamed(v)...).FieldNames() {
			details = append(details, Detail{name, shown(v[name])})
		}
		return inOrderOf(details, a.written("details"), func(d Detail) string { return d.Name })
	default:
		return []Detail{{"", shown(v)}}
	}
}

func fieldsNamed(m map[string]any) []schema.Field {
	fields := make([]schema.Field, 0, len(m))
	for name := range m {
		fields = append(fields, schema.Field{Name: name, Type: schema.Any()})
	}
	slices.SortFunc(fields, func(x, y schema.Field) int { return strings.Compare(x.Name, y.Name) })
	return fields
}

// shown is a value as people read it.
func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	text, err := schema.Encode(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// answerers reads who; without it the operators of the run's organisation.
func answerers(v any) Answerers {
	who, given := v.(map[string]any)
	if !given {
		return Answerers{Role: "operator"}
	}
	w := Answerers{Role: textOf(who["role"])}
	w.Link, _ = who["link"].(bool)
	users, _ := who["users"].([]any)
	for _, u := range users {
		w.Users = append(w.Users, textOf(u))
	}
	if w.Role == "" {
		w.Role = "operator"
	}
	return w
}

// namesNobody tells that users are given and that one is nobody, or that there is none.
func namesNobody(who any) bool {
	w, _ := who.(map[string]any)
	users, given := w["users"].([]any)
	return given && (len(users) == 0 || slices.ContainsFunc(users, func(u any) bool { return strings.TrimSpace(textOf(u)) == "" }))
}

var buttonType = schema.Object("",
	schema.Field{Name: "value", Type: schema.String(), Required: true},
	schema.Field{Name: "label", Type: schema.String()},
	schema.Field{Name: "style", Type: &schema.Type{Kind: schema.KindString, Enum: []any{"default", "primary", "danger"}}},
	schema.Field{Name: "skips_fields", Type: schema.Boolean()},
)

// buttonsOf reads names, or {value, label, style, skips_fields}. Without any there are Yes and No, or Send below a form.
func buttonsOf(v any, form bool) ([]Button, error) {
	list, _ := v.([]any)
	switch {
	case v == nil && form:
		return []Button{{Value: "send", Label: "Send", Style: "primary"}}, nil
	case v == nil:
		return []Button{{Value: "yes", Label: "Yes", Style: "primary"}, {Value: "no", Label: "No", Style: "default"}}, nil
	}
	var buttons []Button
	for i, item := range list {
		if name, ok := item.(string); ok {
			item = map[string]any{"value": name}
		}
		whole, problems := buttonType.Complete(item)
		if len(problems) > 0 {
			return nil, fault.New(fault.InvalidInput, "button %d: %s", i+1, ProblemsText(problems)).WithHint("write a name, or {value: approve, label: Approve it, style: primary}")
		}
		m, _ := whole.(map[string]any)
		b := Button{Value: textOf(m["value"]), Label: textOf(m["label"]), Style: textOf(m["style"])}
		b.SkipsFields, _ = m["skips_fields"].(bool)
		if b.Label == "" {
			b.Label = b.Value
		}
		if b.Style == "" {
			b.Style = "default"
		}
		buttons = append(buttons, b)
	}
	return buttons, nil
}

// problem tells what types cannot say; "" for nothing.
func (q *Question) problem() string {
	if len(q.Buttons) == 0 || len(q.Buttons) > maxButtons {
		return fmt.Sprintf("a question has from 1 to %d buttons, not %d", maxButtons, len(q.Buttons))
	}
	if len(q.Fields) > maxFields {
		return fmt.Sprintf("a form has at most %d fields, not %d", maxFields, len(q.Fields))
	}
	values := map[string]bool{}
	for _, b := range q.Buttons {
		if b.Value == "" {
			return "a button's value must not be empty"
		}
		if values[b.Value] {
			return fmt.Sprintf("two buttons have the value %q", b.Value)
		}
		values[b.Value] = true
	}
	for _, f := range q.Fields {
		if f.Type.Kind == schema.KindSecret {
			return fmt.Sprintf("the field %s is a secret, and answers are kept", f.Name)
		}
	}
	return ""
}

// askWritten checks a question as far as the workflow writes it out, and gives the type of its answer. with may be nil.
func askWritten(with *source.Node, ds *source.Diagnostics) *schema.Type {
	q := &Question{}
	known := true
	if n := with.Lookup("fields"); n != nil {
		if n.Kind == source.Map {
			q.Fields = schema.ParseFields(writtenOut(n), nil, ds)
			for i, f := range q.Fields {
				if standard := n.Lookup(f.Name).Lookup("default"); standard != nil && !isWrittenOut(standard) {
					q.Fields[i].Required = true // it is never missing
				}
			}
		} else {
			known = n.Kind == source.Null
		}
	}
	values := func() *schema.Type { return q.resultType() }
	if n := with.Lookup("buttons"); n != nil && !isWrittenOut(n) {
		q.Buttons = nil
		known = known && len(q.Fields) == 0
	} else if !q.readButtons(n, ds) {
		return values()
	}
	for _, f := range q.Fields {
		if f.Type.Kind == schema.KindSecret {
			ds.Errorf(with.Lookup("fields").Lookup(f.Name).Pos, "secret-used", "the field %s cannot be a secret: answers are kept", f.Name).Hint = "ask where the secret can be set with `gantry vars set` instead"
		}
	}
	if !known {
		t := answerType(schema.String(), schema.MapOf(nil))
		if len(q.Buttons) > 0 {
			t.Fields[0].Type = q.resultType().Fields[0].Type
		}
		return t
	}
	return values()
}

// readButtons reads buttons that are written out; n may be nil.
func (q *Question) readButtons(n *source.Node, ds *source.Diagnostics) bool {
	var data any
	if n != nil {
		data = n.Data()
	}
	pos := source.Pos{}
	if n != nil {
		pos = n.Pos
	}
	if _, isList := data.([]any); data != nil && !isList {
		return false // its type says so
	}
	buttons, err := buttonsOf(data, len(q.Fields) > 0)
	if err != nil {
		f := fault.From(err)
		ds.Errorf(pos, "bad-buttons", "%s", f.Message).Hint = f.Hint
		return false
	}
	q.Buttons = buttons
	if n == nil {
		return true
	}
	if why := (&Question{Buttons: buttons}).problem(); why != "" {
		ds.Errorf(pos, "bad-buttons", "%s", why)
		return false
	}
	return true
}

func holdsExpression(n *source.Node) bool {
	text, ok := n.Value.(string)
	return ok && n.Kind == source.String && strings.Contains(text, "${{")
}

// isWrittenOut tells that there is no expression anywhere in a value.
func isWrittenOut(n *source.Node) bool {
	for _, e := range n.Entries {
		if !isWrittenOut(e.Value) {
			return false
		}
	}
	return !holdsExpression(n) && !slices.ContainsFunc(n.Items, func(item *source.Node) bool { return !isWrittenOut(item) })
}

// writtenOut is the declaration of fields without what expressions give: that is judged when it is known.
func writtenOut(fields *source.Node) *source.Node {
	out := *fields
	out.Entries = slices.Clone(fields.Entries)
	for i, e := range out.Entries {
		switch {
		case holdsExpression(e.Value):
			out.Entries[i].Value = &source.Node{Kind: source.String, Pos: e.Value.Pos, Value: "any"}
		case e.Value.Kind == source.Map:
			one := *e.Value
			one.Entries = slices.DeleteFunc(slices.Clone(e.Value.Entries), func(key source.Entry) bool { return !isWrittenOut(key.Value) })
			if one.Lookup("type") == nil && e.Value.Lookup("type") != nil {
				one.Entries = append(one.Entries, source.Entry{Key: "type", KeyPos: e.KeyPos, Value: &source.Node{Kind: source.String, Pos: e.KeyPos, Value: "any"}})
			}
			out.Entries[i].Value = &one
		}
	}
	return &out
}
