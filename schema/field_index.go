package schema

import "sync"

// fieldIndex finds the fields of a wide object by name. It is filled when it is first asked.
type fieldIndex struct {
	fields []Field
	fill   func() map[string]int
}

// indexFrom is how many fields are as quickly compared one by one.
const indexFrom = 32

func indexOf(fields []Field) *fieldIndex {
	if len(fields) < indexFrom {
		return nil
	}
	return &fieldIndex{fields: fields, fill: sync.OnceValue(func() map[string]int {
		places := make(map[string]int, len(fields))
		for i := range fields {
			places[fields[i].Name] = i
		}
		return places
	})}
}

// indexed tells whether there is an index of these very fields: a copy of a type may have got others.
func (t *Type) indexed() bool {
	x := t.index
	return x != nil && len(x.fields) == len(t.Fields) && &x.fields[0] == &t.Fields[0]
}

// Field finds a field of an object.
func (t *Type) Field(name string) (Field, bool) {
	if t.indexed() {
		i, ok := t.index.fill()[name]
		if !ok {
			return Field{}, false
		}
		return t.Fields[i], true
	}
	for i := range t.Fields {
		if t.Fields[i].Name == name {
			return t.Fields[i], true
		}
	}
	return Field{}, false
}
