package expr

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/schema"
)

// exampleNow is the `now` of all examples.
var exampleNow = At{Now: time.Date(2026, 3, 29, 14, 30, 0, 0, time.UTC)}

// TestFunctionExamples runs every example of the handbook.
func TestFunctionExamples(t *testing.T) {
	env := NewEnv()
	for _, f := range Functions() {
		t.Run(f.Name, func(t *testing.T) {
			if f.Description == "" || len(f.Examples) == 0 || len(f.Signatures) == 0 {
				t.Error("not documented")
			}
			if !strings.HasSuffix(f.Description, ".") {
				t.Errorf("the description is no sentence: %s", f.Description)
			}
			for _, example := range f.Examples {
				p, ds := CompileText(env, example.Expression)
				if ds.HasErrors() {
					t.Errorf("%s: %s", example.Expression, ds.Error())
					continue
				}
				got, err := p.Eval(nil, exampleNow)
				if err != nil {
					t.Errorf("%s: %s", example.Expression, err)
					continue
				}
				want, err := schema.DecodeBytes([]byte(example.Result))
				if err != nil {
					t.Errorf("%s: the result is not JSON: %s", example.Expression, err)
				}
				if diff := cmp.Diff(normal(want), normal(got)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", example.Expression, diff)
				}
			}
		})
	}
}

// normal makes numbers comparable: an example need not tell 3 from 3.0.
func normal(v any) any {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = normal(v[i])
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for k := range v {
			out[k] = normal(v[k])
		}
		return out
	}
	return v
}
