package expr

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// TestTextWithoutExpressions: a text without `${{` is itself, whatever else stands in it.
func TestTextWithoutExpressions(t *testing.T) {
	env := NewEnv()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune(`${}'"\|`)))).Draw(t, "text")
		if strings.Contains(text, opening) {
			t.Skip()
		}
		template, ds := env.CompileTemplate(source.FromData(text))
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		got, static := template.Static()
		if !static || got != text {
			t.Fatalf("got %q, static %v", got, static)
		}
	})
}

// TestInterpolationRoundTrip: what is put together from texts and expressions for texts comes out so.
func TestInterpolationRoundTrip(t *testing.T) {
	env := NewEnv(Variable{"v", schema.ListOf(schema.String())})
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.String(), 1, 6).Draw(t, "pieces")
		var template, want strings.Builder
		var values []any
		for i, piece := range pieces {
			want.WriteString(piece)
			switch rapid.IntRange(0, 2).Draw(t, "way") {
			case 0:
				template.WriteString(strings.ReplaceAll(piece, opening, escaped))
			case 1:
				fmt.Fprintf(&template, "${{ v[%d] }}", len(values))
				values = append(values, piece)
			default:
				literal, err := schema.Encode(piece) // JSON's texts are CEL's, but for lone surrogates and DEL
				if err != nil || strings.Contains(string(literal), `\u`) || i < 0 {
					fmt.Fprintf(&template, "${{ v[%d] }}", len(values))
					values = append(values, piece)
					break
				}
				fmt.Fprintf(&template, "${{%s}}", literal)
			}
		}
		text := template.String()
		if strings.Contains(want.String(), "$") {
			t.Skip() // a literal $ before an expression may form `$${{`
		}
		compiled, ds := env.CompileTemplate(source.FromData(text + "x"))
		if ds.HasErrors() {
			t.Fatalf("%q: %s", text, ds.Error())
		}
		got, err := compiled.Eval(Vars{"v": values}, At{})
		if err != nil || got != want.String()+"x" {
			t.Fatalf("%q gives %q, %v", text, got, err)
		}
	})
}

// data draws a value of the data model.
func data(t *rapid.T, depth int) any {
	kinds := 7
	if depth <= 0 {
		kinds = 5
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Int64().Draw(t, "int")
	case 3:
		return float64(rapid.Int32().Draw(t, "float")) / 4
	case 4:
		return rapid.String().Draw(t, "text")
	case 5:
		list := make([]any, rapid.IntRange(0, 4).Draw(t, "n"))
		for i := range list {
			list[i] = data(t, depth-1)
		}
		return list
	}
	m := map[string]any{}
	for range rapid.IntRange(0, 4).Draw(t, "n") {
		m[rapid.String().Draw(t, "key")] = data(t, depth-1)
	}
	return m
}

// TestDataLaws: data passes through expressions unchanged, also by JSON and YAML and when it is read lazily.
func TestDataLaws(t *testing.T) {
	env := NewEnv(Variable{"v", schema.Any()})
	rapid.Check(t, func(t *rapid.T) {
		v := data(t, 3)
		want, err := schema.Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, expression := range []string{"v", "[v][0]", "{'a': v}.a", "v.to_json().parse_json()", "v.to_yaml().parse_yaml()", "[v].map(x, x)[0]",
			"[v].sort_by(x, 1)[0]", "optional.of(v)", "dyn({'a': v}).?a", "[v].take(1)[0]"} {
			p, ds := CompileText(env, expression)
			if ds.HasErrors() {
				t.Fatal(ds)
			}
			got, err := p.Eval(Vars{"v": v}, At{})
			if err != nil {
				t.Fatalf("%s of %s: %s", expression, want, err)
			}
			if text, _ := schema.Encode(got); string(text) != string(want) {
				t.Fatalf("%s of %s gives %s", expression, want, text)
			}
		}
	})
}

// TestSecretsNeverShow: no way of printing or marshalling shows a secret's name or a masked text's secret.
func TestSecretsNeverShow(t *testing.T) {
	s := Secret{"acme", "halo_key"}
	env := NewEnv(Variable{"s", schema.Secret()})
	template, ds := env.CompileTemplate(source.FromData("Bearer ${{ s }}!"))
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	if !template.HasSecret() {
		t.Error("the template should know that it has a secret")
	}
	text, err := template.Eval(Vars{"s": s}, At{})
	if err != nil {
		t.Fatal(err)
	}
	value := map[string]any{"a": []any{s, text}, "b": int64(1)}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if shown := fmt.Sprintf(format, value); strings.Contains(shown, "halo_key") {
			t.Errorf("%s shows %s", format, shown)
		}
	}
	marshalled, err := json.Marshal(value)
	if err != nil || string(marshalled) != `{"a":["********","Bearer ********!"],"b":1}` {
		t.Errorf("%s, %v", marshalled, err)
	}
	if !HasSecret(value) || HasSecret(Masked(value)) {
		t.Error("HasSecret is wrong")
	}
	revealed, clear, err := Reveal(value, func(Secret) (string, error) { return "open", nil })
	got, _ := schema.Encode(revealed)
	if err != nil || string(got) != `{"a":["open","Bearer open!"],"b":1}` || len(clear) != 2 || clear[0] != "open" {
		t.Errorf("%s, %v, %v", got, clear, err)
	}
	if !HasSecret(value) {
		t.Error("Reveal changed its argument")
	}
	if _, _, err := Reveal(value, func(Secret) (string, error) { return "", fault.New(fault.Secret, "gone") }); err == nil {
		t.Error("Reveal lost an error")
	}
}

