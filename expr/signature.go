package expr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// signature is what a documented form says: text.truncate(length: integer, ending?: text) -> text.
//
// The words for types: text, integer, number (either kind), boolean, time, duration, moment (a time, or
// text in RFC 3339), any, object (a map or an object), T and U (any type, the same one wherever it is
// written), `list of …`, `map of …`, `optional …`.
type signature struct {
	name     string
	receiver string // "" for functions without one
	params   []string
	optional int // how many of params, counted from the end, may be left out
	result   string
}

func parseSignature(sign string) signature {
	head, result, _ := strings.Cut(sign, " -> ")
	head, list, _ := strings.Cut(strings.TrimSuffix(head, ")"), "(")
	s := signature{name: head, result: result}
	if receiver, name, ok := strings.Cut(head, "."); ok {
		s.receiver, s.name = receiver, name
	}
	s.receiver = strings.NewReplacer("_of_", " of ", "optional_", "optional ").Replace(s.receiver)
	for param := range strings.SplitSeq(list, ", ") {
		name, kind, ok := strings.Cut(param, ": ")
		if !ok {
			continue
		}
		s.params = append(s.params, kind)
		if strings.HasSuffix(name, "?") {
			s.optional++
		}
	}
	return s
}

// overloads declares every way to call the function: each number of arguments, each kind where a word
// stands for two.
func (s signature) overloads(f *function) []cel.FunctionOpt {
	var out []cel.FunctionOpt
	for n := len(s.params) - s.optional; n <= len(s.params); n++ {
		words := s.params[:n]
		if s.receiver != "" {
			words = append([]string{s.receiver}, words...)
		}
		for _, kinds := range choices(words) {
			out = append(out, s.overload(f, words, kinds))
		}
	}
	return out
}

// choices writes out the words that stand for two types.
func choices(words []string) [][]string {
	out := [][]string{nil}
	for _, word := range words {
		alternatives := []string{word}
		switch word {
		case "number":
			alternatives = []string{"integer", "number"}
		case "moment":
			alternatives = []string{"time", "text"}
		}
		var next [][]string
		for _, begun := range out {
			for _, kind := range alternatives {
				next = append(next, append(slices.Clone(begun), kind))
			}
		}
		out = next
	}
	return out
}

func (s signature) overload(f *function, words, kinds []string) cel.FunctionOpt {
	argTypes := make([]*cel.Type, len(kinds))
	for i, kind := range kinds {
		argTypes[i] = celTypeOf(kind)
	}
	id := "gantry_" + s.name + "_" + strings.NewReplacer(" ", "_").Replace(strings.Join(kinds, "_"))
	objects[id] = objectArguments(kinds)
	words = slices.Clone(words)
	binding := cel.FunctionBinding(func(values ...ref.Val) ref.Val { return s.asDeclared(f.call(words, values)) })
	if s.receiver != "" {
		return cel.MemberOverload(id, argTypes, celTypeOf(s.result), binding)
	}
	return cel.Overload(id, argTypes, celTypeOf(s.result), binding)
}

// asDeclared makes a number of a whole number where a number is declared: what follows was compiled for one, and the sum
// of an empty list of numbers is 0.
func (s signature) asDeclared(v ref.Val) ref.Val {
	if whole, ok := v.(types.Int); ok && s.result == "number" {
		return types.Double(whole)
	}
	return v
}

// objects tells, by overload, which arguments must be objects: CEL has no type that says so.
var objects = map[string][]int{}

func objectArguments(kinds []string) []int {
	var out []int
	for i, kind := range kinds {
		if kind == "object" {
			out = append(out, i)
		}
	}
	return out
}

var celTypes = map[string]*cel.Type{
	"text": types.StringType, "integer": types.IntType, "number": types.DoubleType, "boolean": types.BoolType,
	"time": types.TimestampType, "duration": types.DurationType, "any": types.DynType, "object": types.DynType,
	"list": types.NewListType(types.DynType), "T": types.NewTypeParamType("T"), "U": types.NewTypeParamType("U"),
}

func celTypeOf(word string) *cel.Type {
	if t, ok := celTypes[word]; ok {
		return t
	}
	if rest, ok := strings.CutPrefix(word, "list of "); ok {
		return types.NewListType(celTypeOf(rest))
	}
	if rest, ok := strings.CutPrefix(word, "map of "); ok {
		return types.NewMapType(types.StringType, celTypeOf(rest))
	}
	if rest, ok := strings.CutPrefix(word, "optional "); ok {
		return types.NewOptionalType(celTypeOf(rest))
	}
	panic(fmt.Sprintf("expr: no type %q in a signature", word)) // a constant table, proved by any test
}
