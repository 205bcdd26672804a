package expr

import (
	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/interpreter"
)

// CEL does not mix whole numbers and numbers in arithmetic. JSON does not tell them apart: the same field
// of the same system comes as 2 today and 2.5 tomorrow. So here `1 + 0.5` is 1.5, whatever came.

var arithmetic = map[string]string{
	operators.Add: "add", operators.Subtract: "subtract", operators.Multiply: "multiply", operators.Divide: "divide",
}

func operatorOptions() []cel.EnvOption {
	var options []cel.EnvOption
	for operator, name := range arithmetic {
		options = append(options, cel.Function(operator,
			cel.Overload(name+"_int64_double", []*cel.Type{cel.IntType, cel.DoubleType}, cel.DoubleType),
			cel.Overload(name+"_double_int64", []*cel.Type{cel.DoubleType, cel.IntType}, cel.DoubleType)))
	}
	return options
}

// arithmeticNode evaluates + - * / over mixed numbers; everything else it leaves to CEL.
type arithmeticNode struct {
	interpreter.InterpretableCall
	left, right interpreter.InterpretableV2
}

func (n *arithmeticNode) Eval(vars interpreter.Activation) ref.Val {
	return n.Exec(interpreter.AsFrame(vars))
}

func (n *arithmeticNode) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	left := n.left.Exec(frame)
	if types.IsUnknownOrError(left) {
		return left
	}
	right := n.right.Exec(frame)
	if types.IsUnknownOrError(right) {
		return right
	}
	left, right = sameNumbers(left, right)
	return types.LabelErrNode(n.ID(), n.apply(left, right))
}

func (n *arithmeticNode) apply(left, right ref.Val) ref.Val {
	switch n.Function() {
	case operators.Add:
		if l, ok := left.(traits.Adder); ok {
			return orMismatch(l.Add(right), "add", left, right)
		}
	case operators.Subtract:
		if l, ok := left.(traits.Subtractor); ok {
			return orMismatch(l.Subtract(right), "subtract", left, right)
		}
	case operators.Multiply:
		if l, ok := left.(traits.Multiplier); ok {
			return orMismatch(l.Multiply(right), "multiply", left, right)
		}
	case operators.Divide:
		if l, ok := left.(traits.Divider); ok {
			return orMismatch(l.Divide(right), "divide", left, right)
		}
	}
	return types.WrapErr(mismatch(arithmetic[n.Function()], left, right))
}

// orMismatch puts CEL's "no such overload" into words that name the values.
func orMismatch(result ref.Val, verb string, left, right ref.Val) ref.Val {
	if err, ok := result.(*types.Err); ok && err.Error() == "no such overload" {
		return types.WrapErr(mismatch(verb, left, right))
	}
	return result
}

func mismatch(verb string, left, right ref.Val) error {
	l, r := describe(left), describe(right)
	return dataErrorf(mixHint(verb, l, r), "cannot %s %s and %s", verb, l, r)
}

// mixHint says how to make two kinds fit an arithmetic operator.
func mixHint(verb, left, right string) string {
	either := func(what string) bool { return left == what || right == what }
	switch {
	case either("a secret"):
		return secretHint
	case either("null"):
		return "write (…).default(0) or .default('') where a value may be null"
	case either("an optional value"):
		return "write .orValue(…) to say what to use when it is missing"
	case verb == "add" && either("text") && either("a time"):
		return "write the time with .format_date(…)"
	case either("a time") && either("a whole number"):
		return "write duration('1h'), or .add_days(1)"
	case verb == "add" && either("text"):
		return "write string(…) around the other value"
	case either("text"):
		return "write .to_number() behind the text"
	}
	return ""
}

func sameNumbers(left, right ref.Val) (ref.Val, ref.Val) {
	switch l := left.(type) {
	case types.Int:
		if _, ok := right.(types.Double); ok {
			return types.Double(l), right
		}
	case types.Double:
		if r, ok := right.(types.Int); ok {
			return left, types.Double(r)
		}
	}
	return left, right
}
