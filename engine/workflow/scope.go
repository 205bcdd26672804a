package workflow

import (
	"fmt"
	"slices"
	"sync"

	"gantry/expr"
	"gantry/schema"
)

// errorType is the type of error: its null reads as one with empty fields (see expr).
func errorType() *schema.Type { return theErrorType }

var theErrorType = schema.Object("gantry.Error", text("code"), text("message"), text("hint"),
	schema.Field{Name: "detail", Type: schema.Any(), Required: true})

var runType = schema.Object("", text("id"), timeOf("started_at"), text("url"),
	schema.Field{Name: "links", Type: schema.Object("gantry.Links"), Required: true})

var triggerFactsType = func() *schema.Type {
	t := schema.Object("", text("type"), text("name"))
	t.Open = true
	return t
}()

var boolType = schema.Boolean()

var statusType = oneOf("succeeded", "failed", "timed_out", "cancelled", "unknown")

// baseEnv makes the names that every place of the workflow sees. vars are compiled on the way: they see
// the others.
func (c *checker) baseEnv() {
	c.org = c.world.shared.org
	if c.org == nil {
		c.org = orgType(c.world, c.all.orgVars)
	}
	vars := []expr.Variable{
		{Name: "inputs", Type: c.wf.InputsType},
		{Name: "org", Type: c.org},
		{Name: "run", Type: c.runTypeOf()},
		{Name: "trigger", Type: triggerFactsType},
	}
	start := expr.NewEnv(vars...)
	c.start, c.whole = start, sync.OnceValue(c.wholeEnv)
	varsType := schema.Object("")
	if c.def.Vars != nil {
		c.wf.Vars = c.see(start, c.def.Vars)
		if c.wf.Vars != nil {
			c.noSecret(c.wf.Vars, "in vars")
			varsType = c.wf.Vars.Type()
		} else {
			varsType = anyFields(c.def.Vars.Data())
		}
	}
	c.base = start.With(expr.Variable{Name: "vars", Type: varsType})
}

// anyFields is the type of a map of which only the names are known.
func anyFields(data any) *schema.Type {
	t := schema.Object("")
	m, _ := data.(map[string]any)
	for name := range m {
		t.Fields = append(t.Fields, schema.Field{Name: name, Type: schema.Any(), Required: true})
	}
	slices.SortFunc(t.Fields, func(a, b schema.Field) int { return compareText(a.Name, b.Name) })
	return t
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// orgType is the organisation that a run is for. Without knowledge of the variables, those that the file
// mentions are declared as any, and checkOrgVars warns of them.
func orgType(w World, mentioned map[string]bool) *schema.Type {
	vars := schema.Object("gantry.Variables", w.OrgVars...) // named: with none of them it is no free JSON
	vars.Open = true
	if !w.OrgVarsKnown {
		vars.Fields = slices.Clone(vars.Fields)
		for name := range mentioned {
			if _, known := vars.Field(name); !known {
				vars.Fields = append(vars.Fields, schema.Field{Name: name, Type: schema.Any()})
			}
		}
	}
	return schema.Object("",
		text("id"), text("slug"), text("name"),
		schema.Field{Name: "parent", Type: organisationType().AsNullable(), Required: true},
		schema.Field{Name: "tags", Type: schema.ListOf(schema.String()), Required: true},
		schema.Field{Name: "vars", Type: vars, Required: true},
		schema.Field{Name: "integrations", Type: integrationsType(w), Required: true},
	)
}

func integrationsType(w World) *schema.Type {
	t := schema.Object("")
	for _, in := range w.Catalogue.Integrations() {
		mapped := schema.Object("", schema.Field{Name: "id", Type: in.MappedIDType(), Required: true}, text("name"))
		mapped.WhenNull = &schema.Told{Message: "the organisation is not mapped in " + in.Title,
			Hint: fmt.Sprintf("map it: `gantry mappings suggest %[1]s` compares names, `gantry mappings set %[1]s ID --org SLUG` maps one; where it need not be mapped write org.integrations.?%[1]s.?id.orValue(%[2]s)", in.ID, emptyOf(in.MappedIDType()))}
		t.Fields = append(t.Fields, schema.Field{Name: in.ID, Type: mapped})
	}
	return t
}

// emptyOf writes a value of the type that stands for none.
func emptyOf(t *schema.Type) string {
	if t.Kind == schema.KindInteger {
		return "0"
	}
	return "''"
}

// taskNames is the scope of ctx and tasks with the types known so far: what is mentioned and not known is
// any, so that the checker says itself what is wrong with it.
func (c *checker) flowEnv() *expr.Env {
	ctx, tasks := schema.Object(""), schema.Object("")
	for _, name := range c.boundNames() {
		ctx.Fields = append(ctx.Fields, schema.Field{Name: name, Type: c.bound[name].current()})
	}
	for name := range c.all.ctx {
		if c.bound[name] == nil {
			ctx.Fields = append(ctx.Fields, schema.Field{Name: name, Type: schema.Any()})
		}
	}
	for i, t := range c.wf.Tasks {
		if identifier.MatchString(t.Name) && (c.all.wholeTasks || c.all.tasks[t.Name]) {
			tasks.Fields = append(tasks.Fields, schema.Field{Name: t.Name, Type: c.taskFacts(c.works[i])})
		}
	}
	for name := range c.all.tasks {
		if c.byName[name] == nil {
			tasks.Fields = append(tasks.Fields, schema.Field{Name: name, Type: schema.Any()})
		}
	}
	return c.base.With(expr.Variable{Name: "ctx", Type: ctx}, expr.Variable{Name: "tasks", Type: tasks})
}

// taskFacts is the type of tasks.<name>.
func (c *checker) taskFacts(w *taskWork) *schema.Type {
	if w.dynamic() {
		return taskFacts(w.resultType())
	}
	return memoised(&c.world.shared.taskFacts, w.resultType(), taskFacts)
}

func taskFacts(result *schema.Type) *schema.Type {
	return schema.Object("",
		schema.Field{Name: "status", Type: statusType, Required: true},
		schema.Field{Name: "result", Type: result, Required: true},
		schema.Field{Name: "error", Type: nullableError, Required: true},
	)
}

var nullableError = errorType().AsNullable()

// leaveEnv is what the transitions of a task see.
func leaveEnv(env *expr.Env, result *schema.Type) *expr.Env {
	return env.With(
		expr.Variable{Name: "result", Type: result}, expr.Variable{Name: "error", Type: nullableError},
		expr.Variable{Name: "succeeded", Type: boolType}, expr.Variable{Name: "failed", Type: boolType},
		expr.Variable{Name: "timed_out", Type: boolType},
	)
}

// retryEnv is what retry.when sees.
func retryEnv(env *expr.Env, result *schema.Type) *expr.Env {
	return env.With(
		expr.Variable{Name: "result", Type: result}, expr.Variable{Name: "error", Type: nullableError},
		expr.Variable{Name: "attempt", Type: schema.Integer()},
	)
}

// itemEnv is what each item of a for_each sees.
func itemEnv(env *expr.Env, as string, item *schema.Type) *expr.Env {
	return env.With(expr.Variable{Name: as, Type: item}, expr.Variable{Name: "index", Type: schema.Integer()})
}
