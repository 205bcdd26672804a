package workflow

import (
	"time"

	"gantry/actions"
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

func pollTrigger() *triggerType {
	return &triggerType{
		Name: "poll",
		Doc:  "Calls an action again and again and starts a run for each entity that is new.",
		Settings: []schema.Field{
			needed(setting("action", "A reading action that gives a list.", schema.String())),
			setting("with", "The action's inputs; cursor is the highest cursor seen so far, null at first.", schema.MapOf(nil)),
			needed(setting("every", "How often it is called, such as 1m.", formatted("duration"))),
			withDefault(setting("key", "The entity's field that tells one from another.", schema.String()), "id"),
			setting("cursor", "The entity's field that grows, by which new ones are asked for.", schema.String()),
		},
		Event: []expr.Variable{{Name: "entity", Type: schema.Any()}},
		check: (*triggerCheck).poll,
	}
}

func (t *triggerCheck) poll() {
	t.lasts("every", time.Second)
	n := t.node.Settings.Lookup("action")
	id := t.text("action")
	if n == nil || id == "" {
		return
	}
	a, ok := t.world.Catalogue.Action(id)
	if !ok {
		t.ds.Errorf(n.Pos, "unknown-action", "there is no action %q", id).Hint = actionHint(id, t.world.Catalogue.ActionIDs())
		return
	}
	if a.Effect != actions.Read {
		t.ds.Errorf(n.Pos, "not-a-read", "%s changes something; a poll only reads", id)
		return
	}
	t.trigger.Action = a
	t.pollEntity(a, n)
	with := t.node.Settings.Lookup("with")
	delete(t.settings, "with")
	if with != nil && with.Kind != source.Map {
		return // reported
	}
	env := expr.NewEnv(expr.Variable{Name: "org", Type: t.org}, expr.Variable{Name: "cursor", Type: schema.Any()})
	t.trigger.With = t.see(env, with)
	t.checkGiven(given{to: id, what: "input", key: "with", type_: a.InputType(), node: with, env: env, value: t.trigger.With, pos: n.Pos})
}

// pollEntity types the event and checks the fields that tell entities apart.
func (t *triggerCheck) pollEntity(a *actions.Action, n *source.Node) {
	if a.Result == nil || a.Result.Kind != schema.KindList {
		if a.Result != nil && a.Result.Kind != schema.KindAny {
			t.ds.Errorf(n.Pos, "not-a-list", "%s does not give a list", a.ID).Hint = "choose an action that lists entities"
		}
		return
	}
	entity := a.Result.Element()
	t.event = []expr.Variable{{Name: "entity", Type: entity}}
	if entity.Kind != schema.KindObject || entity.Open && len(entity.Fields) == 0 {
		return
	}
	for _, key := range []string{"key", "cursor"} {
		name := t.text(key)
		if _, ok := entity.Field(name); name != "" && !ok {
			t.ds.Errorf(t.at(key), "unknown-field", "%s has no field %q", entity, name).Hint = source.DidYouMean(name, entity.FieldNames())
		}
	}
}
