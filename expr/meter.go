package expr

import (
	"time"

	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/interpreter"
)

// The meter bounds one evaluation in work and time. cel-go's own cost tracker is not used: it keeps every
// value of a loop on a stack and searches that stack at each step, which makes a list of 10,000 entries
// with a condition inside take quadratic time. This one counts where work can grow with the data: at each
// turn of a loop and at each value that a function reads. Expressions without either carry no meter.

// meter is one evaluation's account. The clock starts with the first look at it, which comes early.
type meter struct {
	spent    int64
	unlooked int64
	deadline time.Time
	stopped  *dataError // why the evaluation was cut off
}

var (
	errCost = dataErrorf("filter long lists first, and do less per entry", "the expression needs more than %d steps", MaxCost)
	errTime = dataErrorf("filter long lists first, and do less per entry", "the expression takes longer than %s", MaxTime)
	errSize = dataErrorf("", "the expression makes a value that is larger than %d MiB", maxValue>>20)
)

// maxValue is how large a text may get while an expression is evaluated.
const maxValue = 4 * MaxResult

func (m *meter) charge(cost int64) {
	m.spent += cost
	m.unlooked += cost
	if m.spent > MaxCost || cost < 0 {
		m.stop(errCost)
	}
	if m.unlooked >= checkEvery {
		m.look()
	}
}

func (m *meter) look() {
	m.unlooked = 0
	now := time.Now()
	switch {
	case m.deadline.IsZero():
		m.deadline = now.Add(MaxTime)
	case now.After(m.deadline):
		m.stop(errTime)
	}
}

// stop leaves the evaluation by the panic that cel-go keeps for this: an error value would be swallowed
// by `||` and the evaluation would go on.
func (m *meter) stop(why *dataError) {
	m.stopped = why
	panic(interpreter.EvalCancelledError{Cause: interpreter.CostLimitExceeded, Message: why.message})
}

const meterName = "@meter"

func meterOf(frame *interpreter.ExecutionFrame) *meter {
	v, _ := frame.ResolveName(meterName)
	m, _ := v.(*meter)
	if m == nil {
		m = &meter{} // a program without a meter has nothing that is charged
	}
	return m
}

// watch says what is to be watched at a node.
type watch struct {
	turn    int64 // cost of one turn, for the step of a loop
	value   bool  // the value's size counts: an argument or the result of a function
	times   int64 // and so many times as much, if more than once
	ordered bool  // the value is what a loop walks over
	secret  bool  // the value may be a secret, though its type does not say so
}

// watches finds the nodes of an expression at which work can grow or a secret can be misused.
func watches(checked *ast.AST) map[int64]watch {
	w := map[int64]watch{}
	ast.PostOrderVisit(checked.Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		switch e.Kind() {
		case ast.CallKind:
			watchCall(checked, e, w)
		case ast.ComprehensionKind:
			watchLoop(checked, e.AsComprehension(), w)
		}
	}))
	return w
}

func watchLoop(checked *ast.AST, loop ast.ComprehensionExpr, w map[int64]watch) {
	at := w[loop.IterRange().ID()]
	if t := checked.GetType(loop.IterRange().ID()); t == nil || t.Kind() != types.ListKind {
		at.ordered = true
	}
	w[loop.IterRange().ID()] = at
	step := w[loop.LoopStep().ID()]
	step.turn = int64(countNodes(loop.LoopCondition()) + countNodes(loop.LoopStep()))
	w[loop.LoopStep().ID()] = step
}

func countNodes(e ast.Expr) int {
	n := 0
	ast.PostOrderVisit(e, ast.NewExprVisitor(func(ast.Expr) { n++ }))
	return n
}

