package expr

import (
	"strings"

	"gantry/schema"
	"gantry/source"
)

// Template is a YAML value with expressions in its texts. It may be evaluated by many goroutines at once.
type Template struct {
	node  *source.Node
	typ   *schema.Type
	value any // of a template without expressions, which is made once

	program *Program    // a text that is one whole `${{ }}`
	parts   []part      // a text with expressions in it
	items   []*Template // a list
	names   []string    // a map: its keys in file order, and their values in items
	static  bool
}

// part is a piece of an interpolated text: a literal, or an expression.
type part struct {
	literal string
	program *Program
}

// CompileTemplate checks a YAML value of any kind. Diagnostics name the places of all its mistakes.
func (e *Env) CompileTemplate(n *source.Node) (*Template, source.Diagnostics) {
	c := &templateCompiler{env: e}
	t := c.compile(n)
	if c.ds.HasErrors() {
		return nil, c.ds
	}
	return t, c.ds
}

type templateCompiler struct {
	env *Env
	ds  source.Diagnostics
}

func (c *templateCompiler) compile(n *source.Node) *Template {
	if n == nil {
		n = source.FromData(nil)
	}
	switch n.Kind {
	case source.String:
		return c.text(n)
	case source.List:
		return c.list(n)
	case source.Map:
		return c.mapping(n)
	default:
		return constant(n, n.Value)
	}
}

func constant(n *source.Node, value any) *Template {
	return &Template{node: n, value: value, static: true, typ: typeOfConstant(value)}
}

func typeOfConstant(v any) *schema.Type {
	switch v.(type) {
	case bool:
		return schema.Boolean()
	case int64:
		return schema.Integer()
	case float64:
		return schema.Number()
	case string:
		return schema.String()
	default:
		return schema.Null()
	}
}

func (c *templateCompiler) text(n *source.Node) *Template {
	text := n.Value.(string)
	pieces, problem := scan(text)
	if problem != nil {
		c.ds.Errorf(n.At(problem.offset), problem.code, "%s", problem.message).Hint = problem.hint
		return constant(n, text)
	}
	if code, ok := wholeCode(pieces); ok {
		p, ds := c.env.compile(n, code.start, code.source)
		c.ds.Add(ds...)
		if p == nil {
			return constant(n, text)
		}
		return &Template{node: n, program: p, typ: p.Type()}
	}
	return c.mixed(n, pieces)
}

func (c *templateCompiler) mixed(n *source.Node, pieces []piece) *Template {
	t := &Template{node: n, typ: schema.String(), static: true}
	var literal strings.Builder
	for _, p := range pieces {
		if !p.isCode {
			literal.WriteString(p.literal)
			t.parts = append(t.parts, part{literal: p.literal})
			continue
		}
		t.static = false
		program, ds := c.env.compile(n, p.start, p.source)
		c.ds.Add(ds...)
		if program != nil {
			c.checkInText(program)
		}
		t.parts = append(t.parts, part{program: program})
	}
	if t.static {
		c.lookForJinja(n, literal.String())
		return constant(n, literal.String())
	}
	return t
}

// checkInText refuses what could only fail when the text is made.
func (c *templateCompiler) checkInText(p *Program) {
	if p.Type() != nil && p.Type().Kind == schema.KindNull {
		c.ds.Errorf(p.Pos(), "null-in-text", "null cannot stand in text")
	}
}

// lookForJinja warns of what was an expression in Rewst and is plain text here.
func (c *templateCompiler) lookForJinja(n *source.Node, text string) {
	at := strings.Index(text, "{{")
	if at < 0 || strings.Contains(n.Value.(string), escaped) {
		return
	}
	word, ok := nextToken(text, at+2)
	if !ok || word.kind != wordToken {
		return
	}
	name := word.of(text)
	_, jinja := rewstNames[name]
	if _, known := c.env.variable(name); jinja || known {
		c.ds.Warnf(n.At(at), "jinja-template", "`{{ … }}` is plain text here").Hint =
			"write ${{ … }} for an expression"
	}
}

