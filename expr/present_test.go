package expr

import (
	"testing"

	"gantry/schema"
)

// What a test has shown to be there is not null behind it.
func TestPresentBehindATest(t *testing.T) {
	number, text := schema.Integer().AsNullable(), schema.String().AsNullable()
	env := NewEnv(Variable{Name: "n", Type: number}, Variable{Name: "o", Type: schema.Object("",
		schema.Field{Name: "n", Type: number, Required: true}, schema.Field{Name: "t", Type: text, Required: true})})
	for source, nullable := range map[string]bool{
		"n != null ? n : 0":                       false,
		"null != n ? n : 0":                       false,
		"n == null ? 0 : n":                       false,
		"!(n == null) ? n : 0":                    false,
		"o.n != null && o.t != null ? o.n : 0":    false,
		"o.n == null || o.t == null ? 0 : o.n":    false,
		"o.t != null ? o.n : 0":                   true,
		"n == null ? n : 0":                       true,
		"o.n != null || o.t != null ? o.n : 0":    true,
		"n != null ? n : o.n":                     true,
		"o.n != null ? (n != null ? n : o.n) : 1": true, // what is tested outside is not looked for inside
	} {
		p, ds := CompileText(env, source)
		if err := ds.Err(); err != nil {
			t.Fatal(err)
		}
		if p.Type().Nullable != nullable {
			t.Errorf("%s is %s", source, p.Type())
		}
	}
}
