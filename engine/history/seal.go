package history

import (
	"maps"
	"slices"
	"strings"

	"gantry/engine/flow"
	"gantry/schema"
)

const (
	sealKey = "$sealed"
	masked  = "********"
)

// sealEvent replaces the values that the task redacts by their encrypted form.
func (h *History) sealEvent(run string, event flow.Event, redact func(int) []string) (flow.Event, error) {
	unit, result, ok := resultOf(event)
	if !ok {
		return event, nil
	}
	for _, path := range redact(unit.Exec) {
		below, ok := strings.CutPrefix(path, "result")
		if !ok {
			continue
		}
		sealed, err := h.sealAt(run, result, splitPath(below))
		if err != nil {
			return nil, err
		}
		result = sealed
	}
	return withResult(event, result), nil
}

// resultOf gives what an event says that a unit gave; false: it says nothing of that.
func resultOf(event flow.Event) (unit flow.Unit, result any, ok bool) {
	switch ev := event.(type) {
	case flow.AttemptEnded:
		return ev.Unit, ev.Outcome.Result, true
	case flow.AttemptVerified:
		return ev.Unit, ev.Result, true
	case flow.Answered:
		return ev.Unit, ev.Result, true
	case flow.Resolved:
		return ev.Unit, ev.Result, true
	}
	return unit, nil, false
}

// withResult gives an event of resultOf with another result.
func withResult(event flow.Event, result any) flow.Event {
	switch ev := event.(type) {
	case flow.AttemptEnded:
		ev.Outcome.Result = result
		return ev
	case flow.AttemptVerified:
		ev.Result = result
		return ev
	case flow.Answered:
		ev.Result = result
		return ev
	case flow.Resolved:
		ev.Result = result
		return ev
	}
	return event
}

func splitPath(path string) []string {
	path = strings.TrimPrefix(path, ".")
	if path == "" {
		return nil
	}
	return strings.Split(path, ".")
}

// sealAt seals what stands at a path; lists on the way are gone through.
func (h *History) sealAt(run string, v any, path []string) (any, error) {
	if list, ok := v.([]any); ok && len(path) > 0 {
		out := make([]any, len(list))
		for i, item := range list {
			var err error
			if out[i], err = h.sealAt(run, item, path); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	if len(path) == 0 {
		return h.seal(run, v)
	}
	m, ok := v.(map[string]any)
	if !ok {
		return v, nil
	}
	inner, ok := m[path[0]]
	if !ok {
		return v, nil
	}
	sealed, err := h.sealAt(run, inner, path[1:])
	if err != nil {
		return nil, err
	}
	out := maps.Clone(m)
	out[path[0]] = sealed
	return out, nil
}

func (h *History) seal(run string, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	plain, err := schema.Encode(v)
	if err != nil {
		return nil, err
	}
	sealed, err := h.seals.Seal(plain, run)
	if err != nil {
		return nil, err
	}
	return map[string]any{sealKey: sealed}, nil
}

// unseal opens what seal made. A map that only looks sealed (another system may send anything) does not
// open and stays as it is.
func (h *History) unseal(run string, v any) any {
	return walkSealed(v, func(m map[string]any, sealed string) any {
		plain, err := h.seals.Open(sealed, run)
		if err != nil {
			return m
		}
		opened, err := schema.DecodeBytes(plain)
		if err != nil {
			return m
		}
		return opened
	})
}

// mask hides what is sealed.
func mask(v any) any {
	return walkSealed(v, func(map[string]any, string) any { return masked })
}

// walkSealed gives v with every sealed value replaced; what holds none is shared, not copied.
func walkSealed(v any, replace func(map[string]any, string) any) any {
	out, _ := replaceSealed(v, replace)
	return out
}

func replaceSealed(v any, replace func(map[string]any, string) any) (out any, changed bool) {
	switch v := v.(type) {
	case map[string]any:
		if sealed, ok := v[sealKey].(string); ok && len(v) == 1 {
			return replace(v, sealed), true
		}
		result := v
		for k, inner := range v {
			if item, differs := replaceSealed(inner, replace); differs {
				if !changed {
					result, changed = maps.Clone(v), true
				}
				result[k] = item
			}
		}
		return result, changed
	case []any:
		result := v
		for i, inner := range v {
			if item, differs := replaceSealed(inner, replace); differs {
				if !changed {
					result, changed = slices.Clone(v), true
				}
				result[i] = item
			}
		}
		return result, changed
	}
	return v, false
}
