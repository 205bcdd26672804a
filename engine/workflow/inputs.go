package workflow

import (
	"fmt"
	"slices"

	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// given is a map of inputs on its way to something that declares them.
type given struct {
	to    string       // "halo.get_ticket"
	what  string       // what its fields are called: "input"
	key   string       // the key under which they stand: "with"
	type_ *schema.Type // closed object
	node  *source.Node // the map; nil: none
	env   *expr.Env    // in which its values are compiled
	value *expr.Template
	pos   source.Pos      // where a missing one is reported
	later bool            // missing ones may still be given
	also  map[string]bool // these are given in another way
}

// checkGiven checks inputs one by one against what is declared.
func (c *checker) checkGiven(g given) {
	has := map[string]bool{}
	if g.node != nil {
		for _, e := range g.node.Entries {
			has[c.checkEntry(g, e)] = true
		}
	}
	if g.later {
		return
	}
	for _, f := range g.type_.Fields {
		if f.Required && !f.Type.HasDefault && !has[f.Name] && !g.also[f.Name] {
			d := c.ds.Errorf(g.pos, "missing-input", "%s needs the %s %s (%s)", g.to, g.what, f.Name, f.Type)
			d.Hint, d.Missing = fmt.Sprintf("write %s: {%s: …}", g.key, f.Name), f.Name
			if f.Type.Description != "" {
				d.Hint += " — " + f.Type.Description
			}
		}
	}
	for _, group := range g.type_.OneOf {
		if !slices.ContainsFunc(group, func(name string) bool { return has[name] || g.also[name] }) {
			c.ds.Errorf(g.pos, "missing-input", "%s needs the %s %s", g.to, g.what, schema.EitherOf(group)).Hint =
				fmt.Sprintf("write %s: {%s: …}", g.key, group[0])
		}
	}
}

// checkEntry checks one input and gives the name that was meant, so that a slip of the pen is not
// reported a second time as a missing input.
func (c *checker) checkEntry(g given, e source.Entry) string {
	f, ok := g.type_.Field(e.Key)
	if !ok {
		known := g.type_.FieldNames()
		d := c.ds.Errorf(e.KeyPos, "unknown-input", "%s has no %s %q", g.to, g.what, e.Key)
		d.Meant(e.Key, known)
		if len(known) == 0 {
			d.Hint = "it takes none"
		}
		return source.Suggest(e.Key, known)
	}
	if f.Deprecated != "" {
		c.ds.Warnf(e.KeyPos, "deprecated-input", "the %s %s of %s is deprecated", g.what, f.Name, g.to).Hint = f.Deprecated
	}
	c.fits(e.Value, c.entryOf(g, e), f.Type, g.what+" "+e.Key)
	c.knownFields(e.Value, f.Type, g.what+" "+e.Key)
	return e.Key
}

// entryOf gives the compiled value of an entry. When another entry is wrong, the whole is not there, and
// the entry is compiled by itself, its own mistakes having been reported.
func (c *checker) entryOf(g given, e source.Entry) *expr.Template {
	if g.value != nil {
		return g.value.Field(e.Key)
	}
	t, _ := g.env.CompileTemplate(e.Value)
	return t
}

// fits checks a value against the type that is wanted: constants strictly, expressions by their type,
// lists and maps part by part.
func (c *checker) fits(n *source.Node, t *expr.Template, want *schema.Type, what string) {
	if t == nil || want == nil {
		return
	}
	if v, static := t.Static(); static {
		c.fitsConstant(n, v, want, what)
		return
	}
	switch {
	case n.Kind == source.Map && want.Kind == schema.KindObject && (len(want.Fields) > 0 || !want.Open):
		c.fitsObject(n, t, want, what)
	case n.Kind == source.Map && want.Kind == schema.KindMap:
		for _, e := range n.Entries {
			c.fits(e.Value, t.Field(e.Key), want.Element(), what+"."+e.Key)
		}
	case n.Kind == source.List && want.Kind == schema.KindList:
		for i, item := range n.Items {
			c.fits(item, t.Items()[i], want.Element(), fmt.Sprintf("%s[%d]", what, i))
		}
	default:
		c.fitsType(n, t, want, what)
	}
}

func (c *checker) fitsConstant(n *source.Node, v any, want *schema.Type, what string) {
	for _, p := range want.Check(v) {
		path := p.Path
		if path != "" && path[0] != '[' {
			path = "." + path
		}
		c.ds.Errorf(schema.Locate(n, p), "wrong-input", "%s%s %s", what, path, p.Message).Offer(p.Word, p.Meant)
	}
	if want.Kind == schema.KindSecret && v != nil && v != "" {
		c.ds.Warnf(n.Pos, "secret-in-file", "%s is a secret and stands in the file in the clear", what).
			Hint = "keep it as an organisation's variable of type secret: ${{ org.vars.NAME }}"
	}
}

func (c *checker) fitsObject(n *source.Node, t *expr.Template, want *schema.Type, what string) {
	has := map[string]bool{}
	for _, e := range n.Entries {
		f, ok := want.Field(e.Key)
		switch {
		case ok:
			has[e.Key] = true
			c.fits(e.Value, t.Field(e.Key), f.Type, what+"."+e.Key)
		case !want.Open:
			c.ds.Errorf(e.KeyPos, "unknown-input", "%s has no field %q", what, e.Key).Meant(e.Key, want.FieldNames())
			has[source.Suggest(e.Key, want.FieldNames())] = true
		}
	}
	for _, f := range want.Fields {
		if f.Required && !f.Type.HasDefault && !has[f.Name] {
			c.ds.Errorf(n.Pos, "missing-input", "%s needs the field %s (%s)", what, f.Name, f.Type).Missing = f.Name
		}
	}
}

func (c *checker) fitsType(n *source.Node, t *expr.Template, want *schema.Type, what string) {
	have := t.Type()
	ok, why := schema.AssignableTo(have, want)
	if ok {
		return
	}
	pos := valuePos(n, t)
	if ok, _ = schema.AssignableTo(have.AsPresent(), want); ok {
		c.ds.Warnf(pos, "may-be-null", "%s may be null here, and null is not allowed", what).Hint =
			"go another way when it is (a transition's `when`), or say what then (x != null ? x : …); a null fails the task before anything is sent"
		return
	}
	d := c.ds.Errorf(pos, "wrong-input", "%s %s", what, why)
	if want.Kind == schema.KindString && (have.Kind == schema.KindInteger || have.Kind == schema.KindNumber || have.Kind == schema.KindBoolean) {
		d.Hint = "string(…) makes text of it"
	}
	if n.Kind == source.String && have.Kind == schema.KindString && want.Kind != schema.KindString {
		d.Hint = "text around ${{ }} makes it text; write the ${{ }} alone to keep the type of its value"
		if whole(t) {
			d.Hint = conversionHint(want)
		}
	}
}

func conversionHint(want *schema.Type) string {
	switch want.Kind {
	case schema.KindInteger:
		return "int(…) makes a whole number of text"
	case schema.KindNumber:
		return "double(…) makes a number of text"
	case schema.KindBoolean:
		return "compare it, for example: … == 'yes'"
	}
	return ""
}

// whole tells whether the value is one single expression, and valuePos where what is meant begins.
func whole(t *expr.Template) bool {
	n := 0
	t.Each(func(*expr.Program) { n++ })
	return n == 1 && t.Type() != nil && isWholeText(t)
}

func isWholeText(t *expr.Template) bool {
	same := false
	t.Each(func(p *expr.Program) { same = p.Type() == t.Type() })
	return same
}

func valuePos(n *source.Node, t *expr.Template) source.Pos {
	pos := n.Pos
	if n.Kind == source.String && whole(t) {
		t.Each(func(p *expr.Program) { pos = p.Pos() })
	}
	return pos
}
