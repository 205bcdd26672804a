package expr

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

var objectFunctions = []function{
	{signs: []string{"object.keys() -> list of text"}, doc: "Lists an object's names in alphabetical order.",
		examples: []string{`{'b': 1, 'a': 2}.keys() => ["a","b"]`},
		run:      func(a args) (any, error) { return anys(sortedKeys(a.object(0))), nil }},
	{signs: []string{"object.values() -> any"}, doc: "Lists an object's values in the order of their names.",
		examples: []string{`{'b': 1, 'a': 2}.values() => [2,1]`},
		run: func(a args) (any, error) {
			var out []any
			for _, key := range sortedKeys(a.object(0)) {
				out = append(out, a.object(0)[key])
			}
			return orEmpty(out), nil
		}},
	{signs: []string{"object.entries() -> any"}, doc: "Lists an object as {key, value}, by key.",
		examples: []string{`{'b': 1, 'a': 2}.entries().map(e, e.key + string(e.value)) => ["a2","b1"]`},
		run: func(a args) (any, error) {
			var out []any
			for _, key := range sortedKeys(a.object(0)) {
				out = append(out, map[string]any{"key": key, "value": a.object(0)[key]})
			}
			return orEmpty(out), nil
		}},
	{signs: []string{"list.from_entries() -> map of any"}, doc: "Makes an object of {key, value} entries, or of pairs.",
		examples: []string{`[{'key': 'a', 'value': 1}, {'key': 'b', 'value': 2}].from_entries() => {"a":1,"b":2}`, `[['a', 1]].from_entries() => {"a":1}`},
		run:      func(a args) (any, error) { return fromEntries(a.list(0)) }},
	{signs: []string{"object.merge(other: object) -> map of any"}, doc: "Puts two objects together; where both have a name the other's value stays.",
		examples: []string{`{'a': 1, 'b': 1}.merge({'b': 2, 'c': 3}) => {"a":1,"b":2,"c":3}`},
		run: func(a args) (any, error) {
			out := cloneMap(a.object(0))
			maps.Copy(out, a.object(1))
			return out, nil
		}},
	{signs: []string{"object.merge_deep(other: object) -> map of any"}, doc: "Puts two objects together, and the objects in them as well.",
		examples: []string{`{'a': {'x': 1, 'y': 1}}.merge_deep({'a': {'y': 2}}) => {"a":{"x":1,"y":2}}`},
		run:      func(a args) (any, error) { return mergeDeep(a.object(0), a.object(1)), nil }},
	{signs: []string{"object.pick(names: list of text) -> map of any"}, doc: "Keeps only these names.",
		examples: []string{`{'a': 1, 'b': 2, 'c': 3}.pick(['a', 'c', 'x']) => {"a":1,"c":3}`},
		run: func(a args) (any, error) {
			names, err := texts(a.list(1))
			out := map[string]any{}
			for _, name := range names {
				if v, ok := a.object(0)[name]; ok {
					out[name] = v
				}
			}
			return out, err
		}},
	{signs: []string{"object.omit(names: list of text) -> map of any"}, doc: "Leaves these names out.",
		examples: []string{`{'a': 1, 'b': 2}.omit(['b']) => {"a":1}`},
		run: func(a args) (any, error) {
			names, err := texts(a.list(1))
			out := cloneMap(a.object(0))
			for _, name := range names {
				delete(out, name)
			}
			return out, err
		}},
	{signs: []string{"object.rename(names: map of text) -> map of any"}, doc: "Gives values other names.",
		examples: []string{`{'id': 1, 'x': 2}.rename({'id': 'ticket_id'}) => {"ticket_id":1,"x":2}`},
		run: func(a args) (any, error) {
			out := map[string]any{}
			for name, v := range a.object(0) {
				if other, ok := a.object(1)[name].(string); ok {
					name = other
				}
				out[name] = v
			}
			return out, nil
		}},
	{signs: []string{"object.drop_empty() -> map of any"}, doc: "Leaves out names whose value is null or empty text.",
		examples: []string{`{'a': 1, 'b': null, 'c': ''}.drop_empty() => {"a":1}`},
		run: func(a args) (any, error) {
			out := cloneMap(a.object(0))
			maps.DeleteFunc(out, func(_ string, v any) bool { return v == nil || v == "" })
			return out, nil
		}},
	{signs: []string{"any.get_path(path: text) -> optional any"}, doc: "Reads a value deep inside by a path that is text, with dots between names and numbers of list entries; none where there is nothing.",
		examples: []string{`{'a': [{'b': 7}]}.get_path('a.0.b').orValue(0) => 7`, `{'a': 1}.get_path('x.y').orValue('none') => "none"`},
		run:      func(a args) (any, error) { return getPath(a[0], a.text(1)), nil }},
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

func orEmpty(list []any) []any {
	if list == nil {
		return []any{}
	}
	return list
}

func fromEntries(list []any) (any, error) {
	out := map[string]any{}
	for i, item := range list {
		var key, value any
		switch entry := item.(type) {
		case map[string]any:
			key, value = entry["key"], entry["value"]
		case []any:
			if len(entry) == 2 {
				key, value = entry[0], entry[1]
			}
		}
		name, ok := key.(string)
		if !ok {
			return nil, dataErrorf("", "entry %d is neither {key, value} nor a pair whose first is text", i)
		}
		out[name] = value
	}
	return out, nil
}

func mergeDeep(a, b map[string]any) map[string]any {
	out := cloneMap(a)
	for key, value := range b {
		left, leftOK := out[key].(map[string]any)
		right, rightOK := value.(map[string]any)
		if leftOK && rightOK {
			value = mergeDeep(left, right)
		}
		out[key] = value
	}
	return out
}

func getPath(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			next, ok := at[name]
			if !ok {
				return noValue
			}
			v = next
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(at) {
				return noValue
			}
			v = at[i]
		default:
			return noValue
		}
	}
	return someValue(v)
}
