package triggers_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/triggers"
)

const starter = `inputs: {name: {type: string, required: true}, devices: {type: integer, default: 9}}
triggers:
  - name: starter
    type: form
    run_for: {this: true}
    fields:
      name: {type: string, required: true, title: Whose first day it is}
      devices: {type: integer, minimum: 1, maximum: 5, default: 2}
tasks: {a: {action: core.noop}}
outputs: {said: "${{ inputs.name + ' ' + string(inputs.devices) }}"}
`

// TestFormIsChecked: what is filled in is held against the form's fields before anything is kept, and completed with
// their defaults.
func TestFormIsChecked(t *testing.T) {
	b := setup(t, map[string]string{"w": starter})
	key := triggers.Key{Workflow: "w", Trigger: "starter"}
	fire := func(form any) (string, error) {
		f := triggers.Fire{Key: key, Organisations: []string{b.msp.ID}}
		if form != nil {
			f.Data = map[string]any{"form": form}
		}
		accepted, err := b.Fire(ctx, f)
		if err != nil {
			return "", err
		}
		run := b.run(b.decided(accepted[0].ID).Run)
		said, _ := run.Outputs["said"].(string)
		return said, nil
	}
	for name, c := range map[string]struct {
		form any
		want map[string]any
	}{
		"nothing":      {nil, map[string]any{"name": "is missing"}},
		"empty":        {map[string]any{}, map[string]any{"name": "is missing"}},
		"too many":     {map[string]any{"name": "Dana", "devices": int64(6)}, map[string]any{"devices": "must be at most 5"}},
		"several":      {map[string]any{"devices": "two"}, map[string]any{"name": "is missing", "devices": "needs a whole number, gets text"}},
		"of no field":  {map[string]any{"name": "Dana", "age": int64(3)}, map[string]any{"age": `is not expected: there is no field "age" in an object {name, devices}; known here: devices, name`}},
		"no form, but": {"text", map[string]any{"": "needs an object {name, devices}, gets text"}},
	} {
		_, err := fire(c.form)
		faulttest.Want(t, err, fault.InvalidInput, "starter", "name (text, required)")
		if diff := cmp.Diff(map[string]any{"fields": c.want}, fault.From(err).Detail); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if events, err := b.Events(ctx, triggers.EventFilter{}); err != nil || len(events) != 0 {
		t.Errorf("kept are %+v, %v", events, err)
	}
	for want, form := range map[string]any{"Dana 2": map[string]any{"name": "Dana"}, "Kim 5": map[string]any{"name": "Kim", "devices": int64(5)}} {
		if said, err := fire(form); err != nil || said != want {
			t.Errorf("%q, %v; want %q", said, err, want)
		}
	}
}

// TestShownForm: a form trigger is shown with its form, so that it can be filled in; others have none.
func TestShownForm(t *testing.T) {
	b := setup(t, map[string]string{"w": starter, "h": hook("")})
	shown, err := b.Show(ctx, triggers.Key{Workflow: "w", Trigger: "starter"}, nil)
	faulttest.Must(t, err)
	if shown.Form == nil || !slices.Equal(shown.Form.Order, []string{"name", "devices"}) {
		t.Fatalf("the form is %+v", shown.Form)
	}
	if diff := cmp.Diff([]any{"name"}, shown.Form.Schema["required"]); diff != "" {
		t.Error(diff)
	}
	shown, err = b.Show(ctx, triggers.Key{Workflow: "h", Trigger: "hook"}, nil)
	faulttest.Must(t, err)
	if shown.Form != nil {
		t.Errorf("a webhook has the form %+v", shown.Form)
	}
}
