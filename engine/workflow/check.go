package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"gantry/actions"
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// World is what a workflow is checked against.
type World struct {
	Catalogue *actions.Catalogue
	// Workflow gives what callers need to know of another workflow; a nil func knows none.
	Workflow func(id string) (*Signature, bool)
	// WorkflowIDs lists all workflows, for hints; may be nil.
	WorkflowIDs func() []string
	// OrgVars are the organisation variables that every organisation has.
	OrgVars []schema.Field
	// OrgVarsKnown: OrgVars is the whole truth. Without a data directory it is false, and variables that
	// are not in OrgVars give warnings instead of errors.
	OrgVarsKnown bool
	// MostValue is how large a value may be that a run begins with, in bytes; 0: DefaultMostValue.
	MostValue int

	shared *sharedTypes
}

// Signature is what the callers of a workflow need to know.
type Signature struct {
	ID, Title string
	Inputs    []schema.Field
	Output    *schema.Type
}

// Signature gives the workflow as its callers see it.
func (w *Workflow) Signature() *Signature {
	return &Signature{ID: w.ID, Title: w.Title, Inputs: w.Inputs, Output: w.OutputType}
}

// Check checks a definition: names, types, secrets, definite assignment. The workflow is nil when this or
// Parse found errors; the diagnostics are those of Check alone.
func Check(def *Definition, w World) (*Workflow, source.Diagnostics) {
	c := check(def, w)
	return c.checked(), c.ds
}

func newChecker(def *Definition, w World) *checker {
	sum := sha256.Sum256(def.Text)
	return &checker{def: def, world: w, wf: &Workflow{Catalogue: w.Catalogue,
		ID: def.ID, File: def.File, Text: def.Text, Version: hex.EncodeToString(sum[:])[:12],
		Title: def.Title, Description: def.Description, Tags: def.Tags, TimeSaved: def.TimeSaved,
		Timeout: def.Timeout, TimeoutExcludesWaiting: def.TimeoutExcludesWaiting, MaxTasks: def.MaxTasks,
	}}
}

// checker is one check of one file.
type checker struct {
	def   *Definition
	world World
	wf    *Workflow
	ds    source.Diagnostics

	byName      map[string]*Task
	names       []string // of tasks
	graphBroken bool     // what depends on the whole graph is not judged

	works []*taskWork // by task index
	all   *mentions   // of the whole file

	org    *schema.Type
	start  *expr.Env // inputs, org, run, trigger
	base   *expr.Env // start with vars
	env    *expr.Env // base with ctx and tasks
	bound  map[string]*binding
	assign *assignment

	triggers []*triggerCheck
	whole    func() *expr.Env // env with everything that the file has; see wholeEnv
}

func (c *checker) run() {
	c.survey()
	c.compileTasks()
	c.compileOutputs()
	c.compileOnFailure()
	c.compileTriggers()
	c.checkOrgVars()
	c.checkLinked()
	if !c.graphBroken {
		c.checkAssignment()
		c.checkMerges()
	}
}

// survey finds out what the file's expressions can name, and of which type it is.
func (c *checker) survey() {
	c.all = mentionsOf(c.def.Root)
	c.graphBroken = c.def.gaps
	c.declareInputs()
	c.link()
	c.resolveCalls()
	c.baseEnv()
	c.compileConcurrency()
	c.inferTypes()
}

func (c *checker) declareInputs() {
	if c.def.inputs == nil {
		c.def.inputs = inputsOf(c.def, c.world.Catalogue)
	}
	c.wf.Inputs = c.def.inputs.fields
	c.ds.Add(c.def.inputs.ds...)
	c.wf.InputsType = schema.Object("", c.wf.Inputs...)
}

// declaredInputs are a workflow's inputs and what is wrong with them.
type declaredInputs struct {
	fields []schema.Field
	ds     source.Diagnostics
}

// inputsOf reads the declared inputs, which may name the catalogue's entity types.
func inputsOf(def *Definition, catalogue *actions.Catalogue) *declaredInputs {
	in := &declaredInputs{}
	if def.Inputs != nil {
		in.fields = schema.ParseFields(def.Inputs, catalogue.Type, &in.ds)
		refuseSecretInputs(in.fields, def.Inputs, &in.ds)
	}
	return in
}

// refuseSecretInputs: a run's inputs are kept and shown, so that a secret must not come in that way.
func refuseSecretInputs(fields []schema.Field, declared *source.Node, ds *source.Diagnostics) {
	for _, f := range fields {
		if holdsSecret(f.Type) {
			ds.Errorf(declared.Lookup(f.Name).Pos, "secret-input", "input %s cannot be a secret: a run's inputs are kept and shown", f.Name).Hint =
				"keep it as an organisation's variable of type secret, and write ${{ org.vars." + f.Name + " }} in the `with` that needs it"
		}
	}
}

func holdsSecret(t *schema.Type) bool {
	if t == nil || t.Name != "" { // entities of other systems hold none
		return false
	}
	if t.Kind == schema.KindSecret || holdsSecret(t.Items) {
		return true
	}
	return slices.ContainsFunc(t.Fields, func(f schema.Field) bool { return holdsSecret(f.Type) })
}

// see compiles a value and takes its diagnostics; nil where it is wrong.
func (c *checker) see(env *expr.Env, n *source.Node) *expr.Template {
	if n == nil {
		return nil
	}
	t, ds := env.CompileTemplate(n)
	c.ds.Add(ds...)
	return t
}

// seeCondition compiles a when and sees to it that it is true or false.
func (c *checker) seeCondition(env *expr.Env, n *source.Node) *expr.Program {
	if n == nil {
		return nil
	}
	p, ds := env.Compile(n)
	c.ds.Add(ds...)
	if p == nil {
		return nil
	}
	if t := p.Type(); t != nil && t.Kind != schema.KindBoolean && t.Kind != schema.KindAny {
		c.ds.Errorf(p.Pos(), "not-a-condition", "a condition must be true or false, not %s", described(t)).Hint = conditionHint(t)
		return nil
	}
	c.noSecretIn(p, "in a condition")
	return p
}

// described names a type with its article: "a whole number".
func described(t *schema.Type) string {
	other := schema.Boolean()
	if t.Kind == schema.KindBoolean {
		other = schema.String()
	}
	if _, why := schema.AssignableTo(t.AsPresent(), other); strings.Contains(why, ", gets ") {
		return why[strings.Index(why, ", gets ")+len(", gets "):]
	}
	return t.String()
}

func conditionHint(t *schema.Type) string {
	switch t.Kind {
	case schema.KindString:
		return "compare it, for example: … == 'text', or … != ''"
	case schema.KindInteger, schema.KindNumber:
		return "compare it, for example: … > 0"
	case schema.KindList, schema.KindMap:
		return "ask for its size, for example: size(…) > 0"
	default:
		return "compare it with something, for example: … != null"
	}
}
