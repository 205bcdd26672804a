package expr

import (
	"math"
	"slices"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"

	"gantry/schema"
)

// set finds equal values fast where they can be hashed, and by comparing where they cannot.
type set struct {
	hashed   map[any]bool
	others   []ref.Val
	compared int
}

func newSet(values []ref.Val) *set {
	s := &set{hashed: map[any]bool{}}
	for _, v := range values {
		s.add(v)
	}
	return s
}

// hashable gives a Go key that is equal for equal values, numbers of both kinds included. Lists and
// objects are hashed as the JSON they would leave the expression as.
func hashable(v ref.Val) (any, bool) {
	switch v := v.(type) {
	case types.Int:
		return float64(v), int64(float64(v)) == int64(v)
	case types.Double:
		return float64(v), true
	case types.String, types.Bool, types.Null:
		return v, true
	case traits.Lister, traits.Mapper:
		data, err := plain(v)
		if err != nil {
			return nil, false // a secret, which is equal to nothing
		}
		text, err := schema.Encode(wholeNumbers(data))
		return jsonKey(text), err == nil
	}
	return nil, false
}

type jsonKey string

// wholeNumbers writes numbers without a fraction as whole numbers, so that 1 and 1.0 have one JSON.
func wholeNumbers(v any) any {
	switch v := v.(type) {
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v)
		}
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = wholeNumbers(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, item := range v {
			out[key] = wholeNumbers(item)
		}
		return out
	}
	return v
}

func (s *set) has(v ref.Val) bool {
	if key, ok := hashable(v); ok {
		return s.hashed[key]
	}
	if s.compared += len(s.others); s.compared > maxPairs {
		return false
	}
	return slices.ContainsFunc(s.others, func(o ref.Val) bool { return types.Equal(o, v) == types.True })
}

// tooMany is an error when has gave up, because lists and objects had to be compared too often.
func (s *set) tooMany() error {
	if s.compared <= maxPairs {
		return nil
	}
	return dataErrorf("use .unique_by(x, x.id), or .map(x, x.id) first", "there are too many values to compare each with each")
}

func (s *set) add(v ref.Val) {
	if key, ok := hashable(v); ok {
		s.hashed[key] = true
		return
	}
	s.others = append(s.others, v)
}

func uniqueBy(list, keys []ref.Val) (any, error) {
	seen := newSet(nil)
	out := []ref.Val{}
	for i, key := range keys {
		if seen.has(key) {
			continue
		}
		seen.add(key)
		out = append(out, list[i])
		if err := seen.tooMany(); err != nil {
			return nil, err
		}
	}
	return out, nil
}
