package schema

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

func (w *walker) list(t *Type, v any) any {
	items, ok := v.([]any)
	if !ok {
		return w.mismatch(t, v)
	}
	if w.check && t.MaxItems != nil && len(items) > *t.MaxItems {
		w.problem("has %d entries; at most %d are allowed", len(items), *t.MaxItems)
	}
	element := t.Element()
	if w.skips(element) {
		return v
	}
	var changed []any
	for i, item := range items {
		out := w.into(step{index: i}, element, item)
		if changed == nil && w.convert && !identical(item, out) {
			changed = slices.Clone(items)
		}
		if changed != nil {
			changed[i] = out
		}
	}
	if changed != nil {
		return changed
	}
	return v
}

func (w *walker) mapping(t *Type, v any) any {
	entries, ok := v.(map[string]any)
	if !ok {
		return w.mismatch(t, v)
	}
	element := t.Element()
	if w.skips(element) {
		return v
	}
	var changed map[string]any
	for key, value := range w.ordered(entries) {
		changed = w.keep(entries, changed, key, value, w.into(step{field: key}, element, value))
	}
	if changed != nil {
		return changed
	}
	return v
}

// ordered goes through a map; where problems are reported, in the order of its keys, so that they come
// out the same each time.
func (w *walker) ordered(entries map[string]any) func(func(string, any) bool) {
	if !w.check {
		return maps.All(entries)
	}
	return func(yield func(string, any) bool) {
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			if !yield(key, entries[key]) {
				return
			}
		}
	}
}

func (w *walker) keep(entries, changed map[string]any, key string, before, after any) map[string]any {
	if changed == nil {
		if !w.convert || identical(before, after) {
			return nil
		}
		changed = maps.Clone(entries)
	}
	changed[key] = after
	return changed
}

func (w *walker) object(t *Type, v any) any {
	entries, ok := v.(map[string]any)
	if !ok {
		return w.mismatch(t, v)
	}
	if !w.check && !w.fill && len(entries) < len(t.Fields) && t.indexed() {
		return w.given(t, entries)
	}
	p := w.plan(t)
	var changed map[string]any
	known := 0
	for i := range p.fields {
		f := p.fields[i]
		value, given := entries[f.Name]
		if !given {
			changed = w.absent(f, entries, changed)
			continue
		}
		known++
		changed = w.keep(entries, changed, f.Name, value, w.into(step{field: f.Name}, f.Type, value))
	}
	if w.check && !t.Open && known < len(entries) {
		w.unknown(t, p, entries)
	}
	if w.check {
		w.groups(t, entries)
	}
	if changed != nil {
		return changed
	}
	return v
}

// given converts the few fields that there are of a wide object.
func (w *walker) given(t *Type, entries map[string]any) any {
	var changed map[string]any
	for name, value := range entries {
		if f, ok := t.Field(name); ok && !w.skips(f.Type) {
			changed = w.keep(entries, changed, name, value, w.into(step{field: name}, f.Type, value))
		}
	}
	if changed != nil {
		return changed
	}
	return entries
}

func (w *walker) absent(f Field, entries, changed map[string]any) map[string]any {
	if w.fill && f.Type.HasDefault {
		if changed == nil {
			changed = cloned(entries)
		}
		changed[f.Name] = copied(f.Type.Default)
		return changed
	}
	if w.check && f.Required && !f.Type.HasDefault {
		w.problemIn(f.Name, "is missing")
	}
	return changed
}

// groups tells of which fields one at least is needed and none is there. A null is none.
func (w *walker) groups(t *Type, entries map[string]any) {
	for _, group := range t.OneOf {
		if !slices.ContainsFunc(group, func(name string) bool { return entries[name] != nil }) {
			w.problem("needs %s", EitherOf(group))
		}
	}
}

// EitherOf writes names as a choice: note or note_html.
func EitherOf(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func cloned(entries map[string]any) map[string]any {
	if entries == nil {
		return make(map[string]any)
	}
	return maps.Clone(entries)
}

func (w *walker) unknown(t *Type, p *plan, entries map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		if !p.names[name] {
			w.problemIn(name, "is not expected: %s", unknownField(t, name))
		}
	}
}

// plan is what a walk needs to know about an object, made once per walk.
type plan struct {
	fields []Field // those that matter to this walk
	names  map[string]bool
}

func (w *walker) plan(t *Type) *plan {
	if p, ok := w.plans[t]; ok {
		return p
	}
	p := &plan{}
	if w.plans == nil {
		w.plans = make(map[*Type]*plan)
	}
	w.plans[t] = p
	if w.check {
		p.fields = t.Fields
		p.names = make(map[string]bool, len(t.Fields))
		for _, f := range t.Fields {
			p.names[f.Name] = true
		}
		return p
	}
	for _, f := range t.Fields {
		if !w.skips(f.Type) {
			p.fields = append(p.fields, f)
		}
	}
	return p
}

// skips tells whether a walk along the type can neither find nor change anything.
func (w *walker) skips(t *Type) bool {
	switch t.Kind {
	case KindAny:
		return len(t.Enum) == 0 || !w.check
	case KindString, KindSecret, KindBoolean, KindNull:
		return !w.check
	default:
		return false
	}
}

// identical tells whether a walk gave back what it was given.
func identical(a, b any) bool {
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		return ok && len(x) == len(y) && (len(x) == 0 || &x[0] == &y[0])
	case map[string]any:
		y, ok := b.(map[string]any)
		return ok && sameMap(x, y)
	case float64:
		_, ok := b.(float64)
		return ok
	case int64:
		_, ok := b.(int64)
		return ok
	default:
		return true
	}
}

// copied is a deep copy, so that a default is never shared between values.
func copied(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = copied(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k := range v {
			out[k] = copied(v[k])
		}
		return out
	default:
		return v
	}
}

// sameMap tells whether two variables hold the very same map.
func sameMap(a, b map[string]any) bool {
	return reflect.ValueOf(a).UnsafePointer() == reflect.ValueOf(b).UnsafePointer()
}
