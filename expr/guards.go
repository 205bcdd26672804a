package expr

import (
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/functions"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

// Some of cel-go's functions make results, or do work, out of all proportion to what they are given:
// x.replace('x', x) of a megabyte takes a terabyte and kills the process. They are declared again with a
// look at their arguments first.

// guards say what is wrong with the arguments of a function, by its name; nil is nothing.
var guards = map[string]func(args []ref.Val) error{
	"replace":         guardReplace,
	"regex.replace":   guardReplacePattern,
	"join":            guardJoin,
	"format":          guardFormat,
	"split":           guardSplit,
	"sets.contains":   guardPairs,
	"sets.equivalent": guardPairs,
	"sets.intersects": guardPairs,
}

// guardOptions declares the guarded functions of env again.
func guardOptions(env *cel.Env) ([]cel.EnvOption, error) {
	var options []cel.EnvOption
	declared := env.Functions()
	for name, guard := range guards {
		bindings, err := declared[name].Bindings()
		if err != nil {
			return nil, err
		}
		byID := map[string]*functions.Overload{}
		for _, b := range bindings {
			byID[b.Operator] = b
		}
		var overloads []cel.FunctionOpt
		for _, o := range declared[name].OverloadDecls() {
			original := byID[o.ID()]
			if original == nil || strings.HasPrefix(o.ID(), "gantry_") {
				continue
			}
			binding := cel.FunctionBinding(func(args ...ref.Val) ref.Val {
				if err := guard(args); err != nil {
					return types.WrapErr(err)
				}
				return invoke(original, args)
			})
			declare := cel.Overload
			if o.IsMemberFunction() {
				declare = cel.MemberOverload
			}
			overloads = append(overloads, declare(o.ID(), o.ArgTypes(), o.ResultType(), binding))
		}
		options = append(options, cel.Function(name, overloads...))
	}
	return append(options, distinctOption()), nil
}

func invoke(f *functions.Overload, args []ref.Val) ref.Val {
	switch {
	case f.Unary != nil && len(args) == 1:
		return f.Unary(args[0])
	case f.Binary != nil && len(args) == 2:
		return f.Binary(args[0], args[1])
	}
	return f.Function(args...)
}

// distinctOption declares distinct() again: cel-go's compares every entry with every other.
func distinctOption() cel.EnvOption {
	list := cel.ListType(cel.TypeParamType("T"))
	return cel.Function("distinct", cel.MemberOverload("list_distinct", []*cel.Type{list}, list,
		cel.UnaryBinding(func(v ref.Val) ref.Val {
			values, err := valuesOf(v)
			if err != nil {
				return types.WrapErr(err)
			}
			out, err := uniqueBy(values.([]ref.Val), values.([]ref.Val))
			if err != nil {
				return types.WrapErr(err)
			}
			return adapter{}.NativeToValue(out)
		})))
}

func textOf(v ref.Val) string {
	s, _ := v.(types.String)
	return string(s)
}

// guardSize refuses results that are larger than a value may be.
func guardSize(size int) error {
	if size > maxValue || size < 0 {
		return errSize
	}
	return nil
}

func guardReplace(args []ref.Val) error {
	text, old, replacement := textOf(args[0]), textOf(args[1]), textOf(args[2])
	if len(text)*(len(replacement)+1) <= maxValue {
		return nil
	}
	return guardSize(len(text) + strings.Count(text, old)*len(replacement))
}

func guardReplacePattern(args []ref.Val) error {
	return guardSize((len(textOf(args[0])) + 1) * (len(textOf(args[2])) + 1))
}

func guardJoin(args []ref.Val) error {
	list, ok := args[0].(traits.Lister)
	if !ok {
		return nil
	}
	n := int(list.Size().(types.Int))
	if n > maxListLength {
		return errSize
	}
	size := 0
	if len(args) > 1 {
		size = n * len(textOf(args[1]))
	}
	for i := 0; i < n && size <= maxValue; i++ {
		size += len(textOf(list.Get(types.Int(i))))
	}
	return guardSize(size)
}

func guardFormat(args []ref.Val) error {
	if _, err := (&sizer{left: maxValue, noSecrets: true}).value(args[1]); err != nil {
		return err
	}
	return nil
}

func guardSplit(args []ref.Val) error {
	text, separator := textOf(args[0]), textOf(args[1])
	if len(text) > maxListLength && strings.Count(text, separator) > maxListLength {
		return dataErrorf("", "the text would fall into more than %d pieces", maxListLength)
	}
	return nil
}

// maxPairs bounds functions that compare every entry of one list with every entry of another.
const maxPairs = 1_000_000

func guardPairs(args []ref.Val) error {
	left, leftOK := args[0].(traits.Sizer)
	right, rightOK := args[1].(traits.Sizer)
	if !leftOK || !rightOK {
		return nil
	}
	l, r := left.Size().(types.Int), right.Size().(types.Int)
	if l > maxPairs || r > maxPairs || l*r > maxPairs {
		return dataErrorf("use .common(…) or .without(…), which are made for long lists", "the lists are too long to be compared as sets")
	}
	return nil
}
