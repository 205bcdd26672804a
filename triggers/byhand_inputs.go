package triggers

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"gantry/engine/workflow"
	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
)

func (b byHand) holds(ctx context.Context, t *workflow.Trigger) (bool, error) {
	if t.When == nil {
		return true, nil
	}
	scope, err := b.scope(ctx)
	if err != nil {
		return false, err
	}
	return t.When.Bool(scope, expr.At{Now: b.Now()})
}

// scope is what a trigger's expressions see when there is no event.
func (b byHand) scope(ctx context.Context) (expr.Scope, error) {
	facts, err := b.Organisations.Facts(ctx, b.org.ID)
	if err != nil {
		return nil, err
	}
	return expr.Vars{"org": b.wf.Catalogue.Organisation(facts)}, nil
}

// given evaluates a trigger's inputs or vars. Those that the person gave are left as given; one that looks
// at the event of a webhook or another trigger cannot be had by hand.
func (b byHand) given(ctx context.Context, t *workflow.Trigger, values *expr.Template, byPerson map[string]any) (map[string]any, error) {
	if values == nil {
		return byPerson, nil
	}
	scope, err := b.scope(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]any{}
	for _, name := range values.Names() {
		if _, given := byPerson[name]; given {
			continue
		}
		if at := eventIn(values.Field(name)); at != "" {
			return nil, fault.New(fault.Usage, "the trigger %q takes %s from its event (%s), which there is none of by hand", t.Name, name, at).
				WithHint("give it yourself: --input %s=…", name)
		}
		if all[name], err = values.Field(name).Eval(scope, expr.At{Now: b.Now()}); err != nil {
			return nil, err
		}
	}
	maps.Copy(all, byPerson)
	return all, nil
}

// eventIn names what of the event a value uses, or gives "".
func eventIn(t *expr.Template) string {
	for _, r := range t.References() {
		if len(r.Path) > 0 && r.Path[0] != "org" && r.Path[0] != "now" {
			return strings.Join(r.Path, ".")
		}
	}
	return ""
}

// checkInputs refuses inputs that do not fit: that is wrong use.
func checkInputs(wf *workflow.Workflow, inputs map[string]any) error {
	if inputs == nil {
		inputs = map[string]any{}
	}
	_, problems := wf.InputsType.Complete(inputs)
	if len(problems) == 0 {
		return nil
	}
	hint := "its inputs are given with --input name=value: " + inputsOf(wf.Inputs)
	if len(wf.Inputs) == 0 {
		hint = "it takes no inputs"
	}
	return fault.New(fault.Usage, "%s cannot start: %s", wf.ID, sentenceOf(problems)).WithHint("%s", hint).
		WithDetail(map[string]any{"fields": schema.ByPath(problems)})
}

func sentenceOf(problems []schema.Problem) string {
	said := make([]string, len(problems))
	for i, p := range problems {
		said[i] = p.String()
	}
	return strings.Join(said, "; ")
}

func inputsOf(inputs []schema.Field) string {
	said := make([]string, len(inputs))
	for i, f := range inputs {
		said[i] = f.Name + " (" + f.Type.String()
		if f.Required {
			said[i] += ", required"
		}
		said[i] += ")"
	}
	return strings.Join(said, ", ")
}

func quoted(words []string) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = fmt.Sprintf("%q", w)
	}
	return strings.Join(all, ", ")
}
