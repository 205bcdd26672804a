package expr

import (
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/interpreter"
)

// planner makes runnable plans of checked expressions. cel-go wants an environment per set of types for
// this, which costs 8 kB for every task of every workflow; one environment whose types are changed for each
// plan does as well, because plans keep what they found of the types.
type planner struct {
	sync.Mutex
	env   *cel.Env
	types *registry // of the plan that is being made
}

var thePlanner = sync.OnceValue(func() *planner {
	p := &planner{types: &registry{}}
	env, err := library().cel.Extend(cel.CustomTypeProvider(planTypes{p}))
	if err != nil {
		panic("expr: " + err.Error()) // no declarations are added, so only a defect can cause this
	}
	p.env = env
	return p
})

func (p *planner) plan(checked *ast.AST, known *registry, decorate interpreter.InterpretableDecoratorV2) (cel.Program, error) {
	p.Lock()
	defer p.Unlock()
	p.types = known
	defer func() { p.types = nil }()
	return p.env.PlanProgram(checked, cel.EvalOptions(cel.OptOptimize), cel.CustomDecoratorV2(decorate))
}

// planTypes answers from the types of the plan that is being made. Only FindIdent is asked later on, while
// plans run, and it does not depend on them.
type planTypes struct{ p *planner }

func (t planTypes) EnumValue(name string) ref.Val         { return noEnum }
func (t planTypes) FindIdent(name string) (ref.Val, bool) { return (*registry)(nil).FindIdent(name) }
func (t planTypes) FindStructType(name string) (*types.Type, bool) {
	return t.p.types.FindStructType(name)
}
func (t planTypes) FindStructFieldNames(n string) ([]string, bool) {
	return t.p.types.FindStructFieldNames(n)
}
func (t planTypes) NewValue(n string, f map[string]ref.Val) ref.Val { return t.p.types.NewValue(n, f) }

func (t planTypes) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	return t.p.types.FindStructFieldType(name, field)
}
