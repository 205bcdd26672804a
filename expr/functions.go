package expr

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// Function documents one function of the library.
type Function struct {
	Name        string    `json:"name"`
	Group       string    `json:"group"`      // what it works on: text, list, object, time, …
	Signatures  []string  `json:"signatures"` // text.truncate(length: integer, ending?: text) -> text
	Description string    `json:"description"`
	Examples    []Example `json:"examples"`
}

// Example is an expression and its result as JSON. `now` is 2026-03-29T14:30:00Z, a Sunday.
type Example struct {
	Expression string `json:"expression"`
	Result     string `json:"result"`
}

// function is one entry of the library: what is documented is what is declared to CEL.
type function struct {
	signs    []string // several where it works on several kinds
	doc      string
	examples []string // "expression => JSON"
	run      func(a args) (any, error)
	macro    bool   // expanded in macros.go, or declared by CEL; the signature is documentation only
	called   string // the name, where the signature does not say it (math.abs)
}

// groups lists the library by what functions work on.
var groups = sync.OnceValue(func() []group {
	return []group{
		{"text", textFunctions}, {"pattern", patternFunctions}, {"web", webFunctions}, {"coding", codingFunctions},
		{"list", listFunctions}, {"object", objectFunctions}, {"time", timeFunctions}, {"number", numberFunctions},
		{"conversion", conversionFunctions}, {"format", formatFunctions},
		{"cel", celFunctions},
	}
})

type group struct {
	name      string
	functions []function
}

// Functions documents the whole library by group and name: Gantry's own functions and, as group cel, those
// of CEL and cel-go's extensions.
func Functions() []Function {
	var out []Function
	for _, g := range groups() {
		for _, f := range g.functions {
			if f.name()[0] == '@' {
				continue // what macros expand to
			}
			doc := Function{Name: f.name(), Group: g.name, Signatures: f.shown(), Description: f.doc}
			for _, example := range f.examples {
				expression, result, _ := strings.Cut(example, " => ")
				doc.Examples = append(doc.Examples, Example{expression, result})
			}
			out = append(out, doc)
		}
	}
	slices.SortStableFunc(out, func(a, b Function) int {
		if a.Group != b.Group {
			return strings.Compare(a.Group, b.Group)
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}

func (f *function) name() string {
	if f.called != "" {
		return f.called
	}
	return parseSignature(f.signs[0]).name
}

// shown gives the signatures as people read them: list_of_T.take is list.take.
func (f *function) shown() []string {
	var out []string
	for _, sign := range f.signs {
		if receiver, rest, ok := strings.Cut(sign, "."); ok && strings.HasPrefix(receiver, "list_of_") {
			sign = "list." + rest
		}
		if !slices.Contains(out, sign) {
			out = append(out, sign)
		}
	}
	return out
}

// signatures gives the documented forms of a function, for hints.
func signatures(name string) []string {
	var forms []string
	for _, g := range groups() {
		for i := range g.functions {
			if g.functions[i].name() == name {
				forms = append(forms, g.functions[i].shown()...)
			}
		}
	}
	return forms
}

// functionOptions declares the library to CEL.
func functionOptions() []cel.EnvOption {
	options := []cel.EnvOption{cel.Macros(macros()...)}
	for _, g := range groups() {
		for i := range g.functions {
			f := &g.functions[i]
			if f.macro {
				continue
			}
			options = append(options, f.option())
		}
	}
	return options
}

func (f *function) option() cel.EnvOption {
	var overloads []cel.FunctionOpt
	for _, sign := range f.signs {
		overloads = append(overloads, parseSignature(sign).overloads(f)...)
	}
	return cel.Function(f.name(), overloads...)
}

// call runs a function with the values of one evaluation.
func (f *function) call(params []string, values []ref.Val) ref.Val {
	a := make(args, len(values))
	for i, v := range values {
		converted, err := argument(params[i], v)
		if err != nil {
			return types.WrapErr(err)
		}
		a[i] = converted
	}
	result, err := f.run(a)
	if err != nil {
		return types.WrapErr(inFunction(f.name(), err))
	}
	return adapter{}.NativeToValue(result)
}

// inFunction makes a plain error one that speaks to the reader and names the function.
func inFunction(name string, err error) error {
	if data, ok := errors.AsType[*dataError](err); ok {
		return data
	}
	return &dataError{message: fmt.Sprintf("%s: %s", name, err)}
}
