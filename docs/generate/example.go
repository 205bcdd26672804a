package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"gantry/actions"
)

// exampleOf writes an example as the task that it is; its inputs stand in the order of their declaration.
func exampleOf(a *actions.Action, e actions.Example) string {
	var b strings.Builder
	if e.Title != "" {
		b.WriteString("# " + e.Title + "\n")
	}
	b.WriteString(a.Name + ":\n  action: " + a.ID + "\n")
	if len(e.With) == 0 {
		return b.String()
	}
	b.WriteString("  with:\n")
	for _, f := range a.Inputs {
		if v, given := e.With[f.Name]; given {
			b.WriteString("    " + f.Name + ": " + flow(v) + "\n")
		}
	}
	return b.String()
}

// plain texts need no quotes in YAML.
var plain = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9 _./+<>()'-]*|[0-9]+(ms|[smhd]))$`)

// flow writes a value in YAML's flow style.
func flow(v any) string {
	switch v := v.(type) {
	case map[string]any:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, flow(key)+": "+flow(v[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = flow(v[i])
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case string:
		word := slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off"}, strings.ToLower(v))
		if plain.MatchString(v) && !word && !strings.HasSuffix(v, " ") {
			return v
		}
	}
	return jsonOf(v)
}

// jsonOf writes a value as JSON without escaping what HTML would want escaped.
func jsonOf(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return ""
	}
	return strings.TrimSpace(b.String())
}
