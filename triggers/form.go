package triggers

import (
	"maps"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/schema"
)

// Form is what a person fills in to fire a form trigger.
type Form struct {
	Schema map[string]any `json:"schema"` // JSON Schema of an object
	Order  []string       `json:"order"`  // the fields' names as the file has them
}

// formOf gives the form of a form trigger; nil for the other types.
func formOf(t *workflow.Trigger) *Form {
	if t.Type != formType {
		return nil
	}
	form := &Form{Schema: schema.Object("", t.Fields...).JSONSchema(false), Order: make([]string, len(t.Fields))}
	for i, f := range t.Fields {
		form.Order[i] = f.Name
	}
	return form
}

// filledIn checks what stands in the form of an event's data, and completes it with the fields' defaults. What does not
// fit is fault.InvalidInput; its detail has {fields: {path: message}}.
func filledIn(t *workflow.Trigger, data map[string]any) (map[string]any, error) {
	if t.Type != formType {
		return data, nil
	}
	given, said := data[formType]
	if !said || given == nil {
		given = map[string]any{}
	}
	form, problems := schema.Object("", t.Fields...).Complete(given)
	if len(problems) > 0 {
		return nil, fault.New(fault.InvalidInput, "the form of the trigger %q is not filled in right: %s", t.Name, sentenceOf(problems)).
			WithHint("its fields are %s", inputsOf(t.Fields)).WithDetail(map[string]any{"fields": schema.ByPath(problems)})
	}
	all := maps.Clone(data)
	if all == nil {
		all = map[string]any{}
	}
	all[formType] = form
	return all, nil
}