func (c *templateCompiler) list(n *source.Node) *Template {
	t := &Template{node: n, static: true}
	var items *schema.Type
	for _, item := range n.Items {
		sub := c.compile(item)
		t.items = append(t.items, sub)
		t.static = t.static && sub.static
		if items == nil {
			items = sub.typ
		} else {
			items = schema.Join(items, sub.typ)
		}
	}
	if items == nil {
		items = schema.Any()
	}
	t.typ = schema.ListOf(items)
	if t.static {
		t.value = n.Data()
	}
	return t.settle()
}

func (c *templateCompiler) mapping(n *source.Node) *Template {
	t := &Template{node: n, static: true}
	fields := make([]schema.Field, 0, len(n.Entries))
	for _, entry := range n.Entries {
		if strings.Contains(entry.Key, "${{") {
			c.ds.Errorf(entry.KeyPos, "expression-key", "an expression cannot stand in a key").Hint =
				"write the whole map as one expression, such as ${{ {vars.name: 'x'} }}"
		}
		sub := c.compile(entry.Value)
		t.names = append(t.names, entry.Key)
		t.items = append(t.items, sub)
		t.static = t.static && sub.static
		fields = append(fields, schema.Field{Name: entry.Key, Type: sub.typ, Required: true})
	}
	t.typ = schema.Object("", fields...)
	return t.settle()
}

// settle makes the value of a list or map without expressions, once.
func (t *Template) settle() *Template {
	if t.static {
		t.value, _ = t.build(func(sub *Template) (any, error) { return sub.value, nil })
	}
	return t
}

func (t *Template) build(value func(*Template) (any, error)) (any, error) {
	if t.node.Kind == source.Map {
		m := make(map[string]any, len(t.items))
		for i, sub := range t.items {
			v, err := value(sub)
			if err != nil {
				return nil, err
			}
			m[t.names[i]] = v
		}
		return m, nil
	}
	list := make([]any, len(t.items))
	for i, sub := range t.items {
		v, err := value(sub)
		if err != nil {
			return nil, err
		}
		list[i] = v
	}
	return list, nil
}

// Eval gives the value: JSON data in which a Secret or Text may stand. An error is a *fault.Error of code
// expression whose message begins with file:line:column. Values must not be changed.
func (t *Template) Eval(s Scope, at At) (any, error) {
	switch {
	case t.static:
		return t.value, nil
	case t.program != nil:
		return t.program.Eval(s, at)
	case t.parts != nil:
		return t.interpolate(s, at)
	default:
		return t.build(func(sub *Template) (any, error) { return sub.Eval(s, at) })
	}
}

// Type is the type of the value, as far as it is known before the run.
func (t *Template) Type() *schema.Type { return t.typ }

// Pos is where the value begins in its file.
func (t *Template) Pos() source.Pos { return t.node.Pos }

// Static gives the value of a template that has no expressions.
func (t *Template) Static() (any, bool) { return t.value, t.static }

// Each visits every expression, in file order.
func (t *Template) Each(visit func(*Program)) {
	if t.program != nil {
		visit(t.program)
	}
	for _, p := range t.parts {
		if p.program != nil {
			visit(p.program)
		}
	}
	for _, sub := range t.items {
		sub.Each(visit)
	}
}

// References lists the uses of variables in all expressions, in file order.
func (t *Template) References() []Reference {
	var refs []Reference
	t.Each(func(p *Program) { refs = append(refs, p.References()...) })
	return refs
}

// HasSecret tells whether the value holds a secret by its type: it may then only be handed to an action.
// A secret inside a value of unknown type is found at run time only, by the function HasSecret.
func (t *Template) HasSecret() bool {
	found := false
	t.Each(func(p *Program) { found = found || holdsSecretType(p.Type(), 0) })
	return found
}

func holdsSecretType(t *schema.Type, depth int) bool {
	if t == nil || depth > 8 {
		return false
	}
	if t.Kind == schema.KindSecret || holdsSecretType(t.Items, depth+1) {
		return true
	}
	for _, f := range t.Fields {
		if holdsSecretType(f.Type, depth+1) {
			return true
		}
	}
	return false
}

// Field gives the template of one entry of a map template, nil if it has none of that name.
func (t *Template) Field(name string) *Template {
	for i, n := range t.names {
		if n == name {
			return t.items[i]
		}
	}
	return nil
}

// Names lists the entries of a map template in file order.
func (t *Template) Names() []string { return t.names }

// Items lists the entries of a list template, and the values of a map template in the order of Names.
func (t *Template) Items() []*Template { return t.items }
