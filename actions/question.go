package actions

import (
	"fmt"
	"slices"
	"strings"

	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// Question is what core.ask asks: what is kept, shown and answered.
type Question struct {
	Text    string
	Details []Detail // below it, in order
	Buttons []Button // at least one
	Fields  []schema.Field
	Who     Answerers
}

// Detail is a line below a question: Name is "" of plain text, which may have several lines.
type Detail struct{ Name, Text string }

// Button is one way to answer.
type Button struct {
	Value, Label string
	Style        string // default, primary or danger
	SkipsFields  bool   // it answers without the form's fields
}

// Answerers are those who may answer. The zero value is nobody.
type Answerers struct {
	Role  string   // who has this role over the run's organisation; "": nobody
	Users []string // of these only them; empty: all of them
	Link  bool     // and whoever has the link
}

const (
	maxButtons = 20
	maxFields  = 100
)

// Result is the type of an answer: {button, values, by, at}.
func (q *Question) resultType() *schema.Type {
	buttons := make([]any, len(q.Buttons))
	skips := false
	for i, b := range q.Buttons {
		buttons[i] = b.Value
		skips = skips || b.SkipsFields
	}
	button := &schema.Type{Kind: schema.KindString, Enum: buttons, Description: "The value of the button that was chosen."}
	if len(buttons) == 0 {
		button.Enum = nil
	}
	values := make([]schema.Field, len(q.Fields))
	for i, f := range q.Fields {
		t := f.Type
		if skips || !f.Required && !t.HasDefault {
			t = t.AsNullable()
		}
		values[i] = schema.Field{Name: f.Name, Type: t, Required: true}
	}
	return answerType(button, schema.Object("Answers", values...)) // named: without fields it holds nothing
}

func answerType(button, values *schema.Type) *schema.Type {
	moment := &schema.Type{Kind: schema.KindString, Format: "date-time", Description: "When it was answered."}
	by := &schema.Type{Kind: schema.KindString, Description: "Who answered: the name of a user or token, or `link`."}
	return schema.Object("", schema.Field{Name: "button", Type: button, Required: true}, schema.Field{Name: "values", Type: values, Required: true},
		schema.Field{Name: "by", Type: by, Required: true}, schema.Field{Name: "at", Type: moment, Required: true})
}

// Doc is the question as data, in which it is kept; ReadQuestion is the reverse.
func (q *Question) Doc(declared map[string]any) map[string]any {
	details, buttons, fields := []any{}, []any{}, []any{}
	for _, d := range q.Details {
		details = append(details, map[string]any{"name": d.Name, "text": d.Text})
	}
	for _, b := range q.Buttons {
		buttons = append(buttons, map[string]any{"value": b.Value, "label": b.Label, "style": b.Style, "skips_fields": b.SkipsFields})
	}
	for _, f := range q.Fields {
		fields = append(fields, map[string]any{"name": f.Name, "type": declared[f.Name]})
	}
	users := make([]any, len(q.Who.Users))
	for i, u := range q.Who.Users {
		users[i] = u
	}
	return map[string]any{"question": q.Text, "details": details, "buttons": buttons, "fields": fields,
		"who": map[string]any{"role": q.Who.Role, "users": users, "link": q.Who.Link}}
}

// ReadQuestion reads what Doc made.
func ReadQuestion(doc any) (*Question, error) {
	m, _ := doc.(map[string]any)
	text := func(v any) string { s, _ := v.(string); return s }
	yes := func(v any) bool { b, _ := v.(bool); return b }
	list := func(v any) []any { l, _ := v.([]any); return l }
	entry := func(v any) map[string]any { e, _ := v.(map[string]any); return e }
	q := &Question{Text: text(m["question"])}
	for _, v := range list(m["details"]) {
		q.Details = append(q.Details, Detail{text(entry(v)["name"]), text(entry(v)["text"])})
	}
	for _, v := range list(m["buttons"]) {
		b := entry(v)
		q.Buttons = append(q.Buttons, Button{text(b["value"]), text(b["label"]), text(b["style"]), yes(b["skips_fields"])})
	}
	who := entry(m["who"])
	q.Who = Answerers{Role: text(who["role"]), Link: yes(who["link"])}
	for _, v := range list(who["users"]) {
		q.Who.Users = append(q.Who.Users, text(v))
	}
	for _, v := range list(m["fields"]) {
		name := text(entry(v)["name"])
		read, err := fieldsOf(map[string]any{name: entry(v)["type"]})
		if err != nil || len(read) != 1 {
			return nil, fault.New(fault.Storage, "the question's field %q cannot be read", name)
		}
		q.Fields = append(q.Fields, read[0])
	}
	if len(q.Buttons) == 0 {
		return nil, fault.New(fault.Storage, "the question cannot be read: it has no buttons")
	}
	return q, nil
}

// fieldsOf reads declarations of fields that are data, in the order of their names.
func fieldsOf(declared map[string]any) ([]schema.Field, error) {
	text, err := schema.Encode(declared)
	if err != nil {
		return nil, err
	}
	node, ds := source.Parse("fields", text)
	if ds.HasErrors() || node == nil {
		return nil, fault.New(fault.InvalidInput, "the fields cannot be read")
	}
	fields := schema.ParseFields(node, nil, &ds)
	for _, d := range ds {
		if d.Severity == source.Error {
			return nil, fault.New(fault.InvalidInput, "fields: %s", d.Message).WithHint("%s", d.Hint)
		}
	}
	return fields, nil
}

// Answered checks an answer and gives what the task's result has of it: {button, values}. problems name the
// fields that are wrong; what was not given is null. values may hold nothing that the form has not.
func (q *Question) Answered(button string, values map[string]any) (result map[string]any, problems []schema.Problem, err error) {
	at := slices.IndexFunc(q.Buttons, func(b Button) bool { return b.Value == button })
	if at < 0 {
		names := make([]string, len(q.Buttons))
		for i, b := range q.Buttons {
			names[i] = b.Value
		}
		if button == "" {
			return nil, nil, fault.New(fault.InvalidInput, "the answer has no button").WithHint("choose one of %s", strings.Join(names, ", "))
		}
		return nil, nil, fault.New(fault.InvalidInput, "the question has no button %q", source.OneLine(button)).WithHint("%s", source.DidYouMean(button, names))
	}
	answers := map[string]any{}
	if !q.Buttons[at].SkipsFields {
		if values == nil {
			values = map[string]any{}
		}
		form := schema.Object("Answers", q.Fields...)
		complete, wrong := form.Complete(values)
		if len(wrong) > 0 {
			return nil, wrong, nil
		}
		answers, _ = complete.(map[string]any)
	}
	for _, f := range q.Fields {
		if _, given := answers[f.Name]; !given {
			answers[f.Name] = nil
		}
	}
	return map[string]any{"button": button, "values": answers}, nil, nil
}

// FromTexts reads values as people type them, by the types of their fields. What is empty was not given, unless the
// field is plain text with a default: that may be emptied. wrong has what is the matter, by field.
func (q *Question) FromTexts(texts map[string]string) (values map[string]any, wrong []schema.Problem) {
	values = map[string]any{}
	for name, text := range texts {
		at := slices.IndexFunc(q.Fields, func(f schema.Field) bool { return f.Name == name })
		if at < 0 {
			wrong = append(wrong, schema.Problem{Path: name, Message: "is not a field of this question"})
			continue
		}
		f := q.Fields[at]
		if strings.TrimSpace(text) == "" && (f.Type.Kind != schema.KindString || !f.Type.HasDefault) {
			continue
		}
		value, err := f.Type.FromText(text)
		if err != nil {
			wrong = append(wrong, schema.Problem{Path: name, Message: err.Error()})
			continue
		}
		values[name] = value
	}
	slices.SortFunc(wrong, func(a, b schema.Problem) int { return strings.Compare(a.Path, b.Path) })
	return values, wrong
}

// ProblemsText is problems as one sentence.
func ProblemsText(problems []schema.Problem) string {
	texts := make([]string, len(problems))
	for i, p := range problems {
		texts[i] = fmt.Sprint(problemText(p))
	}
	return strings.Join(texts, "; ")
}
