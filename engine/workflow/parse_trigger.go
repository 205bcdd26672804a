package workflow

import (
	"fmt"
	"slices"

	"gantry/orgs"
	"gantry/source"
)

func (p *parser) triggers(n *source.Node) {
	if n == nil || n.Kind == source.Null {
		return
	}
	if n.Kind != source.List {
		source.WrongKind(&p.ds, n, "triggers", "a list of triggers").Hint = "begin each trigger with a dash: - type: webhook"
		return
	}
	seen := map[string]bool{}
	for i, item := range n.Items {
		t := p.trigger(i, item)
		if t == nil {
			continue
		}
		if seen[t.Name] {
			p.ds.Errorf(t.Pos, "named-twice", "two triggers are called %q", t.Name).Hint = "give each trigger a name of its own with name:"
			continue
		}
		seen[t.Name] = true
		p.def.Triggers = append(p.def.Triggers, t)
	}
}

func (p *parser) trigger(i int, n *source.Node) *TriggerNode {
	what := fmt.Sprintf("trigger %d", i+1)
	if name, ok := n.Lookup("name").Data().(string); ok {
		what = fmt.Sprintf("trigger %q", name)
	}
	typ := p.triggerType(n)
	var own []string
	if typ != nil {
		own = typ.names()
	} else {
		own = everyTriggerKey()
	}
	r, ok := read(n, &triggerKeys, what, &p.ds, own...)
	if !ok {
		return nil
	}
	t := &TriggerNode{Name: r.text("name"), Pos: n.Pos, Type: typ, Settings: n, When: r.value("when"), Enabled: r.flag("enabled", true)}
	if t.Name == "" && typ != nil {
		t.Name = typ.Name
	}
	t.Inputs, t.Vars = p.mapOf(r, "inputs"), p.mapOf(r, "vars")
	t.RunFor = p.runFor(r.value("run_for"))
	t.Integrations = p.overrides(r)
	return t
}

func (p *parser) triggerType(n *source.Node) *triggerType {
	typ := n.Lookup("type")
	if typ == nil {
		return nil // read reports that it is missing
	}
	name, ok := typ.Value.(string)
	if !ok {
		source.WrongKind(&p.ds, typ, "type", "text")
		return nil
	}
	if t := triggerTypeOf(name); t != nil {
		return t
	}
	known := triggerTypeNames()
	p.ds.Errorf(typ.Pos, "unknown-trigger", "there is no trigger type %q", name).Meant(name, known)
	return triggerTypeOf(source.Suggest(name, known))
}

func (p *parser) runFor(n *source.Node) RunFor {
	if n == nil {
		return RunFor{This: true}
	}
	r, ok := read(n, &runForKeys, "run_for", &p.ds)
	if !ok {
		return RunFor{This: true}
	}
	f := RunFor{This: r.flag("this", false), AllManaged: r.flag("all_managed", false)}
	for _, slug := range r.texts("organisations") {
		if _, err := orgs.ParseSlug(slug.Value.(string)); err != nil {
			p.ds.Errorf(slug.Pos, "bad-slug", "%q cannot be an organisation's slug", slug.Value).Hint = "gantry orgs list shows them, such as northwind-dental"
			continue
		}
		f.Organisations = append(f.Organisations, slug.Value.(string))
	}
	for _, tag := range r.texts("tags") {
		f.Tags = append(f.Tags, tag.Value.(string))
	}
	if !f.This && !f.AllManaged && len(f.Organisations) == 0 && len(f.Tags) == 0 && !p.ds.HasErrors() {
		p.ds.Warnf(n.Pos, "runs-for-nobody", "this trigger runs for no organisation").
			Hint = "write this: true, all_managed: true, organisations: [slug] or tags: [tag]"
	}
	return f
}

func (p *parser) overrides(r reader) []OverrideNode {
	n := r.value("integrations")
	if n == nil || n.Kind == source.Null {
		return nil
	}
	if n.Kind != source.Map {
		source.WrongKind(&p.ds, n, "integrations", "a map of integration ids to overrides").Hint = "write integrations: {halo: {use: default}}"
		return nil
	}
	var list []OverrideNode
	for _, e := range n.Entries {
		if o := p.override(e.Value, e.Key); o != nil {
			list = append(list, OverrideNode{Integration: e.Key, Pos: e.KeyPos, Override: o})
		}
	}
	return list
}

// override reads {use, name, fallback}, its short forms {instance: X} and {search: X}, and the words
// alone.
func (p *parser) override(n *source.Node, what string) *orgs.Override {
	if n.Kind == source.String {
		return p.overrideWord(n, what)
	}
	r, ok := read(n, &overrideKeys, "the override of "+what, &p.ds)
	if !ok {
		return nil
	}
	o := &orgs.Override{Use: r.text("use"), Name: r.text("name"), Fallback: r.text("fallback")}
	if o.Fallback == "" {
		o.Fallback = orgs.FallbackFailTask // another instance than the one meant is another customer's data
	}
	for _, short := range []string{"instance", "search"} {
		text := r.textNode(short)
		if text == nil {
			continue
		}
		if o.Use != "" && o.Use != short || o.Name != "" {
			p.ds.Errorf(text.Pos, "two-choices", "%s cannot stand beside use: %s", short, o.Use).Hint = "keep one of them"
			return nil
		}
		o.Use, o.Name = short, text.Value.(string)
	}
	return p.complete(o, n, r)
}

func (p *parser) complete(o *orgs.Override, n *source.Node, r reader) *orgs.Override {
	switch {
	case o.Use == "" && r.value("use") == nil && r.value("instance") == nil && r.value("search") == nil:
		p.ds.Errorf(n.Pos, "missing-key", "an override needs use").Hint = "use is default, instance, search or mapping"
		return nil
	case o.Use == "":
		return nil // reported
	case (o.Use == "instance" || o.Use == "search") && o.Name == "":
		if r.value("name") == nil {
			p.ds.Errorf(n.Pos, "missing-key", "use: %s needs name", o.Use).Hint = "write {" + o.Use + ": NAME}"
		}
		return nil
	case (o.Use == "default" || o.Use == "mapping") && o.Name != "":
		p.ds.Errorf(r.value("name").Pos, "unknown-key", "use: %s takes no name", o.Use).Hint = "to choose by name write {instance: " + o.Name + "}"
		return nil
	}
	return o
}

func (p *parser) overrideWord(n *source.Node, what string) *orgs.Override {
	word := n.Value.(string)
	if !slices.Contains([]string{"default", "mapping"}, word) {
		d := p.ds.Errorf(n.Pos, "unknown-word", "%s must be default, mapping or a map, not %q", what, word)
		d.Hint = fmt.Sprintf("to choose an instance by its name write {instance: %s}", word)
		return nil
	}
	return &orgs.Override{Use: word, Fallback: orgs.FallbackFailTask}
}
