package expr

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"

	"gantry/schema"
)

// sizer turns CEL values into data and counts how large they are on the way.
type sizer struct {
	left      int
	noSecrets bool // a secret is an error
}

// toData gives the data of a CEL value. Lists and maps that already are data are not copied.
func toData(v ref.Val) (any, error) { return (&sizer{left: MaxResult}).value(v) }

func (s *sizer) take(n int) error {
	if s.left -= n; s.left < 0 {
		return dataErrorf("hand on less: filter the list, or map it to the fields that are needed",
			"the result is larger than %d MiB", MaxResult>>20)
	}
	return nil
}

func (s *sizer) value(v ref.Val) (any, error) {
	switch v := v.(type) {
	case types.Null:
		return nil, s.take(4)
	case types.Bool:
		return bool(v), s.take(5)
	case types.Int:
		return int64(v), s.take(8)
	case types.Double:
		return s.double(float64(v))
	case types.String:
		return string(v), s.take(len(v) + 2)
	case *mapVal:
		return s.data(v.m)
	case *listVal:
		return s.data(v.l)
	case *objectVal:
		return s.data(v.o)
	case *secretVal:
		return s.secret(v.s)
	case *textVal:
		return s.secret(v.t)
	case traits.Lister:
		return s.list(v)
	case traits.Mapper:
		return s.mapping(v)
	case *types.Err:
		return nil, v
	default:
		return s.scalar(v)
	}
}

func (s *sizer) secret(v any) (any, error) {
	if s.noSecrets {
		return nil, errSecret
	}
	return v, s.take(8)
}

// scalar turns the kinds into data that JSON does not have.
func (s *sizer) scalar(v ref.Val) (any, error) {
	switch v := v.(type) {
	case *types.Optional:
		if !v.HasValue() {
			return nil, nil
		}
		return s.value(v.GetValue())
	case types.Timestamp:
		return writeTime(v.Time), s.take(26)
	case types.Duration:
		return schema.FormatDuration(v.Duration), s.take(8)
	case types.Bytes:
		return base64.StdEncoding.EncodeToString(v), s.take(len(v) * 4 / 3)
	case types.Uint:
		if v > math.MaxInt64 {
			return nil, dataErrorf("", "the number %d is larger than whole numbers can be", uint64(v))
		}
		return int64(v), s.take(8)
	case *types.Type:
		return typeWords(v), s.take(8)
	case *types.Unknown:
		return nil, dataErrorf("", "the value is not known yet")
	default:
		return nil, dataErrorf("", "a value of type %s cannot leave an expression", v.Type().TypeName())
	}
}

// writeTime is how a time leaves an expression: RFC 3339, UTC, at most milliseconds, which every system
// that reads RFC 3339 understands.
func writeTime(t time.Time) string {
	return t.UTC().Truncate(time.Millisecond).Format("2006-01-02T15:04:05.999Z07:00")
}

func (s *sizer) double(f float64) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, dataErrorf("most often a division by 0.0", "the result is not a number")
	}
	return f, s.take(8)
}

func (s *sizer) list(l traits.Lister) (any, error) {
	n := int(l.Size().(types.Int))
	out := make([]any, 0, min(n, 1024))
	for i := range n {
		item, err := s.value(l.Get(types.Int(i)))
		if err != nil {
			return nil, err
		}
		out = append(out, item)
		if err := s.take(1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *sizer) mapping(m traits.Mapper) (any, error) {
	out := map[string]any{}
	for it := m.Iterator(); it.HasNext() == types.True; {
		key := it.Next()
		name, err := keyText(key)
		if err != nil {
			return nil, err
		}
		value, ok := m.Find(key)
		if !ok {
			continue
		}
		if out[name], err = s.value(value); err != nil {
			return nil, err
		}
		if err := s.take(len(name) + 4); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// keyText writes a map key as the text that JSON wants.
func keyText(key ref.Val) (string, error) {
	switch k := key.(type) {
	case types.String:
		return string(k), nil
	case types.Int:
		return strconv.FormatInt(int64(k), 10), nil
	case types.Bool:
		return strconv.FormatBool(bool(k)), nil
	case types.Uint:
		return strconv.FormatUint(uint64(k), 10), nil
	case types.Double:
		return formatNumber(float64(k)), nil
	default:
		return "", dataErrorf("write string(…) around the key", "%s cannot be the key of an object", describe(key))
	}
}

// data counts Go data, and copies it only where an Object or another Go type stands in it.
func (s *sizer) data(v any) (any, error) {
	out, _, err := s.walk(v)
	return out, err
}

func (s *sizer) walk(v any) (out any, changed bool, err error) {
	switch v := v.(type) {
	case nil, bool, int64:
		return v, false, s.take(8)
	case Secret, Text:
		out, err = s.secret(v)
		return out, false, err
	case float64:
		out, err = s.double(v)
		return out, false, err
	case string:
		return v, false, s.take(len(v) + 2)
	case []any:
		return s.walkList(v)
	case map[string]any:
		return s.walkMap(v)
	case Object:
		out, _, err = s.walkMap(materialise(v))
		return out, true, err
	case ref.Val, map[ref.Val]ref.Val, []ref.Val, time.Time, time.Duration, int:
		out, err = s.value(adapter{}.NativeToValue(v))
		return out, true, err
	default:
		return nil, false, fmt.Errorf("a value of Go type %T is not data", v)
	}
}

func (s *sizer) walkList(l []any) (any, bool, error) {
	out, changed := l, false
	for i, item := range l {
		next, differs, err := s.walk(item)
		if err != nil {
			return nil, false, err
		}
		if differs && !changed {
			out, changed = append([]any(nil), l...), true
		}
		if differs {
			out[i] = next
		}
	}
	return out, changed, s.take(2)
}

func (s *sizer) walkMap(m map[string]any) (any, bool, error) {
	out, changed := m, false
	for key, item := range m {
		next, differs, err := s.walk(item)
		if err != nil {
			return nil, false, err
		}
		if differs && !changed {
			out, changed = cloneMap(m), true
		}
		if differs {
			out[key] = next
		}
		if err := s.take(len(key) + 4); err != nil {
			return nil, false, err
		}
	}
	return out, changed, s.take(2)
}