// TestConcurrently: environments, programs and templates are shared by goroutines (run with -race).
func TestConcurrently(t *testing.T) {
	ticket := ticketType()
	root := NewEnv(Variable{"tickets", schema.ListOf(ticket)})
	vars := Vars{"tickets": []any{map[string]any{"id": int64(1), "summary": "b"}, map[string]any{"id": int64(2), "summary": "a"}}, "n": int64(1)}
	shared, ds := CompileText(root, "tickets.sort_by(t, t.summary).map(t, t.id)")
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for j := range 20 {
				env := root.With(Variable{"n", schema.Object(fmt.Sprint("t", i, j%3), schema.Field{Name: "x", Type: ticket})})
				p, ds := CompileText(env, "n.?x.?summary.orValue('x') + tickets[0].summary.upper()")
				if ds.HasErrors() {
					t.Error(ds)
					return
				}
				if v, err := p.Eval(Vars{"n": map[string]any{}, "tickets": vars["tickets"]}, At{}); v != "xB" {
					t.Error(v, err)
				}
				if v, err := shared.Eval(vars, At{}); fmt.Sprint(v) != "[2 1]" {
					t.Error(v, err)
				}
			}
		})
	}
	wait.Wait()
}

// TestRecursiveTypes: a type may contain itself.
func TestRecursiveTypes(t *testing.T) {
	node := schema.Object("tree.Node", schema.Field{Name: "name", Type: schema.String()})
	node.Fields = append(node.Fields, schema.Field{Name: "next", Type: node}, schema.Field{Name: "all", Type: schema.ListOf(node)})
	p, ds := CompileText(NewEnv(Variable{"n", node}), "n.next.all[0].next.name + n.name")
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	inner := map[string]any{"name": "b"}
	v, err := p.Eval(Vars{"n": map[string]any{"name": "a", "next": map[string]any{"all": []any{map[string]any{"next": inner}}}}}, At{})
	if err != nil || v != "ba" {
		t.Fatal(v, err)
	}
}

// TestSameShapes: equal types are one type, wherever they come from.
func TestSameShapes(t *testing.T) {
	make := func() *schema.Type { return schema.Object("x.T", schema.Field{Name: "a", Type: schema.Integer()}) }
	p, ds := CompileText(NewEnv(Variable{"a", make()}, Variable{"b", make()}, Variable{"c", schema.Boolean()}), "(c ? a : b).a + 1")
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	if p.Type().Kind != schema.KindInteger {
		t.Error(p.Type())
	}
}

func fuzzEnv() (*Env, Vars) {
	env := NewEnv(Variable{"ticket", ticketType()}, Variable{"any", schema.Any()}, Variable{"text", schema.String()},
		Variable{"n", schema.Integer()}, Variable{"s", schema.Secret()}, Variable{"list", schema.ListOf(schema.Any())})
	return env, Vars{"ticket": map[string]any{"id": int64(1), "summary": "x"}, "any": map[string]any{"a": []any{nil, 1.5, "x"}},
		"text": "some text", "n": int64(5), "s": Secret{"o", "n"}, "list": []any{int64(1), "b", nil}}
}

// FuzzEval: whatever is written, checking and evaluating end soon, with a result or an error in words.
func FuzzEval(f *testing.F) {
	for _, function := range Functions() {
		for _, example := range function.Examples {
			f.Add(example.Expression)
		}
	}
	for _, text := range append(plainExpressions, otherExpressions...) {
		f.Add(text)
	}
	env, vars := fuzzEnv()
	f.Fuzz(func(t *testing.T, text string) {
		p, ds := CompileText(env, text)
		if p == nil {
			if !ds.HasErrors() {
				t.Fatal("neither a program nor an error")
			}
			return
		}
		p.References()
		p.Implies("succeeded")
		start := time.Now()
		v, err := p.Eval(vars, exampleNow)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("it took %s", took)
		}
		if err != nil {
			if f := fault.From(err); f.Code != fault.Expression || strings.Contains(f.Message, "internal error") {
				t.Errorf("%s: %s", f.Code, f.Message)
			}
			return
		}
		if _, err := schema.Encode(Masked(v)); err != nil {
			t.Errorf("the result is no data: %s", err)
		}
	})
}

// FuzzTemplate: scanning ends, loses nothing and never panics.
func FuzzTemplate(f *testing.F) {
	for _, text := range []string{"a ${{ n }} b", "$${{ x }}", "${{ '}}' }}", "${{ {'a': {}} }}", "${{", "${{ }}", "${{ ''' }} ''' }}", "${{ r'\\' }}", "${{ a // }}\n }}"} {
		f.Add(text)
	}
	env, vars := fuzzEnv()
	f.Fuzz(func(t *testing.T, text string) {
		pieces, problem := scan(text)
		if problem != nil && (problem.offset < 0 || problem.offset > len(text)) {
			t.Errorf("the place %d is outside the text", problem.offset)
		}
		if problem == nil && !strings.Contains(text, opening) && (len(pieces) > 1 || len(pieces) == 1 && pieces[0].literal != text) {
			t.Errorf("a plain text became %v", pieces)
		}
		template, ds := env.CompileTemplate(source.FromData(text))
		if template == nil {
			if !ds.HasErrors() {
				t.Fatal("neither a template nor an error")
			}
			return
		}
		_, _ = template.Eval(vars, exampleNow)
	})
}
