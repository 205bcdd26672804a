package expr

import (
	"strings"
	"testing"

	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// TestWith: the innermost declaration of a name holds, and outer environments do not change.
func TestWith(t *testing.T) {
	outer := NewEnv(Variable{"x", schema.Integer()}, Variable{"y", schema.String()})
	inner := outer.With(Variable{"x", schema.String()}, Variable{"z", schema.Boolean()}).With(Variable{"z", schema.Integer()})
	for _, c := range []struct {
		env        *Env
		expression string
		fits       bool
	}{
		{outer, "x + 1", true}, {outer, "x + y", false}, {outer, "z", false},
		{inner, "x + y", true}, {inner, "x + 1", false}, {inner, "z + 1", true}, {inner, "now.weekday() + x", true},
	} {
		if _, ds := CompileText(c.env, c.expression); ds.HasErrors() == c.fits {
			t.Errorf("%s: %v", c.expression, ds)
		}
	}
	if outer.With() != outer {
		t.Error("With of nothing should cost nothing")
	}
}

// TestCompileNodes: a condition may be a literal boolean; other kinds of YAML are refused in words.
func TestCompileNodes(t *testing.T) {
	env := NewEnv()
	for _, value := range []bool{true, false} {
		p, ds := env.Compile(source.FromData(value))
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		if got, err := p.Bool(nil, At{}); got != value || err != nil {
			t.Error(got, err)
		}
	}
	for _, value := range []any{nil, int64(5), 1.5, []any{}, map[string]any{}, "", "  "} {
		if p, ds := env.Compile(source.FromData(value)); p != nil || !ds.HasErrors() {
			t.Errorf("%v: %v", value, ds)
		}
	}
	if _, ds := env.Compile(nil); !ds.HasErrors() {
		t.Error("no node is no expression")
	}
	if template, ds := env.CompileTemplate(nil); ds.HasErrors() {
		t.Error(ds)
	} else if v, ok := template.Static(); v != nil || !ok {
		t.Error("no node is null")
	}
}

// TestBool: a condition that is not true or false fails with a hint.
func TestBool(t *testing.T) {
	p, ds := CompileText(NewEnv(Variable{"x", schema.Any()}), "x")
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	for _, v := range []any{nil, "yes", int64(1), []any{}} {
		_, err := p.Bool(Vars{"x": v}, At{})
		if f := fault.From(err); f.Code != fault.Expression || f.Hint == "" {
			t.Errorf("%v: %v", v, err)
		}
	}
	if got, err := p.Bool(Vars{"x": true}, At{}); !got || err != nil {
		t.Error(got, err)
	}
}

// TestTemplateParts: callers can take a map template apart, type and evaluate its entries one by one.
func TestTemplateParts(t *testing.T) {
	n, ds := source.Parse("w.yaml", []byte("b: ${{ n }}\na: x ${{ n }} ${{ n + 1 }}\nc: [1]\n"))
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	template, ds := NewEnv(Variable{"n", schema.Integer()}).CompileTemplate(n)
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	if got := strings.Join(template.Names(), " "); got != "b a c" {
		t.Error(got)
	}
	b := template.Field("b")
	if v, err := b.Eval(Vars{"n": int64(5)}, At{}); v != int64(5) || err != nil || b.Type().Kind != schema.KindInteger {
		t.Error(v, err)
	}
	if _, static := template.Field("c").Static(); !static || template.Field("nothing") != nil {
		t.Error("c is static, and there is no other")
	}
	var sources []string
	template.Each(func(p *Program) { sources = append(sources, p.Pos().String()+" "+p.Source()) })
	if got := strings.Join(sources, ", "); got != "w.yaml:1:8 n, w.yaml:2:10 n, w.yaml:2:19 n + 1" {
		t.Error(got)
	}
	if refs := template.References(); len(refs) != 3 || refs[2].Pos.Column != 19 {
		t.Error(refs)
	}
}

// TestPanicsAreContained: a Scope that panics fails the expression, nothing more.
func TestPanicsAreContained(t *testing.T) {
	p, ds := CompileText(NewEnv(Variable{"x", schema.Any()}), "x.a")
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	for _, scope := range []Scope{bomb{}, Vars{"x": bomb{}}} {
		if _, err := p.Eval(scope, At{}); fault.From(err).Code != fault.Expression {
			t.Error(err)
		}
		if _, err := p.Bool(scope, At{}); fault.From(err).Code != fault.Expression {
			t.Error(err)
		}
	}
	whole, _ := CompileText(NewEnv(Variable{"x", schema.Any()}), "x")
	if _, err := whole.Eval(Vars{"x": bomb{}}, At{}); fault.From(err).Code != fault.Expression {
		t.Error(err)
	}
}

type bomb struct{}

func (bomb) Resolve(string) (any, bool) { panic("boom") }
func (bomb) Get(string) (any, bool)     { panic("boom") }
func (bomb) Names() []string            { panic("boom") }
