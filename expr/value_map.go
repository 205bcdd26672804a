package expr

import (
	"maps"
	"reflect"
	"slices"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

// mapVal is a map of the data model. Unlike cel-go's own it is walked in the order of its keys, so that
// the same data always gives the same result.
type mapVal struct{ m map[string]any }

func (v *mapVal) Find(key ref.Val) (ref.Val, bool) {
	name, ok := key.(types.String)
	if !ok {
		return nil, false
	}
	value, ok := v.m[string(name)]
	if !ok {
		return nil, false
	}
	return adapter{}.NativeToValue(value), true
}

func (v *mapVal) Get(key ref.Val) ref.Val { return getOrError(v, key) }

func (v *mapVal) Contains(key ref.Val) ref.Val {
	_, ok := v.Find(key)
	return types.Bool(ok)
}

func (v *mapVal) Size() ref.Val     { return types.Int(len(v.m)) }
func (v *mapVal) IsZeroValue() bool { return len(v.m) == 0 }
func (v *mapVal) Iterator() traits.Iterator {
	return &nameIterator{names: slices.Sorted(maps.Keys(v.m))}
}
func (v *mapVal) Equal(other ref.Val) ref.Val { return mapsEqual(v, other) }
func (v *mapVal) Type() ref.Type              { return types.MapType }
func (v *mapVal) Value() any                  { return v.m }

func (v *mapVal) ConvertToType(t ref.Type) ref.Val { return convertMap(v, t) }

func (v *mapVal) ConvertToNative(t reflect.Type) (any, error) {
	return types.NewStringInterfaceMap(adapter{}, v.m).ConvertToNative(t)
}

// objectVal is an Object.
type objectVal struct{ o Object }

func (v *objectVal) Find(key ref.Val) (ref.Val, bool) {
	name, ok := key.(types.String)
	if !ok {
		return nil, false
	}
	value, ok := v.o.Get(string(name))
	if !ok {
		return nil, false
	}
	return adapter{}.NativeToValue(value), true
}

func (v *objectVal) Get(key ref.Val) ref.Val { return getOrError(v, key) }

func (v *objectVal) Contains(key ref.Val) ref.Val {
	_, ok := v.Find(key)
	return types.Bool(ok)
}

func (v *objectVal) Size() ref.Val     { return types.Int(len(v.o.Names())) }
func (v *objectVal) IsZeroValue() bool { return len(v.o.Names()) == 0 }

func (v *objectVal) Iterator() traits.Iterator {
	names := slices.Clone(v.o.Names())
	slices.Sort(names)
	return &nameIterator{names: names}
}

func (v *objectVal) Equal(other ref.Val) ref.Val      { return mapsEqual(v, other) }
func (v *objectVal) Type() ref.Type                   { return types.MapType }
func (v *objectVal) Value() any                       { return v.o }
func (v *objectVal) ConvertToType(t ref.Type) ref.Val { return convertMap(v, t) }
func (v *objectVal) ConvertToNative(t reflect.Type) (any, error) {
	return (&mapVal{materialise(v.o)}).ConvertToNative(t)
}

// materialise copies an Object's fields into a map; inner Objects stay as they are.
func materialise(o Object) map[string]any {
	names := o.Names()
	m := make(map[string]any, len(names))
	for _, name := range names {
		if value, ok := o.Get(name); ok {
			m[name] = value
		}
	}
	return m
}

// orderedMap is a map that an expression made, walked in the order of its keys.
type orderedMap struct{ traits.Mapper }

func (v *orderedMap) Iterator() traits.Iterator {
	var keys []ref.Val
	for it := v.Mapper.Iterator(); it.HasNext() == types.True; {
		keys = append(keys, it.Next())
	}
	slices.SortFunc(keys, compareKeys)
	return &keyIterator{keys: keys}
}

func (v *orderedMap) Equal(other ref.Val) ref.Val { return mapsEqual(v, other) }

// compareKeys orders map keys: by kind first, then by value.
func compareKeys(a, b ref.Val) int {
	if a.Type() != b.Type() {
		return compareStrings(a.Type().TypeName(), b.Type().TypeName())
	}
	if c, ok := a.(traits.Comparer); ok {
		if n, ok := c.Compare(b).(types.Int); ok {
			return int(n)
		}
	}
	return 0
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func getOrError(m traits.Mapper, key ref.Val) ref.Val {
	if value, ok := m.Find(key); ok {
		return value
	}
	return types.WrapErr(missingKey(key))
}

func missingKey(key ref.Val) error {
	if name, ok := key.(types.String); ok {
		return dataErrorf("write .?x.orValue(…) or [?'x'].orValue(…) where it may be missing", "there is no field `%s`", name)
	}
	return dataErrorf("keys of JSON objects are text", "there is no key %v", key.Value())
}

func mapsEqual(a traits.Mapper, other ref.Val) ref.Val {
	b, ok := other.(traits.Mapper)
	if !ok || a.Size() != b.Size() {
		return types.False
	}
	for it := a.Iterator(); it.HasNext() == types.True; {
		key := it.Next()
		left, _ := a.Find(key)
		right, ok := b.Find(key)
		if !ok {
			return types.False
		}
		if same := types.Equal(left, right); same != types.True {
			return same
		}
	}
	return types.True
}

func convertMap(v ref.Val, t ref.Type) ref.Val {
	switch t {
	case types.MapType:
		return v
	case types.TypeType:
		return types.MapType
	}
	return types.WrapErr(dataErrorf("to_json() writes it as text", "an object cannot be turned into %s", typeWords(t.(*types.Type))))
}

// nameIterator walks over keys that are text.
type nameIterator struct {
	iteratorVal
	names []string
	next  int
}

func (it *nameIterator) HasNext() ref.Val { return types.Bool(it.next < len(it.names)) }

func (it *nameIterator) Next() ref.Val {
	it.next++
	return types.String(it.names[it.next-1])
}

// keyIterator walks over keys of any kind.
type keyIterator struct {
	iteratorVal
	keys []ref.Val
	next int
}

func (it *keyIterator) HasNext() ref.Val { return types.Bool(it.next < len(it.keys)) }

func (it *keyIterator) Next() ref.Val {
	it.next++
	return it.keys[it.next-1]
}

// iteratorVal is what iterators need to be CEL values, which no expression ever gets to see.
type iteratorVal struct{}

func (iteratorVal) ConvertToNative(reflect.Type) (any, error) { return nil, errNotAValue }
func (iteratorVal) ConvertToType(ref.Type) ref.Val            { return types.WrapErr(errNotAValue) }
func (iteratorVal) Equal(ref.Val) ref.Val                     { return types.WrapErr(errNotAValue) }
func (iteratorVal) Type() ref.Type                            { return types.IteratorType }
func (iteratorVal) Value() any                                { return nil }

var errNotAValue = dataErrorf("", "an iterator is not a value")
