package halo

import (
	"cmp"
	"slices"
	"strings"
)

// order is one sort key of a list.
type order struct {
	field string
	desc  bool
}

// orders reads order, orderdesc … order5, orderdesc5. Fields the entity does not have are passed over.
func (l *listing) orders() []order {
	var out []order
	s := schemas()[l.res.schema]
	for _, n := range []string{"", "2", "3", "4", "5"} {
		desc := l.q.bool("orderdesc" + n)
		if f, known := s.field(l.q.text("order" + n)); known {
			out = append(out, order{f.name, desc})
		}
	}
	if len(out) == 0 && l.res.sort != "" {
		name, desc := strings.CutPrefix(l.res.sort, "-")
		out = append(out, order{name, desc})
	}
	return out
}

// sort is stable, so that rows that are equal keep the order of their making on every page.
func (l *listing) sort(rows []record, orders []order) {
	slices.SortStableFunc(rows, func(a, b record) int {
		for _, o := range orders {
			c := compare(l.value(a, o.field), l.value(b, o.field))
			if o.desc {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return 0
	})
}

// compare orders values: nothing first, then numbers, truth values and texts in any case.
func compare(a, b any) int {
	switch x := a.(type) {
	case nil:
		if b == nil {
			return 0
		}
		return -1
	case int64, double:
		switch b.(type) {
		case int64, double:
			return cmp.Compare(record{"": x}.num(""), record{"": b}.num(""))
		}
	case bool:
		if y, ok := b.(bool); ok {
			return boolRank(x) - boolRank(y)
		}
	}
	if b == nil {
		return 1
	}
	return cmp.Compare(strings.ToLower(textOf(a)), strings.ToLower(textOf(b)))
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}
