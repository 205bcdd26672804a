package expr

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/interpreter"

	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// Program is one checked expression. It may be evaluated by many goroutines at once.
type Program struct {
	env    *Env
	node   *source.Node
	offset int    // of text in the node's text
	text   string // as written, without the braces
	ast    *ast.AST
	typ    *schema.Type

	once    sync.Once
	plan    cel.Program
	planErr error

	looked     sync.Once
	references []Reference
}

// Type is the type of the result, as far as it is known before the run.
func (p *Program) Type() *schema.Type { return p.typ }

// Pos is where the expression begins in its file.
func (p *Program) Pos() source.Pos { return p.node.At(p.offset + leadingSpace(p.text)) }

// Source is the expression as written, without braces.
func (p *Program) Source() string { return trimmed(p.text) }

// Eval evaluates the expression. The result is JSON data, or a Secret where the expression hands one on.
// An error is a *fault.Error of code expression whose message begins with file:line:column.
func (p *Program) Eval(s Scope, at At) (_ any, err error) {
	defer p.contain(&err)
	v, err := p.run(s, at)
	if err != nil {
		return nil, p.failure(err)
	}
	data, err := toData(v)
	if err != nil {
		return nil, p.failure(err)
	}
	return data, nil
}

// Bool evaluates a condition. A result that is not true or false is an error.
func (p *Program) Bool(s Scope, at At) (_ bool, err error) {
	defer p.contain(&err)
	v, err := p.run(s, at)
	if err != nil {
		return false, p.failure(err)
	}
	if opt, ok := v.(*types.Optional); ok && opt.HasValue() {
		v = opt.GetValue()
	}
	b, ok := v.(types.Bool)
	if !ok {
		return false, p.failure(dataErrorf("compare it with something, for example `… == 'yes'` or `… != null`",
			"a condition must be true or false, and this is %s", describe(v)))
	}
	return bool(b), nil
}

// contain turns a panic, which is a defect of ours or of a Scope, into an error of this expression.
func (p *Program) contain(err *error) {
	if r := recover(); r != nil {
		*err = p.failure(fmt.Errorf("internal error: %v", r))
	}
}

// run is the one place where expressions are evaluated; evaluation with values that are not known yet
// will come in here as well, by an activation that names them.
func (p *Program) run(s Scope, at At) (ref.Val, error) {
	p.once.Do(p.prepare)
	if p.planErr != nil {
		return nil, p.planErr
	}
	vars := &scopeVars{scope: s, now: at.Now}
	v, _, err := p.plan.Eval(vars)
	if vars.meter.stopped != nil {
		return nil, vars.meter.stopped
	}
	return v, err
}

// prepare plans the evaluation, when it is first needed: most programs that are checked never run.
func (p *Program) prepare() {
	w := watches(p.ast)
	p.plan, p.planErr = thePlanner().plan(p.ast, p.env.types, decorate(w))
}

// decorate puts the meter and mixed arithmetic into the plan.
func decorate(w map[int64]watch) interpreter.InterpretableDecoratorV2 {
	return func(i interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
		if call, ok := i.(interpreter.InterpretableCall); ok && arithmetic[call.Function()] != "" && len(call.Args()) == 2 {
			i = &arithmeticNode{InterpretableCall: call, left: call.Args()[0], right: call.Args()[1]}
		}
		if at, ok := w[i.ID()]; ok {
			delete(w, i.ID()) // the planner may come by again with what it built around this node
			if _, constant := i.(interpreter.InterpretableConst); !constant || at.turn > 0 {
				return &watchNode{InterpretableV2: i, watch: at}, nil
			}
		}
		return i, nil
	}
}

// scopeVars shows a Scope to cel-go.
type scopeVars struct {
	scope Scope
	now   time.Time
	meter meter
}

// ResolveName implements cel's Activation.
func (v *scopeVars) ResolveName(name string) (any, bool) {
	switch name {
	case meterName:
		return &v.meter, true
	case "now":
		return types.Timestamp{Time: v.now}, true
	}
	if v.scope == nil {
		return nil, false
	}
	return v.scope.Resolve(name)
}

// Parent implements cel's Activation.
func (*scopeVars) Parent() interpreter.Activation { return nil }

// wordAt moves from the dot or the bracket at which CEL places a field or a call to its name.
func wordAt(text string, offset int) int {
	switch rest := text[offset:]; {
	case strings.HasPrefix(rest, "."):
		return offset + len(rest) - len(strings.TrimLeft(rest, ".? "))
	case strings.HasPrefix(rest, "("):
		before := strings.TrimRight(text[:offset], " ")
		return len(strings.TrimRightFunc(before, func(r rune) bool { return r < 0x80 && isWordByte(byte(r)) }))
	}
	return offset
}

// failure puts an error of the evaluation into words and gives it its place.
func (p *Program) failure(err error) error {
	place := p.Pos()
	var celErr *types.Err
	if errors.As(err, &celErr) && celErr.NodeID() > 0 {
		if at, ok := p.ast.SourceInfo().GetOffsetRange(celErr.NodeID()); ok {
			place = p.node.At(p.offset + wordAt(p.text, byteOffset(p.text, int(at.Start))))
		}
	}
	message, hint := explainFailure(p.ast, celErr, err)
	if where := place.String(); where != "" {
		message = where + ": " + message
	}
	out := fault.Wrap(err, fault.Expression, "%s", message)
	if hint != "" {
		out = out.WithHint("%s", hint)
	}
	return out
}