func watchCall(checked *ast.AST, e ast.Expr, w map[int64]watch) {
	call := e.AsCall()
	name := call.FunctionName()
	switch name {
	case operators.Index, operators.OptIndex, operators.OptSelect, operators.Conditional, "orValue", "or", "default", "@default":
		return // they hand a value on
	}
	if name[0] != '_' && isWordByte(name[0]) && !constantCost[name] && canBeLarge(checked.GetType(e.ID())) {
		at := w[e.ID()]
		at.value = true
		w[e.ID()] = at
	}
	watchPattern(call, w)
	args := call.Args()
	if call.IsMemberFunction() {
		args = append([]ast.Expr{call.Target()}, args...)
	}
	for _, arg := range args {
		t := checked.GetType(arg.ID())
		at := w[arg.ID()]
		at.value = at.value || !constantCost[name] && canBeLarge(t) && arg.Kind() != ast.LiteralKind && !joinsLists(name, t)
		at.secret = at.secret || name != "dyn" && mayHideSecret(t)
		if at != (watch{}) {
			w[arg.ID()] = at
		}
	}
}

// watchPattern makes text dearer that a regular expression is matched with: RE2 takes time in proportion
// to the product of both.
func watchPattern(call ast.CallExpr, w map[int64]watch) {
	pattern, ok := regexArgument(call)
	if !ok {
		return
	}
	length := maxPatternLength / 2
	if text, isText := textLiteral(pattern); isText {
		length = len(text)
	}
	text := call.Args()[0]
	if call.IsMemberFunction() {
		text = call.Target()
	}
	at := w[text.ID()]
	at.times = int64(1 + length/16)
	w[text.ID()] = at
}

// constantCost names the operations that do not read the whole of their arguments.
var constantCost = map[string]bool{
	operators.LogicalAnd: true, operators.LogicalOr: true, operators.LogicalNot: true, operators.NotStrictlyFalse: true,
	operators.Less: true, operators.LessEquals: true, operators.Greater: true, operators.GreaterEquals: true,
	"size": true, "dyn": true, "hasValue": true, "value": true, "optional.of": true, "type": true,
	"cel.@mapInsert": true,
}

// joinsLists tells whether a call is list + list, which copies nothing. Loops gather their results so.
func joinsLists(name string, t *types.Type) bool {
	return name == operators.Add && t != nil && t.Kind() == types.ListKind
}

func canBeLarge(t *types.Type) bool {
	if t == nil {
		return true
	}
	switch t.Kind() {
	case types.BoolKind, types.IntKind, types.UintKind, types.DoubleKind, types.NullTypeKind, types.TimestampKind, types.DurationKind:
		return false
	}
	return true
}

func mayHideSecret(t *types.Type) bool {
	return t == nil || t.Kind() == types.DynKind || t.Kind() == types.OpaqueKind
}

// watchNode is a node with its watch.
type watchNode struct {
	interpreter.InterpretableV2
	watch
}

func (n *watchNode) Eval(vars interpreter.Activation) ref.Val {
	return n.Exec(interpreter.AsFrame(vars))
}

func (n *watchNode) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	if n.turn > 0 {
		meterOf(frame).charge(n.turn)
	}
	v := n.InterpretableV2.Exec(frame)
	if n.secret && isSecret(v) {
		return types.LabelErrNode(n.ID(), types.WrapErr(errSecret))
	}
	if n.ordered {
		v = inOrder(v)
	}
	if n.value {
		chargeValue(frame, v, max(n.times, 1))
	}
	return v
}

func isSecret(v ref.Val) bool {
	switch v := v.(type) {
	case *secretVal, *textVal:
		return true
	case *types.Optional:
		return v.HasValue() && isSecret(v.GetValue())
	}
	return false
}

// inOrder sees to it that maps are walked in the order of their keys.
func inOrder(v ref.Val) ref.Val {
	switch m := v.(type) {
	case *mapVal, *objectVal, *orderedMap:
		return v
	case traits.Mapper:
		return &orderedMap{m}
	}
	return v
}

func chargeValue(frame *interpreter.ExecutionFrame, v ref.Val, times int64) {
	switch v := v.(type) {
	case types.String:
		if len(v) > maxValue {
			meterOf(frame).stop(errSize)
		}
		if len(v) >= 16 {
			meterOf(frame).charge(int64(len(v)/16) * times)
		}
	case types.Bytes:
		meterOf(frame).charge(int64(len(v) / 16))
	case traits.Sizer:
		n, _ := v.Size().(types.Int)
		if n != 0 {
			meterOf(frame).charge(int64(n))
		}
	}
}
