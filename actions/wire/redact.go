package wire

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Mask stands where a secret stood.
const Mask = "********"

// Redactor removes secrets, by their value, from whatever is kept or shown. Values may be added while it is
// in use: a token is known only after signing in.
type Redactor struct {
	mu       sync.RWMutex
	values   map[string]bool
	replacer *strings.Replacer
	shortest map[string]bool // values too short to look for inside other text
	beneath  []*Redactor     // remove their values first
}

// Under makes r remove what beneath removes, too: what an instance or a run keeps secret is prepared once,
// what one call brings along is added to it. It is called before r is shared.
func (r *Redactor) Under(beneath *Redactor) { r.beneath = append(r.beneath, beneath) }

// minInside is the length from which a value is removed inside longer text, too. A shorter "secret" would
// black out half of every text; it is removed where it is the whole of a value.
const minInside = 4

// Add makes values secret, together with the forms they take in addresses, JSON and headers.
func (r *Redactor) Add(values ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range values {
		if v == "" || r.values[v] {
			continue
		}
		if r.values == nil {
			r.values, r.shortest = map[string]bool{}, map[string]bool{}
		}
		r.values[v] = true
		r.replacer = nil
		if len(v) < minInside {
			r.shortest[v] = true
		}
	}
}

// Text gives the text without the secrets.
func (r *Redactor) Text(s string) string {
	if s == "" {
		return s
	}
	for _, b := range r.beneath {
		s = b.Text(s)
	}
	replacer, whole := r.current(s)
	if whole {
		return Mask
	}
	if replacer == nil {
		return s
	}
	return replacer.Replace(s)
}

func (r *Redactor) current(s string) (*strings.Replacer, bool) {
	r.mu.RLock()
	replacer, whole, some := r.replacer, r.shortest[s], len(r.values) > 0
	r.mu.RUnlock()
	if whole || replacer != nil || !some {
		return replacer, whole
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.replacer == nil {
		r.replacer = build(r.values)
	}
	return r.replacer, false
}

// build looks for the longest form first, so that no rest of a longer secret stays.
func build(values map[string]bool) *strings.Replacer {
	forms := map[string]bool{}
	for v := range values {
		if len(v) < minInside {
			continue
		}
		for _, form := range formsOf(v) {
			forms[form] = true
		}
	}
	sorted := make([]string, 0, len(forms))
	for form := range forms {
		sorted = append(sorted, form)
	}
	slices.SortFunc(sorted, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	pairs := make([]string, 0, 2*len(sorted))
	for _, form := range sorted {
		pairs = append(pairs, form, Mask)
	}
	return strings.NewReplacer(pairs...)
}

// Data gives JSON data without the secrets, keys included. A number that is a secret, digit by digit, goes
// too. What holds no secret is given back as it is, not copied.
func (r *Redactor) Data(v any) any {
	if r.Empty() {
		return v
	}
	out, _ := r.data(v)
	return out
}

func (r *Redactor) data(v any) (any, bool) {
	switch v := v.(type) {
	case string:
		clean := r.Text(v)
		return clean, clean != v
	case int64:
		if r.knows(strconv.FormatInt(v, 10)) {
			return Mask, true
		}
	case float64:
		if r.knows(strconv.FormatFloat(v, 'f', -1, 64)) {
			return Mask, true
		}
	case []any:
		return r.list(v)
	case map[string]any:
		return r.dict(v)
	}
	return v, false
}

func (r *Redactor) list(v []any) (any, bool) {
	var out []any
	for i, item := range v {
		clean, changed := r.data(item)
		if changed && out == nil {
			out = slices.Clone(v)
		}
		if changed {
			out[i] = clean
		}
	}
	if out == nil {
		return v, false
	}
	return out, true
}

func (r *Redactor) dict(v map[string]any) (any, bool) {
	var out map[string]any
	for key, item := range v {
		clean, changed := r.data(item)
		name := r.Text(key)
		if !changed && name == key {
			continue
		}
		if out == nil {
			out = maps.Clone(v)
		}
		delete(out, key)
		out[name] = clean
	}
	if out == nil {
		return v, false
	}
	return out, true
}

// Empty tells whether there is nothing to remove.
func (r *Redactor) Empty() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.values) == 0 && !slices.ContainsFunc(r.beneath, func(b *Redactor) bool { return !b.Empty() })
}

func (r *Redactor) knows(number string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(number) >= minInside && r.values[number] ||
		slices.ContainsFunc(r.beneath, func(b *Redactor) bool { return b.knows(number) })
}
