package halo

import (
	"net/http"
	"slices"
	"strings"
)

// defaultRows is how many rows a list gives when the request does not say.
const defaultRows = 50

// listing is one list request on its way.
type listing struct {
	*state
	res     *resource
	q       *query
	who     principal
	pageCap int // of lists that Halo does not cap
}

func (l *listing) value(r record, name string) any { return l.state.value(l.res, r, name) }

// answer finds, sorts and cuts the rows and puts them in the resource's shape.
func (l *listing) answer() answer {
	tests := l.tests()
	window := l.window()
	advanced, refusal := l.advanced()
	if refusal != nil {
		return *refusal
	}
	orders := l.orders()
	if len(l.q.bad) > 0 {
		return l.q.bad.answer()
	}
	rows := l.rows(append(tests, advanced...))
	l.sort(rows, orders)
	total := len(rows)
	list := []any{}
	for _, r := range window.cut(rows) {
		list = append(list, l.row(r))
	}
	if l.res.envelope == "" {
		return jsonAnswer(http.StatusOK, list)
	}
	return jsonAnswer(http.StatusOK, l.enveloped(list, total, window))
}

func (l *listing) enveloped(list []any, total int, w window) object {
	var o object
	if w.paged {
		o = object{{"page_no", int64(w.number)}, {"page_size", int64(w.size)}}
	}
	o = append(o, member{"record_count", int64(total)}, member{l.res.envelope, list})
	if l.res.top != nil {
		o = append(o, l.res.top(l)...)
	}
	return o
}

// tests gathers what the request asks of a row.
func (l *listing) tests() []predicate {
	var tests []predicate
	add := func(p predicate) {
		if p != nil {
			tests = append(tests, p)
		}
	}
	for param := range l.q.values {
		if f, ok := l.res.filters[param]; ok {
			add(f(l, param))
		} else if f, ok := commonFilters[param]; ok {
			add(f(l, param))
		}
	}
	if l.res.always != nil {
		add(l.res.always(l, ""))
	}
	add(l.activity())
	add(l.containing(l.q.text("search"), l.searched()))
	return tests
}

// searched names the fields that search looks into.
func (l *listing) searched() []string {
	fields := slices.Clone(l.res.search)
	for param, more := range l.res.searchMore {
		if l.q.bool(param) {
			fields = append(fields, more...)
		}
	}
	return fields
}

// activity leaves inactive rows out unless includeinactive or activeinactive ("true,false") says otherwise.
func (l *listing) activity() predicate {
	if l.res.inactive == "" {
		return nil
	}
	active := !l.q.has("includeactive") || l.q.bool("includeactive")
	inactive := l.q.bool("includeinactive")
	if first, second, ok := strings.Cut(l.q.text("activeinactive"), ","); ok {
		active, inactive = strings.EqualFold(strings.TrimSpace(first), "true"), strings.EqualFold(strings.TrimSpace(second), "true")
	}
	return func(r record) bool {
		if r.bool(l.res.inactive) {
			return inactive
		}
		return active
	}
}

func (l *listing) rows(tests []predicate) []record {
	t := l.table(l.res.home())
	source := t.rows
	if l.res.parent != "" {
		if of := l.q.int(l.res.parent); of != 0 {
			source = t.groups[of]
		} else if !l.res.wholeList {
			source = nil
		}
	}
	var out []record
next:
	for _, r := range source {
		if l.res.belongs != nil && !l.res.belongs(l.state, r) {
			continue
		}
		if l.res.soft && r.bool("deleted") != l.q.bool("deleted") || !l.sees(l.who, l.res, r) {
			continue
		}
		for _, test := range tests {
			if !test(r) {
				continue next
			}
		}
		out = append(out, r)
	}
	return out
}

// row is one line of the answer.
func (l *listing) row(r record) object {
	if l.q.bool("idonly") || l.q.bool("ticketidonly") {
		return object{{"id", r["id"]}}
	}
	var out object
	hidden := func(name string) bool { param, hides := l.res.hidden[name]; return hides && !l.q.bool(param) }
	for _, m := range l.viewWithout(l.res, r, false, false, hidden) {
		if m.name == "customfields" && l.res.custom != 0 {
			if m.value = l.wantedCustom(m.value); m.value == nil {
				continue
			}
		}
		out = append(out, m)
	}
	return out
}

// wantedCustom keeps the custom fields that include_custom_fields asks for; nil when it asks for none.
func (l *listing) wantedCustom(v any) any {
	ids, _ := l.q.ids("include_custom_fields")
	list, _ := v.([]any)
	if len(ids) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(list), func(v any) bool {
		f, _ := v.(map[string]any)
		return !slices.Contains(ids, toInt(f["id"]))
	})
}
