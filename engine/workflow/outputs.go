package workflow

import (
	"gantry/expr"
	"gantry/schema"
)

func (c *checker) compileOutputs() {
	c.wf.OutputType = schema.Object("")
	for _, n := range c.def.Outputs {
		value := c.see(c.env, n.Value)
		typ := anyType
		if value != nil {
			c.noSecret(value, "in outputs")
			if !value.HasSecret() {
				typ = value.Type()
			}
		}
		c.wf.Outputs = append(c.wf.Outputs, Named{Name: n.Name, Value: value, Pos: n.Pos})
		c.wf.OutputType.Fields = append(c.wf.OutputType.Fields, schema.Field{Name: n.Name, Type: typ, Required: true})
	}
}

// failedRun is the input by which a handler is told of the failed run.
const failedRun = "failed_run"

// failedEnv is what on_failure's with sees.
func (c *checker) failedEnv() *expr.Env {
	return c.base.With(expr.Variable{Name: failedRun, Type: failedRunType()})
}

func (c *checker) compileOnFailure() {
	n := c.def.OnFailure
	if n == nil {
		return
	}
	call := &Call{Workflow: n.Workflow.Value.(string), Pos: n.Pos}
	c.wf.OnFailure = call
	env := c.failedEnv()
	if n.With != nil {
		call.With = c.see(env, n.With)
		c.noSecret(call.With, "in on_failure")
	}
	sig := c.signature(n.Workflow)
	if sig == nil {
		return
	}
	if sig.ID == c.def.ID {
		c.ds.Warnf(n.Workflow.Pos, "calls-itself", "this workflow handles its own failures; a failed handler is not handled again")
	}
	inputs := schema.Object("", sig.Inputs...)
	_, declared := inputs.Field(failedRun)
	call.PassFailedRun = declared && n.With.Lookup(failedRun) == nil
	c.checkGiven(given{
		to: call.Workflow, what: "input", key: "with", type_: inputs, node: n.With, env: env, value: call.With,
		pos: n.Workflow.Pos, also: map[string]bool{failedRun: declared},
	})
}
