package workflow

import (
	"time"
	_ "time/tzdata" // schedules mean the same on machines without a time zone database

	"gantry/actions"
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

func (t *triggerCheck) schedule() {
	if cron := t.text("cron"); cron != "" {
		if problem := checkCron(cron); problem != "" {
			t.ds.Errorf(t.at("cron"), "bad-cron", "this is no schedule: %s", problem).
				Hint = "minute hour day month weekday, such as 0 8 * * mon-fri for 8:00 on workdays"
		}
	}
	zone := t.text("timezone")
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		t.ds.Errorf(t.at("timezone"), "bad-timezone", "there is no time zone %q", zone).Hint = "write it as Europe/London, America/New_York or UTC"
	}
	t.lasts("jitter", 0)
}

func (t *triggerCheck) interval() { t.lasts("every", time.Second) }

// lasts checks a duration that is at least so long. What is no duration at all has been reported.
func (t *triggerCheck) lasts(key string, least time.Duration) {
	d, err := schema.ParseDuration(t.text(key))
	if err == nil && d < least {
		t.ds.Errorf(t.at(key), "out-of-range", "%s must be at least %s", key, schema.FormatDuration(least))
	}
}

func (t *triggerCheck) webhook() {
	t.lasts("wait", 0)
	verify, _ := t.settings["verify"].(map[string]any)
	if t.node.Settings.Lookup("verify") != nil && verify != nil && len(verify) != 1 {
		t.ds.Errorf(t.at("verify"), "bad-verify", "verify must be one of none, secret_header, basic or hmac").
			Hint = "write verify: {hmac: {header: X-Signature, secret: NAME}}, or verify: none to accept everybody who knows the address"
		return
	}
	for way, v := range verify {
		m, _ := v.(map[string]any)
		if name, ok := m["secret"].(string); ok {
			t.checkSecretName(name, t.node.Settings.Lookup("verify").Lookup(way).Lookup("secret"))
		}
	}
	if by, _ := t.settings["dedupe"].(map[string]any); by["by"] == "header" && by["header"] == nil {
		t.ds.Errorf(t.at("dedupe"), "missing-key", "dedupe by header needs header").Hint = "write dedupe: {by: header, header: X-Delivery-Id}"
	}
}

// checkSecretName checks the name of the variable that holds a webhook's secret.
func (t *triggerCheck) checkSecretName(name string, n *source.Node) {
	for _, f := range t.world.OrgVars {
		if f.Name != name {
			continue
		}
		if f.Type.Kind != schema.KindSecret {
			t.ds.Errorf(n.Pos, "not-a-secret", "the variable %s is not a secret, it is %s", name, f.Type).Hint = "set it anew with the type secret"
		}
		return
	}
	if t.world.OrgVarsKnown {
		var known []string
		for _, f := range t.world.OrgVars {
			known = append(known, f.Name)
		}
		t.ds.Warnf(n.Pos, "org-variable", "not every organisation has the variable %s", name).Hint = source.DidYouMean(name, known)
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

func (t *triggerCheck) completion() {
	n := t.node.Settings.Lookup("workflow")
	if n == nil || n.Kind != source.String {
		return
	}
	if n.Value == t.def.ID {
		t.ds.Errorf(n.Pos, "calls-itself", "this workflow would start itself again each time it ends").Hint = "name another workflow"
		return
	}
	if sig := t.signature(n); sig != nil && sig.Output != nil {
		t.event = []expr.Variable{{Name: "completed", Type: completedRunType(sig.Output)}}
	}
}
