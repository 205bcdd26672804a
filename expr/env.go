package expr

import (
	"slices"
	"sync"

	"github.com/google/cel-go/checker"
	"github.com/google/cel-go/common/containers"
	"github.com/google/cel-go/common/decls"
	"github.com/google/cel-go/common/types"

	"gantry/schema"
)

// Env says which names an expression may use and what types they have. It is immutable and may be used
// by many goroutines at once.
type Env struct {
	parent *Env // nil for the root of a chain
	vars   []Variable
	types  *registry
	check  func() *checker.Env
}

// NewEnv makes an environment with the function library, `now` and the given variables.
func NewEnv(vars ...Variable) *Env {
	return extend(nil, vars)
}

// With gives an environment that has these variables as well; one of the same name is replaced. It costs
// about as much as the declarations given: an Env per task is fine.
func (e *Env) With(vars ...Variable) *Env {
	if len(vars) == 0 {
		return e
	}
	return extend(e, vars)
}

func extend(parent *Env, vars []Variable) *Env {
	e := &Env{parent: parent, vars: slices.Clone(vars), types: &registry{}}
	if parent != nil {
		e.types.parent = parent.types
	}
	idents := make([]*decls.VariableDecl, 0, len(vars))
	declared := map[string]bool{}
	for i := len(vars) - 1; i >= 0; i-- { // of two with one name the later holds
		if v := vars[i]; !declared[v.Name] {
			declared[v.Name] = true
			idents = append(idents, decls.NewVariable(v.Name, e.celType(v.Type)))
		}
	}
	e.check = sync.OnceValue(func() *checker.Env { return e.newChecker(idents) })
	return e
}

// celType gives the CEL type of a schema type and notes the object types in it.
func (e *Env) celType(t *schema.Type) *types.Type {
	return celType(t, func(t *schema.Type) string {
		s := shapeOf(t)
		if e.types.find(s.name) == nil {
			e.types.shapes = append(e.types.shapes, s)
		}
		return s.name
	})
}

func (e *Env) newChecker(idents []*decls.VariableDecl) *checker.Env {
	var outer *checker.Env
	if e.parent != nil {
		outer = e.parent.check()
	} else {
		outer = library().checker
	}
	c, err := checker.NewEnv(containers.DefaultContainer, e.types,
		checker.ValidatedDeclarations(outer), checker.CrossTypeNumericComparisons(true))
	if err == nil {
		err = c.AddIdents(idents...)
	}
	if err != nil {
		panic("expr: " + err.Error()) // names are unique here, so only a defect can cause this
	}
	return c
}

// variable finds a variable by name.
func (e *Env) variable(name string) (Variable, bool) {
	for ; e != nil; e = e.parent {
		for i := len(e.vars) - 1; i >= 0; i-- {
			if e.vars[i].Name == name {
				return e.vars[i], true
			}
		}
	}
	return Variable{}, false
}

// names lists all variables, `now` included.
func (e *Env) names() []string {
	names := []string{"now"}
	for ; e != nil; e = e.parent {
		for _, v := range e.vars {
			if !slices.Contains(names, v.Name) {
				names = append(names, v.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}
