package workflow

import (
	"gantry/expr"
	"gantry/schema"
)

// triggerType is a kind of trigger: its own keys and what its expressions see of the event.
type triggerType struct {
	Name, Doc string
	Settings  []schema.Field
	Event     []expr.Variable
	// ByHand: a person gives the inputs, so the trigger need not.
	ByHand bool
	// check finds what types cannot say; settings is what the file says, complete.
	check func(c *triggerCheck)
}

func triggerTypeOf(name string) *triggerType {
	for _, t := range triggerTypes {
		if t.Name == name {
			return t
		}
	}
	return nil
}

func triggerTypeNames() []string {
	var names []string
	for _, t := range triggerTypes {
		names = append(names, t.Name)
	}
	return names
}

func (t *triggerType) names() []string {
	names := make([]string, len(t.Settings))
	for i, f := range t.Settings {
		names[i] = f.Name
	}
	return names
}

// everyTriggerKey lists the own keys of all types, for a trigger whose type is not known.
func everyTriggerKey() []string {
	var names []string
	for _, t := range triggerTypes {
		names = append(names, t.names()...)
	}
	return names
}

// place shows the type's own keys in the language's table.
func (t *triggerType) place() Place {
	p := Place{Name: "trigger " + t.Name, Doc: t.Doc}
	for _, f := range t.Settings {
		k := Key{Name: f.Name, Shape: Shape(f.Type.String()), Doc: f.Type.Description, Required: f.Required}
		if f.Type.HasDefault {
			text, err := schema.Encode(f.Type.Default)
			if err == nil {
				k.Default = string(text)
			}
		}
		p.Keys = append(p.Keys, k)
	}
	return p
}

func setting(name, doc string, t *schema.Type) schema.Field {
	c := *t
	c.Description = doc
	return schema.Field{Name: name, Type: &c}
}

func needed(f schema.Field) schema.Field {
	f.Required = true
	return f
}

func withDefault(f schema.Field, v any) schema.Field {
	f.Type.Default, f.Type.HasDefault = v, true
	return f
}

func oneOf(words ...string) *schema.Type {
	t := schema.String()
	for _, w := range words {
		t.Enum = append(t.Enum, w)
	}
	return t
}

func formatted(format string) *schema.Type {
	t := schema.String()
	t.Format = format
	return t
}

func organisationType() *schema.Type {
	return schema.Object("", text("id"), text("slug"), text("name"))
}

func text(name string) schema.Field {
	return schema.Field{Name: name, Type: schema.String(), Required: true}
}

func timeOf(name string) schema.Field {
	return schema.Field{Name: name, Type: formatted("date-time"), Required: true}
}

func alwaysPassTrigger() *triggerType {
	return &triggerType{
		Name: "always_pass", ByHand: true,
		Doc: "Starts a run when somebody asks for it, with gantry run.",
	}
}

// triggerTypes is the one table of trigger types; each is declared beside its check.
var triggerTypes []*triggerType

func init() { // the types' checks lead back to this table
	triggerTypes = []*triggerType{
		alwaysPassTrigger(),
		scheduleTrigger(),
		intervalTrigger(),
		webhookTrigger(),
		formTrigger(),
		pollTrigger(),
		completionTrigger(),
	}
}
