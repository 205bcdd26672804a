package halo

import (
	"cmp"
	"slices"
)

// view is a row as Halo answers it: stored and derived fields that the schema has, in its order.
func (st *state) view(res *resource, r record, full, details bool) object {
	return st.viewWithout(res, r, full, details, nil)
}

// viewWithout leaves out, and does not compute, the fields that leave says.
func (st *state) viewWithout(res *resource, r record, full, details bool, leave func(name string) bool) object {
	s := schemas()[res.schema]
	type placed struct {
		member
		order int
	}
	out := make([]placed, 0, len(r)+len(res.derive))
	add := func(name string, v any) {
		f, known := s.field(name)
		if !known || full && !f.inFull || !full && !f.inList {
			return
		}
		if f.name == "id" {
			f.order = -1
		}
		out = append(out, placed{member{f.name, fitted(f.kind, v)}, f.order})
	}
	for name, v := range r {
		if _, computed := res.derive[name]; !computed && (leave == nil || !leave(name)) {
			add(name, v)
		}
	}
	for name, d := range res.derive {
		if leave == nil || !leave(name) {
			add(name, derivedOr(d(st, r), r[name]))
		}
	}
	if full && res.custom != 0 && r["customfields"] == nil {
		add("customfields", []any{})
	}
	if details {
		for name, d := range res.details {
			add(name, d(st, r))
		}
	}
	slices.SortFunc(out, func(a, b placed) int { return cmp.Compare(a.order, b.order) })
	o := make(object, len(out))
	for i, p := range out {
		o[i] = p.member
	}
	return o
}

// value is what a field of a row shows, stored or derived.
func (st *state) value(res *resource, r record, name string) any {
	if d, ok := res.derive[name]; ok {
		return derivedOr(d(st, r), r[name])
	}
	return r[name]
}

func derivedOr(v, stored any) any {
	if v == nil {
		return stored
	}
	return v
}
