package expr

import (
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/checker"
	"github.com/google/cel-go/common/containers"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/ext"
)

// baseLibrary is what all environments share: the functions, the parser with its limits, the operators.
type baseLibrary struct {
	cel     *cel.Env
	checker *checker.Env
}

// library makes the shared part once, when it is first needed.
var library = sync.OnceValue(func() *baseLibrary {
	env, err := cel.NewEnv(libraryOptions()...)
	if err == nil {
		var guarded []cel.EnvOption
		if guarded, err = guardOptions(env); err == nil {
			env, err = env.Extend(guarded...)
		}
	}
	if err != nil {
		panic("expr: " + err.Error()) // a constant construction: a defect, found by any test
	}
	c, err := checker.NewEnv(containers.DefaultContainer, &registry{}, checker.CrossTypeNumericComparisons(true))
	if err == nil {
		err = c.AddIdents(env.Variables()...)
	}
	for _, f := range env.Functions() {
		if err == nil && !f.IsDeclarationDisabled() {
			err = c.AddFunctions(f)
		}
	}
	if err != nil {
		panic("expr: " + err.Error())
	}
	return &baseLibrary{cel: env, checker: c}
})

func libraryOptions() []cel.EnvOption {
	options := []cel.EnvOption{
		cel.OptionalTypes(), // before the adapter and provider: it registers its own type with cel-go's
		cel.CustomTypeAdapter(adapter{}),
		cel.CustomTypeProvider(&registry{}),
		cel.CrossTypeNumericComparisons(true),
		cel.DefaultUTCTimeZone(true),
		cel.ParserRecursionLimit(maxNesting),
		cel.ParserExpressionSizeLimit(MaxSource),
		cel.ExpressionNodeLimit(maxNodes),
		cel.RegexProgramSizeLimit(2000),
		cel.Variable("now", types.TimestampType),
		ext.Strings(), ext.Lists(ext.ListsMaxRangeSize(maxListLength)), ext.Math(), ext.Sets(), ext.Encoders(),
		ext.Regex(), ext.Bindings(), ext.TwoVarComprehensions(),
	}
	options = append(options, operatorOptions()...)
	return append(options, functionOptions()...)
}
