package triggers

import (
	"fmt"
	"strings"

	"gantry/expr"
	"gantry/schema"
)

// Bounds of what is kept about an event that a condition did not let through.
const (
	maxSeen      = 20  // values
	maxSeenValue = 200 // characters of each
	maxCondition = 500 // characters
)

// filtered says which condition does not hold, and what it looked at.
func filtered(when *expr.Program, scope expr.Vars, at expr.At) verdict {
	d := Decision{Status: Filtered, Saw: seen(when, scope, at)}
	values := make([]string, len(d.Saw))
	for i, v := range d.Saw {
		values[i] = v.Path + " = " + v.Value
	}
	d.Why = "when is not true: " + shortened(when.Source(), maxCondition)
	if len(values) > 0 {
		d.Why += " (" + strings.Join(values, ", ") + ")"
	}
	return verdict{Decision: d}
}

// seen gives each value that an expression reads, once.
func seen(p *expr.Program, scope expr.Vars, at expr.At) []Seen {
	var all []Seen
	known := map[string]bool{}
	for _, ref := range p.References() {
		path := strings.Join(ref.Path, ".")
		if known[path] || len(all) == maxSeen {
			continue
		}
		known[path] = true
		if path == "now" {
			all = append(all, Seen{path, at.Now.UTC().Format("2006-01-02T15:04:05Z")})
			continue
		}
		all = append(all, Seen{path, shown(valueAt(map[string]any(scope), ref.Path))})
	}
	return all
}

// absent is a field that is not there.
type absent struct{}

func valueAt(v any, path []string) any {
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return absent{}
		}
		if v, ok = m[name]; !ok {
			return absent{}
		}
	}
	return v
}

// shown writes a value for people: JSON, shortened, secrets masked.
func shown(v any) string {
	if _, ok := v.(absent); ok {
		return "(not set)"
	}
	text, err := schema.Encode(expr.Masked(v))
	if err != nil {
		return shortened(fmt.Sprint(expr.Masked(v)), maxSeenValue)
	}
	return shortened(string(text), maxSeenValue)
}

func shortened(text string, most int) string {
	for at := range text {
		if most--; most < 0 {
			return text[:at] + "…"
		}
	}
	return text
}
