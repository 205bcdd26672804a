package workflow

import (
	"gantry/expr"
	"gantry/schema"
)

func formTrigger() *triggerType {
	return &triggerType{
		Name: "form",
		Doc:  "Starts a run when a person sends the form. Fields called like an input are passed to it unless inputs says otherwise.",
		Settings: []schema.Field{
			needed(setting("fields", "The form's fields: name to type, title, required, default.", schema.MapOf(nil))),
		},
		Event: []expr.Variable{{Name: "form", Type: schema.MapOf(nil)}},
		check: (*triggerCheck).form,
	}
}

func (t *triggerCheck) form() {
	n := t.node.Settings.Lookup("fields")
	if n == nil {
		return
	}
	fields := schema.ParseFields(n, t.world.Catalogue.Type, &t.ds)
	form := schema.Object("", fields...)
	t.trigger.Fields = fields
	t.event = []expr.Variable{{Name: "form", Type: form}}
	delete(t.settings, "fields")
	for _, f := range fields {
		input, ok := t.wf.InputsType.Field(f.Name)
		if !ok || t.node.Inputs.Lookup(f.Name) != nil {
			continue
		}
		pos := n.Lookup(f.Name).Pos
		if ok, why := schema.AssignableTo(f.Type, input.Type); !ok {
			t.ds.Errorf(pos, "wrong-input", "the field %s goes to the input of the same name, which %s", f.Name, why)
		} else if input.Required && !f.Required && !f.Type.HasDefault {
			t.ds.Warnf(pos, "may-be-missing", "the field %s may be left empty, and the input of the same name is required", f.Name).Hint = "write required: true"
		}
	}
}
