package expr

import (
	"slices"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

func groupBy(list, keys []ref.Val) (any, error) {
	groups := map[string][]ref.Val{}
	for i, key := range keys {
		name, err := groupName(key)
		if err != nil {
			return nil, err
		}
		groups[name] = append(groups[name], list[i])
	}
	out := make(map[string]any, len(groups))
	for name, members := range groups {
		out[name] = members
	}
	return out, nil
}

// groupName is the key of a group; null is the empty text.
func groupName(key ref.Val) (string, error) {
	if key == types.NullValue {
		return "", nil
	}
	return keyText(key)
}

func indexBy(list, keys []ref.Val) (any, error) {
	out := make(map[string]any, len(list))
	for i, key := range keys {
		name, err := groupName(key)
		if err != nil {
			return nil, err
		}
		out[name] = list[i]
	}
	return out, nil
}

func countBy(keys []ref.Val) (any, error) {
	counts := map[string]any{}
	for _, key := range keys {
		name, err := groupName(key)
		if err != nil {
			return nil, err
		}
		n, _ := counts[name].(int64)
		counts[name] = n + 1
	}
	return counts, nil
}

func sortBy(list, keys []ref.Val, direction int) (any, error) {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	var failed error
	slices.SortStableFunc(order, func(a, b int) int {
		c, err := compareValues(keys[a], keys[b])
		if err != nil {
			failed = err
		}
		return c * direction
	})
	out := make([]ref.Val, len(list))
	for i, from := range order {
		out[i] = list[from]
	}
	return out, failed
}

func extreme(list, keys []ref.Val, direction int) (any, error) {
	best := -1
	for i, key := range keys {
		if key == types.NullValue {
			continue
		}
		if best < 0 {
			best = i
			continue
		}
		c, err := compareValues(key, keys[best])
		if err != nil {
			return nil, err
		}
		if c*direction > 0 {
			best = i
		}
	}
	if best < 0 {
		return types.OptionalNone, nil
	}
	return types.OptionalOf(list[best]), nil
}

// compareValues orders keys: null first, text without regard to capital letters (then with it).
func compareValues(a, b ref.Val) (int, error) {
	if a == types.NullValue || b == types.NullValue {
		if a == b {
			return 0, nil
		}
		if a == types.NullValue {
			return -1, nil
		}
		return 1, nil
	}
	if left, ok := a.(types.String); ok {
		if right, ok := b.(types.String); ok {
			return compareFolded(string(left), string(right)), nil
		}
	}
	if comparer, ok := a.(traits.Comparer); ok {
		if n, ok := comparer.Compare(b).(types.Int); ok {
			return int(n), nil
		}
	}
	return 0, dataErrorf("sort by a key that is always of one kind", "%s and %s cannot be put into an order", describe(a), describe(b))
}
