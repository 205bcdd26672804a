package expr

import (
	"reflect"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

// listVal is a list of the data model, read in place.
type listVal struct{ l []any }

func (v *listVal) at(i int) ref.Val { return adapter{}.NativeToValue(v.l[i]) }

func (v *listVal) base() traits.Lister { return types.NewDynamicList(adapter{}, v.l) }

func (v *listVal) Add(other ref.Val) ref.Val { return v.base().Add(other) }

func (v *listVal) Contains(elem ref.Val) ref.Val {
	for i := range v.l {
		if types.Equal(elem, v.at(i)) == types.True {
			return types.True
		}
	}
	return types.False
}

func (v *listVal) Equal(other ref.Val) ref.Val {
	o, ok := other.(traits.Lister)
	if !ok || o.Size() != v.Size() {
		return types.False
	}
	for i := range v.l {
		if same := types.Equal(v.at(i), o.Get(types.Int(i))); same != types.True {
			return same
		}
	}
	return types.True
}

func (v *listVal) Get(index ref.Val) ref.Val {
	i, err := types.IndexOrError(index)
	if err != nil {
		return types.WrapErr(dataErrorf("", "a list is read by a whole number, not by %s", describe(index)))
	}
	if i < 0 || i >= len(v.l) {
		return types.WrapErr(dataErrorf("write [?0].orValue(…) where the list may be short",
			"the list has %d entries, so there is none at %d", len(v.l), i))
	}
	return v.at(i)
}

func (v *listVal) Fold(f traits.Folder) {
	for i, item := range v.l {
		if !f.FoldEntry(i, item) {
			return
		}
	}
}

func (v *listVal) Size() ref.Val             { return types.Int(len(v.l)) }
func (v *listVal) IsZeroValue() bool         { return len(v.l) == 0 }
func (v *listVal) Iterator() traits.Iterator { return &listIterator{list: v} }
func (v *listVal) Type() ref.Type            { return types.ListType }
func (v *listVal) Value() any                { return v.l }

func (v *listVal) ConvertToType(t ref.Type) ref.Val { return v.base().ConvertToType(t) }

func (v *listVal) ConvertToNative(t reflect.Type) (any, error) { return v.base().ConvertToNative(t) }

type listIterator struct {
	iteratorVal
	list *listVal
	next int
}

func (it *listIterator) HasNext() ref.Val { return types.Bool(it.next < len(it.list.l)) }

func (it *listIterator) Next() ref.Val {
	it.next++
	return it.list.at(it.next - 1)
}
