package actions

import (
	"strings"

	"gantry/expr"
	"gantry/fault"
	"gantry/source"
)

// configRule finds a configuration whose parts are missing or contradict each other, before anything is sent.
type configRule struct {
	When          *expr.Program
	Message, Hint *expr.Template
	Warning       bool
}

func (f *folder) readConfigRules(n *source.Node) []configRule {
	items := f.listOf(n, "config_rules", "rules")
	if len(items) == 0 {
		return nil
	}
	env := expr.NewEnv(configVariable(f.integration.Config))
	var rules []configRule
	for _, item := range items {
		b := source.ReadFields(item, "rule of config_rules", f.ds)
		r := configRule{
			When:    f.condition(env, b.Required("when"), "when"),
			Message: f.text(env, b.Required("message"), "message"),
			Hint:    f.text(env, b.Node("hint"), "hint"),
			Warning: b.Bool("warning", false),
		}
		b.Close()
		if r.When != nil && r.Message != nil {
			rules = append(rules, r)
		}
	}
	return rules
}

// judgeConfig holds a normalised configuration against the rules: the first that refuses it, and all warnings.
func (i *Integration) judgeConfig(config map[string]any) (warnings []*fault.Error, refusal *fault.Error) {
	scope := expr.Vars{"config": i.configScope(config)}
	for _, r := range i.configRules {
		holds, err := r.When.Bool(scope, expr.At{})
		if err != nil || !holds {
			continue // a rule that cannot be evaluated on this configuration is not about it
		}
		e := fault.New(fault.InvalidInput, "%s: %s", i.Title, say(r.Message, scope, expr.At{})).WithHint("%s", say(r.Hint, scope, expr.At{}))
		if !r.Warning {
			return warnings, e
		}
		warnings = append(warnings, e)
	}
	return warnings, nil
}

// configScope is what templates see as config: every field there, and secrets as references.
func (i *Integration) configScope(config map[string]any) map[string]any {
	given := fillConfig(i.Config, config)
	for _, field := range i.Config {
		if field.Type.Kind == "secret" {
			given[field.Name] = expr.Secret{Organisation: instanceSecrets, Name: field.Name}
		}
	}
	return given
}

// Given is what somebody gave to configure an instance: fields one by one, or some of them as one line.
type Given struct {
	Config  map[string]any    // without secrets
	Secrets map[string]string // fields of type secret
	Line    string            // see OneLine; empty: none
	// Before and SecretsBefore are what an instance that is changed had; what is given takes their place.
	Before        map[string]any
	SecretsBefore map[string]string
}

// Configured is a configuration that can be saved. Secrets holds all of them, those from before included.
type Configured struct {
	Config   map[string]any
	Secrets  map[string]string
	Warnings []*fault.Error // what is odd and can be saved all the same
}

// Configure makes a configuration of what was given: the line taken apart, fields checked and completed,
// addresses in one form, contradictions found. Errors are fault.InvalidInput and show no secret.
func (i *Integration) Configure(g Given) (Configured, *fault.Error) {
	out := Configured{Config: map[string]any{}, Secrets: map[string]string{}}
	for name, v := range g.Before {
		out.Config[name] = v
	}
	for name, v := range g.SecretsBefore {
		out.Secrets[name] = v
	}
	if f := i.takeLine(&g, &out); f != nil {
		return out, f
	}
	for name, v := range g.Config {
		out.Config[name] = v
	}
	for name, v := range g.Secrets {
		out.Secrets[name] = v
	}
	config, f := i.complete(out)
	if f != nil {
		return out, f
	}
	if out.Config, f = i.NormaliseConfig(config); f != nil {
		return out, f
	}
	out.Warnings, f = i.judgeConfig(out.Config)
	return out, f
}

// takeLine adds the parts of a line. A field that is given by itself, too, must be given the same.
func (i *Integration) takeLine(g *Given, out *Configured) *fault.Error {
	if g.Line == "" {
		return nil
	}
	if i.OneLine == nil {
		return fault.New(fault.InvalidInput, "%s has no form of its configuration on one line", i.Title).WithHint("give the fields one by one")
	}
	parts, means, f := i.OneLine.Parse(g.Line)
	if f != nil {
		return f
	}
	for name, v := range means {
		out.Config[name] = v
	}
	for name, part := range parts {
		text, isText := g.Config[name].(string)
		secret, isSecret := g.Secrets[name]
		if isText && strings.TrimSpace(text) != part || isSecret && secret != part {
			return fault.New(fault.InvalidInput, "%s is given twice and differently: in the %s and by itself", i.fieldTitle(name), i.OneLine.title()).
				WithHint("give it once")
		}
		if i.isSecret(name) {
			out.Secrets[name] = part
		} else {
			out.Config[name] = part
		}
	}
	return nil
}

func (i *Integration) isSecret(name string) bool {
	for _, f := range i.Config {
		if f.Name == name {
			return f.Type.Kind == "secret"
		}
	}
	return false
}

// complete checks the fields against the set-up form and fills in defaults.
func (i *Integration) complete(c Configured) (map[string]any, *fault.Error) {
	all := map[string]any{}
	for name, v := range c.Config {
		if text, ok := v.(string); ok {
			if v = strings.TrimSpace(text); v == "" {
				continue // as good as not given
			}
		}
		all[name] = v
	}
	for name, v := range c.Secrets {
		all[name] = v
	}
	complete, problems := i.ConfigType().Complete(all)
	if len(problems) > 0 {
		said := make([]string, len(problems))
		for at, p := range problems {
			said[at] = p.String()
		}
		return nil, fault.New(fault.InvalidInput, "%s cannot be configured so: %s", i.Title, strings.Join(said, "; "))
	}
	config := map[string]any{}
	for name, v := range complete.(map[string]any) {
		if _, secret := c.Secrets[name]; !secret {
			config[name] = v
		}
	}
	return config, nil
}
