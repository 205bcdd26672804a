package actions_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gantry/actions"
	"gantry/expr"
	"gantry/sandbox/halo"
	"gantry/schema"
	"gantry/source"
)

// scenario is a file of testdata/halo: calls of actions against a fresh simulated Halo, one after the other,
// and what must be true of what they give. docs/generate reads the same files for the handbook's table.
type scenario struct {
	title string
	steps []step
}

// step is one call. It succeeds and all of expect holds, or it fails as fails says; or its answer is lost, and a look
// says whether it was done.
type step struct {
	pos         source.Pos
	title, call string
	with        *source.Node
	as          string // the result's name in later steps
	expect      []*source.Node
	fails       *failure
	lost        string // the connection breaks: "done", after Halo did it; "not_done", before
	verified    string // then a look must tell this verdict, or "never": nobody may look
}

// failure is how a call has to fail; texts are parts of what is said.
type failure struct{ code, message, hint string }

// TestScenarios runs every file. Together they call every action of the simulated Halo with success.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/halo/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	var mu sync.Mutex
	ran, succeeded := 0, map[string]bool{}
	t.Run("files", func(t *testing.T) {
		for _, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
				t.Parallel()
				r := &scenarioRun{bench: setup(t, halo.Options{}), known: expr.Vars{}}
				for _, s := range readScenario(t, file).steps {
					r.step(s)
				}
				mu.Lock()
				ran++
				maps.Copy(succeeded, r.succeeded)
				mu.Unlock()
			})
		}
	})
	if ran < len(files) {
		return // a single file was asked for, or one failed
	}
	for _, a := range actions.Builtin().Actions() {
		if a.NeedsInstance() && !succeeded[a.ID] {
			t.Errorf("no scenario calls %s with success", a.ID)
		}
	}
}

func readScenario(t *testing.T, file string) scenario {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	root, ds := source.Parse(file, text)
	var s scenario
	if root != nil {
		f := source.ReadFields(root, "the scenario", &ds)
		f.Required("title")
		s.title = f.Text("title")
		for _, n := range f.Required("steps").Items {
			s.steps = append(s.steps, readStep(n, &ds))
		}
		f.Close()
	}
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	return s
}

func readStep(n *source.Node, ds *source.Diagnostics) step {
	f := source.ReadFields(n, "the step", ds)
	f.Required("call")
	s := step{pos: n.Pos, title: f.Text("title"), call: f.Text("call"), with: f.Node("with"), as: f.Text("as")}
	if e := f.Node("expect"); e != nil {
		s.expect = e.Items
	}
	if fails := f.Node("fails"); fails != nil {
		g := source.ReadFields(fails, "fails", ds)
		s.fails = &failure{g.Text("code"), g.Text("message"), g.Text("hint")}
		g.Close()
	}
	s.lost, s.verified = f.Text("lost"), f.Text("verified")
	if s.fails == nil && len(s.expect) == 0 && s.verified == "" {
		ds.Errorf(n.Pos, "nothing-expected", "the step expects nothing").Hint = "give expect or fails"
	}
	if (s.lost == "") != (s.verified == "") {
		ds.Errorf(n.Pos, "half-said", "lost and verified go together")
	}
	f.Close()
	return s
}

type scenarioRun struct {
	*bench
	known     expr.Vars
	succeeded map[string]bool
}

func (r *scenarioRun) env(more ...expr.Variable) *expr.Env {
	for _, name := range slices.Sorted(maps.Keys(r.known)) {
		more = append(more, expr.Variable{Name: name, Type: schema.Any()})
	}
	return expr.NewEnv(more...)
}

var scenarioTime = expr.At{Now: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)}

func (r *scenarioRun) step(s step) {
	r.t.Helper()
	inputs := map[string]any{}
	if s.with != nil {
		template, ds := r.env().CompileTemplate(s.with)
		if err := ds.Err(); err != nil {
			r.t.Fatal(err)
		}
		value, err := template.Eval(r.known, scenarioTime)
		if err != nil {
			r.t.Fatalf("%s: %v", s.pos, err)
		}
		inputs = value.(map[string]any)
	}
	if s.lost != "" {
		r.lose(s, inputs)
		return
	}
	out := r.call(s.call, inputs)
	if err := r.halo.Settle(r.t.Context()); err != nil { // webhooks that the step caused have been sent
		r.t.Fatalf("%s: %v", s.pos, err)
	}
	switch {
	case s.fails != nil:
		r.mustFail(s, out)
	case out.Err != nil:
		r.t.Fatalf("%s: %s fails: %v (hint: %s) %v", s.pos, s.call, out.Err, out.Err.Hint, out.Err.Detail)
	default:
		r.mustHold(s, out.Result)
	}
}

func (r *scenarioRun) mustFail(s step, out actions.Outcome) {
	r.t.Helper()
	if out.Err == nil {
		r.t.Fatalf("%s: %s does not fail but gives %v", s.pos, s.call, out.Result)
	}
	if s.fails.code != "" && string(out.Err.Code) != s.fails.code ||
		!strings.Contains(out.Err.Message, s.fails.message) || !strings.Contains(out.Err.Hint, s.fails.hint) {
		r.t.Errorf("%s: %s fails with %s: %s\nhint: %s\ndetail: %v", s.pos, s.call, out.Err.Code, out.Err.Message, out.Err.Hint, out.Err.Detail)
	}
}

func (r *scenarioRun) mustHold(s step, result any) {
	r.t.Helper()
	if r.succeeded == nil {
		r.succeeded = map[string]bool{}
	}
	r.succeeded[s.call] = true
	seen := maps.Clone(r.known)
	seen["result"] = result
	env := r.env(expr.Variable{Name: "result", Type: schema.Any()})
	for _, e := range s.expect {
		program, ds := env.Compile(e)
		if err := ds.Err(); err != nil {
			r.t.Fatal(err)
		}
		if ok, err := program.Bool(seen, scenarioTime); err != nil || !ok {
			r.t.Errorf("%s: %s does not hold (%v) of what %s gives:\n%.2000v", e.Pos, program.Source(), err, s.call, schemaText(result))
		}
	}
	if s.as != "" {
		r.known[s.as] = result
	}
}

func schemaText(v any) string {
	text, err := schema.Encode(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
