package actions

import (
	"gantry/expr"
	"gantry/schema"
	"gantry/source"
)

// operation is what carrying an action out takes: its templates and expressions, compiled. Who only looks at
// the action, as the checker of workflows does, needs none of it.
type operation struct {
	request    *request
	paginate   *paginate // nil: one request gives all
	extract    *extract
	errors     []ErrorRule
	idempotent *expr.Program // nil: the action's alwaysSafe says
}

// operationNodes are where an action's YAML says how it is carried out.
type operationNodes struct{ request, paginate, result, errors, idempotent *source.Node }

func (f *folder) readOperation(a *Action, n operationNodes) *operation {
	o := &operation{errors: f.readErrors(n.errors), extract: f.readExtract(a, n.result)}
	if n.idempotent != nil && n.idempotent.Kind != source.Bool {
		o.idempotent = f.condition(expr.NewEnv(inputsVariable(a.Inputs)), n.idempotent, "idempotent")
	}
	if a.Core != nil {
		return o
	}
	o.request, o.paginate = f.readRequest(a, n.request), f.readPaginate(a, n.paginate)
	if o.paginate != nil && a.Result.Kind != schema.KindList && a.Result.Kind != schema.KindAny {
		f.ds.Errorf(n.paginate.Pos, "wrong-type", "an action that reads pages gives a list, not %s", a.Result)
	}
	if o.request != nil {
		o.request.settle(a, o.paginate)
	}
	return o
}

// endpointOf is the method and path as the YAML writes them; ANY is a method that follows from the inputs.
func endpointOf(request *source.Node) string {
	method, _ := request.Lookup("method").Data().(string)
	if isTemplate(method) {
		method = "ANY"
	}
	path, _ := request.Lookup("path").Data().(string)
	return method + " " + path
}
