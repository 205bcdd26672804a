package expr

import (
	"time"

	"gantry/schema"
)

// Variable is a name that expressions can use. An object type gives typed fields; any is checked only at
// run time; secret gives a value that can be handed on but not read.
type Variable struct {
	Name string
	Type *schema.Type
}

// Scope gives the values of variables at evaluation. It is asked only for names that the expression
// uses, each time it uses them, and must not change while an evaluation runs.
type Scope interface {
	Resolve(name string) (any, bool)
}

// Vars is the plain Scope.
type Vars map[string]any

// Resolve implements Scope.
func (v Vars) Resolve(name string) (any, bool) {
	value, ok := v[name]
	return value, ok
}

// Object is an object whose fields are read only when an expression asks for them (ctx, tasks, org). It
// can stand anywhere in a Scope's values; where a whole is needed (a function, a result) it is copied
// into a map[string]any. A field that Get does not have is an error unless it is read with `.?`.
type Object interface {
	Get(field string) (any, bool)
	Names() []string
}

// At holds what an evaluation knows of the moment: it is recorded, so that a replay gives the same.
type At struct {
	Now time.Time
}
