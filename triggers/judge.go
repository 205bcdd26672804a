package triggers

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gantry/engine"
	"gantry/expr"
	"gantry/fault"
	"gantry/orgs"
)

// longestChain bounds how many ends of runs may follow from each other by completion triggers.
const longestChain = 20

// verdict is what becomes of an event: a run to start, else the decision. trouble: it cannot be told now.
type verdict struct {
	Decision
	start   *engine.Request
	trouble error
}

func skipped(format string, args ...any) verdict {
	return verdict{Decision: Decision{Status: Skipped, Why: fmt.Sprintf(format, args...)}}
}

// failed is for errors of the event itself; those that pass leave it undecided.
func failed(err error) verdict {
	if passing(err) {
		return verdict{trouble: err}
	}
	return verdict{Decision: Decision{Status: Failed, Error: fault.From(err)}}
}

// judge finds what becomes of an event, with the workflows, organisations and switches of now.
func (s *Service) judge(ctx context.Context, row *eventRow) verdict {
	book := s.Book()
	a, ok := book.Find(row.key())
	if !ok {
		return failed(book.gone(row.key()))
	}
	e, err := row.event()
	if err != nil {
		return verdict{Decision: Decision{Status: Failed, Error: fault.From(err)}}
	}
	org, ok := a.For(e.OrganisationID)
	if !ok {
		return skipped("the trigger does not fire for the organisation any more: %s", a.WhyNot(e.OrganisationID))
	}
	if why := circle(e); why != "" {
		return skipped("%s", why)
	}
	facts, err := s.Organisations.Facts(ctx, org.ID)
	if err != nil {
		return failed(err)
	}
	return s.weigh(a, e, org, facts)
}

// weigh evaluates the trigger's condition, and what the run starts with.
func (s *Service) weigh(a *Active, e Event, org orgs.Organisation, facts orgs.Facts) verdict {
	t := a.Trigger
	scope := expr.Vars(maps.Clone(e.Data))
	scope["org"] = a.Workflow.Catalogue.Organisation(facts)
	at := expr.At{Now: s.Now()}
	if t.When != nil && !e.SkipWhen {
		holds, err := t.When.Bool(scope, at)
		if err != nil {
			return failed(err)
		}
		if !holds {
			return filtered(t.When, scope, at)
		}
	}
	req := &engine.Request{ID: s.NewID(), Workflow: a.Key.Workflow, Organisation: org, TriggerType: t.Type, TriggerName: t.Name,
		TriggerData: e.Data, Integrations: t.Integrations, Limits: limits(a, org), Causes: e.Causes}
	var err error
	if req.Inputs, err = evaluated(t.Inputs, "inputs", scope, at); err != nil {
		return failed(err)
	}
	req.Inputs = withForm(a, e, req.Inputs)
	if req.TriggerVars, err = evaluated(t.Vars, "vars", scope, at); err != nil {
		return failed(err)
	}
	return verdict{start: req}
}

// evaluated gives a trigger's inputs or vars. Secrets are refused: they would be stored with the run.
func evaluated(t *expr.Template, what string, scope expr.Scope, at expr.At) (map[string]any, error) {
	if t == nil {
		return nil, nil
	}
	v, err := t.Eval(scope, at)
	if err != nil {
		return nil, err
	}
	if expr.HasSecret(v) {
		return nil, fault.New(fault.Secret, "a secret cannot stand in the %s of a trigger: it would be stored with the run", what).
			WithHint("use org.vars in the workflow's tasks")
	}
	m, _ := v.(map[string]any)
	return m, nil
}

// withForm adds the fields of a form that are called like an input which the trigger does not give.
func withForm(a *Active, e Event, inputs map[string]any) map[string]any {
	form, ok := e.Data[formType].(map[string]any)
	if !ok || len(a.Trigger.Fields) == 0 {
		return inputs
	}
	all := maps.Clone(inputs)
	if all == nil {
		all = map[string]any{}
	}
	for _, f := range a.Trigger.Fields {
		_, given := all[f.Name]
		_, takes := a.Workflow.InputsType.Field(f.Name)
		if v, sent := form[f.Name]; sent && takes && !given {
			all[f.Name] = v
		}
	}
	return all
}

// limits are what `overlap` asks for: one run at a time of the trigger for the organisation.
func limits(a *Active, org orgs.Organisation) []engine.Limit {
	overlap, _ := a.Trigger.Settings["overlap"].(string)
	whenFull := map[string]engine.WhenFull{"skip": engine.Skip, "queue": engine.Queue, "cancel": engine.CancelRunning}[overlap]
	if whenFull == "" {
		return nil
	}
	return []engine.Limit{{Key: "trigger " + a.Key.Workflow + "\n" + a.Key.Trigger + "\n" + org.ID, Most: 1, WhenFull: whenFull}}
}

// circle says why an event must not start another run: its workflow is among those from whose ends it
// descends, or one of those has come round already.
func circle(e Event) string {
	chain := strings.Join(append(slices.Clone(e.Causes), e.Key.Workflow), " → ")
	if slices.Contains(e.Causes, e.Key.Workflow) {
		return "it would go in a circle: " + chain
	}
	for i, cause := range e.Causes {
		if slices.Contains(e.Causes[:i], cause) {
			return "it would go in a circle: " + chain
		}
	}
	if len(e.Causes) >= longestChain {
		return fmt.Sprintf("more than %d runs would follow from each other by completion triggers", longestChain)
	}
	return ""
}

// gone says that a trigger is no more.
func (b *Book) gone(k Key) error {
	if _, ok := b.workflows[k.Workflow]; !ok {
		return fault.New(fault.Missing, "the workflow %s is not there any more", k.Workflow).
			WithHint("bring it back, and fire the event again")
	}
	return fault.New(fault.Missing, "the workflow %s has no trigger %q any more", k.Workflow, k.Trigger).
		WithHint("bring it back, and fire the event again")
}
