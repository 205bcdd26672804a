package expr

import (
	"strings"
	"testing"
	"time"

	"gantry/fault"
	"gantry/schema"
)

const limit = "any of the limits"

// TestLimits: what is too much ends soon, with words that say so, and takes no memory by storm.
func TestLimits(t *testing.T) {
	big := strings.Repeat("x", 1<<20)
	long := make([]any, 100_000)
	for i := range long {
		long[i] = map[string]any{"id": int64(i), "name": "n", "tags": []any{"a"}}
	}
	doubled := "cel.bind(a, x + x, " + strings.Repeat("cel.bind(a, a + a, ", 40) + "a" + strings.Repeat(")", 41)
	doubledList := strings.ReplaceAll(doubled, "x + x", "l + l")
	env := NewEnv(Variable{"x", schema.Any()}, Variable{"l", schema.Any()}, Variable{"n", schema.Integer()}, Variable{"p", schema.String()})
	vars := Vars{"x": big, "l": long, "n": int64(1 << 40), "p": strings.Repeat("(a*)*", 100) + "b"}
	for _, c := range []struct{ name, expression, message string }{
		{"two nested loops", "l.map(a, l.map(b, 1))", limit},
		{"a loop within a condition", "l.exists(a, l.exists(b, a.id == -1)) || true", limit},
		{"text doubled", doubled, limit},
		{"list doubled", doubledList + ".map(x, 1)", limit},
		{"list doubled as result", doubledList, limit},
		{"a large result", "l.map(a, x)", limit},
		{"text repeated", "l.map(a, x + 'y').join('')", limit},
		{"a range", "lists.range(n)", "range"},
		{"padding", "'a'.pad_left(n)", "too large"},
		{"a long pattern", "x.find(p + p + p)", "1000 characters"},
		{"replacement", "x.replace_pattern('x', x)", limit},
		{"json again and again", "l.map(a, l.to_json())", limit},
		{"similarity", "x.similarity(x)", "2000"},
		{"joined", "x.replace('x', x)", limit},
		{"chunks", "l.map(a, l.chunk(1))", limit},
		{"cartesian", "l.map(a, l.filter(b, b.id == a.id).size()).sum()", limit},
		{"in a list", "l.filter(a, a in l)", limit},
		{"csv", "l.map(a, [x]).to_csv()", limit},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, ds := CompileText(env, c.expression)
			if ds.HasErrors() {
				t.Fatal(ds)
			}
			start := time.Now()
			_, err := p.Eval(vars, At{})
			if err == nil {
				t.Fatal("no error")
			}
			if took := time.Since(start); took > 8*time.Second {
				t.Errorf("it took %s", took)
			}
			f := fault.From(err)
			fits := strings.Contains(f.Message, c.message)
			if c.message == limit { // which of them is met first depends on the machine
				fits = strings.Contains(f.Message, "steps") || strings.Contains(f.Message, "longer than") || strings.Contains(f.Message, "MiB")
			}
			if f.Code != fault.Expression || !fits {
				t.Errorf("%s: %s", f.Code, f.Message)
			}
			if strings.Contains(err.Error(), "internal error") {
				t.Errorf("a panic: %s", err)
			}
		})
	}
}

// TestSourceLimits: what is too long or too deep is refused when it is checked.
func TestSourceLimits(t *testing.T) {
	for name, text := range map[string]string{
		"long":      strings.Repeat("1 + ", MaxSource/4) + "1",
		"brackets":  strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000),
		"lists":     strings.Repeat("[", 2000) + strings.Repeat("]", 2000),
		"selection": "x" + strings.Repeat(".x", 4000),
		"calls":     "x" + strings.Repeat(".trim()", 2000),
		"ternaries": strings.Repeat("true ? 1 : ", 1000) + "1",
		"macros":    strings.Repeat("[1].map(x, ", 100) + "1" + strings.Repeat(")", 100),
	} {
		_, ds := CompileText(NewEnv(Variable{"x", schema.Any()}), text)
		if !ds.HasErrors() || !strings.Contains(ds[0].Message, "deep") && !strings.Contains(ds[0].Message, "longer") {
			t.Errorf("%s: %v", name, ds)
		}
	}
}

// TestLargeList: a list of 10 MB is read in place.
func TestLargeList(t *testing.T) {
	list := make([]any, 50_000)
	for i := range list {
		list[i] = map[string]any{"id": int64(i), "text": strings.Repeat("x", 200)}
	}
	env := NewEnv(Variable{"list", schema.ListOf(schema.Object("t", schema.Field{Name: "id", Type: schema.Integer(), Required: true}, schema.Field{Name: "text", Type: schema.String()}))})
	p, ds := CompileText(env, "list")
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	_, err := p.Eval(Vars{"list": list}, At{})
	if err == nil || !strings.Contains(err.Error(), "MiB") {
		t.Fatalf("10 MB are more than a result may be: %v", err)
	}
	one, _ := CompileText(env, "list[40000].id")
	if n := testing.AllocsPerRun(10, func() { _, _ = one.Eval(Vars{"list": list}, At{}) }); n > 20 {
		t.Errorf("reading one entry allocates %v times", n)
	}
	same, _ := CompileText(env, "list.size() > 0 ? list[0] : list[1]")
	v, err := same.Eval(Vars{"list": list}, At{})
	if err != nil {
		t.Fatal(err)
	}
	v.(map[string]any)["probe"] = true
	if _, shared := list[0].(map[string]any)["probe"]; !shared {
		t.Error("the entry was copied")
	}
}
