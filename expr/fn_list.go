package expr

import (
	"slices"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

var listFunctions = []function{
	{signs: []string{"list_of_T.sort_by(x, key) -> list of T"}, macro: true,
		doc:      "Sorts by a key; entries with equal keys keep their order, null keys come first, text is sorted without regard to capital letters.",
		examples: []string{`[{'n': 'b', 'i': 2}, {'n': 'a', 'i': 1}].sort_by(x, x.i).map(x, x.n) => ["a","b"]`, `['b', 'A', 'c'].sort_by(x, x) => ["A","b","c"]`}},
	{signs: []string{"list_of_T.sort_by_desc(x, key) -> list of T"}, macro: true, doc: "Sorts by a key, the largest first.",
		examples: []string{`[1, 3, 2].sort_by_desc(x, x) => [3,2,1]`}},
	{signs: []string{"list_of_T.group_by(x, key) -> map of list of T"}, macro: true,
		doc:      "Groups the entries by a key that is text (numbers and booleans are written as text). A loop over the groups goes by key.",
		examples: []string{`['ann', 'bob', 'al'].group_by(x, x.charAt(0)) => {"a":["ann","al"],"b":["bob"]}`, `[1, 2, 3].group_by(x, x % 2 == 0) => {"false":[1,3],"true":[2]}`}},
	{signs: []string{"list_of_T.index_by(x, key) -> map of T"}, macro: true, doc: "Makes an object of the entries by a key; of two with the same key the later stays.",
		examples: []string{`[{'id': 1, 'n': 'a'}, {'id': 2, 'n': 'b'}].index_by(x, x.id)['2'].n => "b"`}},
	{signs: []string{"list_of_T.unique_by(x, key) -> list of T"}, macro: true, doc: "Keeps the first entry of each key.",
		examples: []string{`['ann', 'bob', 'al'].unique_by(x, x.charAt(0)) => ["ann","bob"]`}},
	{signs: []string{"list_of_T.min_by(x, key) -> optional T"}, macro: true, doc: "Gives the entry with the smallest key.",
		examples: []string{`['ccc', 'a', 'bb'].min_by(x, x.size()).orValue('') => "a"`}},
	{signs: []string{"list_of_T.max_by(x, key) -> optional T"}, macro: true, doc: "Gives the entry with the largest key.",
		examples: []string{`['ccc', 'a', 'bb'].max_by(x, x.size()).orValue('') => "ccc"`, `[].max_by(x, x).orValue('none') => "none"`}},
	{signs: []string{"list_of_T.sum_by(x, number) -> any"}, macro: true, doc: "Adds up a number of each entry; null counts as 0.",
		examples: []string{`[{'h': 1}, {'h': 0.5}].sum_by(x, x.h) => 1.5`, `[].sum_by(x, x) => 0`}},
	{signs: []string{"list_of_T.count_by(x, key) -> map of integer"}, macro: true, doc: "Counts the entries by a key.",
		examples: []string{`['ann', 'bob', 'al'].count_by(x, x.charAt(0)) => {"a":2,"b":1}`}},
	{signs: []string{"list_of_T.count(x, condition) -> integer"}, macro: true, doc: "Counts the entries for which the condition holds.",
		examples: []string{`[1, 2, 3].count(x, x > 1) => 2`}},
	{signs: []string{"list_of_T.reject(x, condition) -> list of T"}, macro: true, doc: "Keeps the entries for which the condition does not hold: the opposite of filter.",
		examples: []string{`[1, 2, 3].reject(x, x > 1) => [1]`}},
	{signs: []string{"list_of_T.unique() -> list of T"}, doc: "Keeps the first of equal entries.",
		examples: []string{`[1, 2, 1.0, 'a', 'a'].unique() => [1,2,"a"]`},
		run:      func(a args) (any, error) { return uniqueBy(a.values(0), a.values(0)) }},
	{signs: []string{"list_of_T.compact() -> list of T"}, doc: "Leaves out null and empty text.",
		examples: []string{`['a', null, '', 'b'].compact() => ["a","b"]`},
		run: func(a args) (any, error) {
			return slices.DeleteFunc(slices.Clone(a.values(0)), func(v ref.Val) bool {
				return v == types.NullValue || v == types.String("")
			}), nil
		}},
	{signs: []string{"list_of_T.without(others: list of T) -> list of T"}, doc: "Leaves out the entries that stand in another list.",
		examples: []string{`[1, 2, 3].without([2]) => [1,3]`},
		run: func(a args) (any, error) {
			out := newSet(a.values(1))
			kept := slices.DeleteFunc(slices.Clone(a.values(0)), out.has)
			return kept, out.tooMany()
		}},
	{signs: []string{"list_of_T.common(others: list of T) -> list of T"}, doc: "Keeps the entries that stand in another list as well.",
		examples: []string{`[1, 2, 3].common([3, 1]) => [1,3]`},
		run: func(a args) (any, error) {
			in := newSet(a.values(1))
			kept := slices.DeleteFunc(slices.Clone(a.values(0)), func(v ref.Val) bool { return !in.has(v) })
			return kept, in.tooMany()
		}},
	{signs: []string{"list_of_T.take(count: integer) -> list of T"}, doc: "Gives the first entries.",
		examples: []string{`[1, 2, 3].take(2) => [1,2]`, `[1].take(5) => [1]`},
		run: func(a args) (any, error) {
			v := a.values(0)
			return v[:min(max(a.integer(1), 0), len(v))], nil
		}},
	{signs: []string{"list_of_T.skip(count: integer) -> list of T"}, doc: "Leaves out the first entries.",
		examples: []string{`[1, 2, 3].skip(2) => [3]`, `[1].skip(5) => []`},
		run: func(a args) (any, error) {
			v := a.values(0)
			return v[min(max(a.integer(1), 0), len(v)):], nil
		}},
	{signs: []string{"list_of_T.chunk(size: integer) -> list of list of T"}, doc: "Cuts a list into lists of so many entries.",
		examples: []string{`[1, 2, 3].chunk(2) => [[1,2],[3]]`},
		run: func(a args) (any, error) {
			if a.integer(1) < 1 {
				return nil, dataErrorf("", "chunk needs a size of at least 1")
			}
			var out []ref.Val
			for part := range slices.Chunk(a.values(0), a.integer(1)) {
				out = append(out, adapter{}.NativeToValue(part))
			}
			return out, nil
		}},
	{signs: []string{"list_of_T.enumerate(start?: integer) -> any"}, doc: "Gives {index, item} for each entry; counts from 0 unless said.",
		examples: []string{`['a', 'b'].enumerate(1).map(e, string(e.index) + e.item) => ["1a","2b"]`},
		run: func(a args) (any, error) {
			out := make([]any, len(a.values(0)))
			for i, v := range a.values(0) {
				out[i] = map[string]any{"index": int64(i + a.integerOr(1, 0)), "item": v}
			}
			return out, nil
		}},
	{signs: []string{"zip(left: list of T, right: list of U) -> any"}, doc: "Pairs the entries of two lists as {left, right}, as far as the shorter goes.",
		examples: []string{`zip(['a', 'b'], [1, 2]).map(p, p.left + string(p.right)) => ["a1","b2"]`},
		run: func(a args) (any, error) {
			left, right := a.values(0), a.values(1)
			out := make([]any, min(len(left), len(right)))
			for i := range out {
				out[i] = map[string]any{"left": left[i], "right": right[i]}
			}
			return out, nil
		}},
	{signs: []string{"list_of_integer.sum() -> integer", "list_of_number.sum() -> number"}, doc: "Adds up numbers; 0 for an empty list.",
		examples: []string{`[1, 2, 3].sum() => 6`, `[1.5, 2.0].sum() => 3.5`},
		run:      func(a args) (any, error) { return sum(a.list(0)) }},
	{signs: []string{"list_of_T.min() -> optional T"}, doc: "Gives the smallest entry.", examples: []string{`[3, 1, 2].min().orValue(0) => 1`},
		run: func(a args) (any, error) { return extreme(a.values(0), a.values(0), -1) }},
	{signs: []string{"list_of_T.max() -> optional T"}, doc: "Gives the largest entry.", examples: []string{`['a', 'c', 'b'].max().orValue('') => "c"`},
		run: func(a args) (any, error) { return extreme(a.values(0), a.values(0), 1) }},
	{signs: []string{"list_of_integer.avg() -> optional number", "list_of_number.avg() -> optional number"}, doc: "Gives the mean of numbers; none for an empty list.",
		examples: []string{`[1, 2].avg().orValue(0.0) => 1.5`},
		run: func(a args) (any, error) {
			total, err := sum(a.list(0))
			if err != nil || len(a.list(0)) == 0 {
				return types.OptionalNone, err
			}
			n, _ := numberOf(adapter{}.NativeToValue(total))
			return types.OptionalOf(types.Double(n.(float64) / float64(len(a.list(0))))), nil
		}},
	{signs: []string{"list_of_integer.join(separator?: text) -> text", "list_of_number.join(separator?: text) -> text", "list_of_boolean.join(separator?: text) -> text"},
		doc: "Writes the entries as one text with a separator between them. Lists of text have it as well.", examples: []string{`[1, 2].join(', ') => "1, 2"`, `['a', 'b'].join('-') => "a-b"`},
		run: func(a args) (any, error) { return joinScalars(a.list(0), a.textOr(1, "")) }},
	{signs: []string{"list_of_T.@sort_by(keys: list of U) -> list of T"}, run: func(a args) (any, error) { return sortBy(a.values(0), a.values(1), 1) }},
	{signs: []string{"list_of_T.@sort_by_desc(keys: list of U) -> list of T"}, run: func(a args) (any, error) { return sortBy(a.values(0), a.values(1), -1) }},
	{signs: []string{"list_of_T.@group_by(keys: list of U) -> map of list of T"}, run: func(a args) (any, error) { return groupBy(a.values(0), a.values(1)) }},
	{signs: []string{"list_of_T.@index_by(keys: list of U) -> map of T"}, run: func(a args) (any, error) { return indexBy(a.values(0), a.values(1)) }},
	{signs: []string{"list_of_T.@unique_by(keys: list of U) -> list of T"}, run: func(a args) (any, error) { return uniqueBy(a.values(0), a.values(1)) }},
	{signs: []string{"list_of_T.@min_by(keys: list of U) -> optional T"}, run: func(a args) (any, error) { return extreme(a.values(0), a.values(1), -1) }},
	{signs: []string{"list_of_T.@max_by(keys: list of U) -> optional T"}, run: func(a args) (any, error) { return extreme(a.values(0), a.values(1), 1) }},
	{signs: []string{"list_of_T.@count_by(keys: list of U) -> map of integer"}, run: func(a args) (any, error) { return countBy(a.values(1)) }},
	{signs: []string{"list_of_T.@sum_by(keys: list of integer) -> integer", "list_of_T.@sum_by(keys: list of number) -> number"},
		run: func(a args) (any, error) { return sum(a.list(1)) }},
}

func sum(list []any) (any, error) {
	var whole int64
	var real float64
	mixed := false
	for i, item := range list {
		switch n := item.(type) {
		case int64:
			if next := whole + n; (next > whole) == (n > 0) {
				whole = next
			} else {
				return nil, dataErrorf("", "the sum is too large")
			}
		case float64:
			real += n
			mixed = true
		case nil:
		default:
			return nil, dataErrorf("", "only numbers can be added up, and entry %d is %s", i, describe(item))
		}
	}
	if mixed {
		return real + float64(whole), nil
	}
	return whole, nil
}

func joinScalars(list []any, separator string) (any, error) {
	var out []byte
	for i, item := range list {
		if i > 0 {
			out = append(out, separator...)
		}
		s, err := scalarText(item)
		if err != nil {
			return nil, err
		}
		if out = append(out, s...); len(out) > maxValue {
			return nil, errSize
		}
	}
	return string(out), nil
}
