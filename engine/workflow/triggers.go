package workflow

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// triggerCheck is one trigger while it is checked.
type triggerCheck struct {
	*checker
	node     *TriggerNode
	trigger  *Trigger
	settings map[string]any
	event    []expr.Variable
	env      *expr.Env // of when, inputs and vars

	presetWhen   *source.Node // the condition of the webhook preset that is named; nil: none
	presetBroken bool         // one is named that there is not, so that nothing is known of what it would say
}

func (c *checker) compileTriggers() {
	for _, n := range c.def.Triggers {
		if n.Type == nil {
			continue
		}
		t := &Trigger{
			Name: n.Name, Type: n.Type.Name, Enabled: n.Enabled, RunFor: n.RunFor, Pos: n.Pos, Integrations: c.overrides(n.Integrations),
		}
		c.wf.Triggers = append(c.wf.Triggers, t)
		tc := &triggerCheck{checker: c, node: n, trigger: t, event: slices.Clone(n.Type.Event)}
		c.triggers = append(c.triggers, tc)
		tc.run()
	}
}

func (t *triggerCheck) run() {
	t.withPreset()
	t.readSettings()
	if t.node.Type.check != nil {
		t.node.Type.check(t)
	}
	t.trigger.Settings = t.settings
	env := expr.NewEnv(append(t.event, expr.Variable{Name: "org", Type: t.org})...)
	t.env = env
	t.trigger.When = t.condition(env)
	if t.node.Inputs != nil {
		t.trigger.Inputs = t.see(env, t.node.Inputs)
		t.noSecret(t.trigger.Inputs, "in a trigger")
	}
	t.checkGiven(given{
		to: "this workflow", what: "input", key: "inputs", type_: t.wf.InputsType, node: t.node.Inputs, env: env,
		value: t.trigger.Inputs, pos: t.node.Pos, later: t.node.Type.ByHand, also: t.formInputs(),
	})
	t.checkVars(env)
}

// readSettings checks the type's own keys by their declarations and fills in defaults.
func (t *triggerCheck) readSettings() {
	data := map[string]any{}
	typ := schema.Object("", t.node.Type.Settings...)
	for _, e := range t.node.Settings.Entries {
		if _, own := typ.Field(e.Key); own {
			data[e.Key] = t.constant(e)
		}
	}
	short := shortSettings(t.node.Type.Name, data)
	v, problems := typ.Complete(data)
	for _, p := range problems {
		if t.presetBroken && p.Path == "verify" {
			continue // it would have said
		}
		if misspelt(t.node.Settings, p.Path, append(triggerKeys.names(), t.node.Type.names()...)) {
			continue // which has been reported
		}
		pos := schema.Locate(t.node.Settings, p)
		if p.Path == "" || !strings.ContainsAny(p.Path, ".[") && t.node.Settings.Lookup(p.Path) == nil {
			pos = t.node.Pos
		}
		d := t.ds.Errorf(pos, "wrong-setting", "%s", strings.TrimSpace(p.Path+" "+p.Message))
		d.Offer(p.Word, p.Meant)
		if f, ok := typ.Field(strings.SplitN(p.Path, ".", 2)[0]); ok {
			d.Hint = f.Type.Description
		}
	}
	t.settings, _ = v.(map[string]any)
	if t.settings == nil || len(problems) > 0 {
		t.settings = withDefaults(typ, data)
	}
	maps.Copy(t.settings, short)
}

// withDefaults goes on with wrong settings, so that what follows from them is not reported as well.
func withDefaults(typ *schema.Type, data map[string]any) map[string]any {
	m := maps.Clone(data)
	for _, f := range typ.Fields {
		if _, given := m[f.Name]; !given && f.Type.HasDefault {
			m[f.Name] = f.Type.Default
		}
	}
	return m
}

// constant gives a setting's value; only a poll's `with` and a webhook's response are evaluated later.
func (t *triggerCheck) constant(e source.Entry) any {
	if e.Key != "with" && e.Key != "fields" && e.Key != "response" {
		t.refuseTemplates(e.Value, e.Key)
	}
	return e.Value.Data()
}

func (t *triggerCheck) refuseTemplates(n *source.Node, key string) {
	if text, ok := n.Value.(string); ok && strings.Contains(text, "${{") {
		t.ds.Errorf(n.Pos, "not-constant", "%s of a trigger must be written out, not an expression", key).
			Hint = "when, inputs and vars of a trigger take expressions"
	}
	for _, item := range n.Items {
		t.refuseTemplates(item, key)
	}
	for _, e := range n.Entries {
		t.refuseTemplates(e.Value, key)
	}
}

// shortSettings takes out the words that stand for whole settings.
func shortSettings(typ string, data map[string]any) map[string]any {
	if typ != "webhook" {
		return nil
	}
	return webhookWords(data)
}

// formInputs are the inputs that a form's fields give.
func (t *triggerCheck) formInputs() map[string]bool {
	given := map[string]bool{}
	for _, f := range t.trigger.Fields {
		given[f.Name] = true
	}
	return given
}

// checkVars checks the values by which a trigger replaces those of the workflow.
func (t *triggerCheck) checkVars(env *expr.Env) {
	n := t.node.Vars
	if n == nil {
		return
	}
	t.trigger.Vars = t.see(env, n)
	t.noSecret(t.trigger.Vars, "in vars")
	declared := anyFields(t.def.Vars.Data())
	if t.wf.Vars != nil {
		declared = t.wf.Vars.Type()
	}
	for _, e := range n.Entries {
		f, ok := declared.Field(e.Key)
		if !ok {
			d := t.ds.Errorf(e.KeyPos, "unknown-variable", "the workflow has no variable %q", e.Key)
			d.Meant(e.Key, declared.FieldNames())
			if len(declared.Fields) == 0 {
				d.Hint = fmt.Sprintf("declare it with a value of its own: vars: {%s: …}", e.Key)
			}
			continue
		}
		if t.trigger.Vars != nil {
			t.fits(e.Value, t.trigger.Vars.Field(e.Key), f.Type, "variable "+e.Key)
		}
	}
}

// at is where a setting stands.
func (t *triggerCheck) at(key string) source.Pos {
	if n := t.node.Settings.Lookup(key); n != nil {
		return n.Pos
	}
	return t.node.Pos
}

func (t *triggerCheck) text(key string) string {
	text, _ := t.settings[key].(string)
	return text
}
