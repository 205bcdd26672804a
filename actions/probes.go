package actions

import (
	"gantry/expr"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// Probe is one call of the test of a configuration, and what it proves.
type Probe struct {
	Title    string // what works if it succeeds: "Read tickets"
	Action   string
	With     map[string]any
	Required bool   // without it the configuration is of no use
	Needs    string // the permission that it needs there, in the other system's words
	Hint     string // what to do when it is not allowed; the fault's own hint where empty
	Pos      source.Pos

	warnings []probeWarning
}

// probeWarning says what is odd about a result that came.
type probeWarning struct {
	When          *expr.Program
	Message, Hint *expr.Template
}

// readProbes reads `test`: the id of an action, or a list of probes.
func (f *folder) readProbes(n *source.Node) []Probe {
	switch {
	case n == nil:
		return nil
	case n.Kind == source.String:
		return []Probe{{Title: "Connect", Action: n.Value.(string), With: map[string]any{}, Required: true, Pos: n.Pos}}
	case n.Kind != source.List:
		source.WrongKind(f.ds, n, "test", "text, the id of an action, or a list of probes")
		return nil
	}
	env := expr.NewEnv(expr.Variable{Name: "result", Type: schema.Any()})
	var probes []Probe
	for _, item := range n.Items {
		probes = append(probes, f.readProbe(env, item))
	}
	return probes
}

func (f *folder) readProbe(env *expr.Env, n *source.Node) Probe {
	b := source.ReadFields(n, "probe of test", f.ds)
	b.Required("action")
	p := Probe{Title: b.Text("title"), Action: b.Text("action"), With: map[string]any{}, Required: b.Bool("required", true),
		Needs: b.Text("needs"), Hint: b.Text("hint"), Pos: n.Pos}
	if p.Title == "" {
		p.Title = p.Action
	}
	if with := b.Node("with"); with != nil {
		data, ok := with.Data().(map[string]any)
		if !ok {
			source.WrongKind(f.ds, with, "with", "a map of inputs")
		} else {
			p.With = data
		}
	}
	if warn := b.Node("warn"); warn != nil {
		p.warnings = f.readProbeWarnings(env, warn)
	}
	b.Close()
	return p
}

func (f *folder) readProbeWarnings(env *expr.Env, n *source.Node) []probeWarning {
	var all []probeWarning
	for _, item := range f.listOf(n, "warn", "{when, message, hint}") {
		b := source.ReadFields(item, "warning of a probe", f.ds)
		w := probeWarning{When: f.condition(env, b.Required("when"), "when"), Message: f.text(env, b.Required("message"), "message"),
			Hint: f.text(env, b.Node("hint"), "hint")}
		b.Close()
		if w.When != nil && w.Message != nil {
			all = append(all, w)
		}
	}
	return all
}

// Warnings gives what is odd about the result of the probe.
func (p *Probe) Warnings(result any) []*fault.Error {
	scope := expr.Vars{"result": result}
	var found []*fault.Error
	for _, w := range p.warnings {
		if holds, err := w.When.Bool(scope, expr.At{}); err == nil && holds {
			found = append(found, fault.New(fault.Failed, "%s", say(w.Message, scope, expr.At{})).WithHint("%s", say(w.Hint, scope, expr.At{})))
		}
	}
	return found
}

// checkProbes proves, once all actions are there, that probes name reads and give them what they take.
func (f *folder) checkProbes(probes []Probe) {
	for _, p := range probes {
		a := f.reference(p.Action, p.Pos)
		if a == nil {
			continue
		}
		f.fits(a, p.With, p.Pos)
		if a.EffectFor(p.With) != Read {
			f.ds.Errorf(p.Pos, "not-a-read", "%s changes something; a test only reads", p.Action)
		}
	}
}
