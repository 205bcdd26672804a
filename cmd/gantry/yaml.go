package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"gantry/api"
	"gantry/schema"
)

// exampleOf writes a task that uses the action, as it would stand in a workflow.
func exampleOf(a api.ActionDetail) string {
	with, title := a.Example.With, a.Example.Title
	var b strings.Builder
	b.WriteString(a.Name + ":\n")
	if title != "" {
		b.WriteString("  title: " + yamlValue(title) + "\n")
	}
	b.WriteString("  action: " + a.ID + "\n")
	if len(with) > 0 {
		b.WriteString("  with:\n")
		for _, name := range inOrder(with, a.Inputs) {
			b.WriteString("    " + name + ": " + yamlValue(with[name]) + "\n")
		}
	}
	return b.String()
}

// inOrder gives a map's names in the order in which they are declared.
func inOrder(with map[string]any, declared []api.ActionField) []string {
	place := func(name string) int {
		return slices.IndexFunc(declared, func(f api.ActionField) bool { return f.Name == name })
	}
	return slices.SortedFunc(maps.Keys(with), func(a, b string) int { return place(a) - place(b) })
}

// plain is text that YAML reads as itself, without quotes.
var plain = regexp.MustCompile(`^[A-Za-zÄ-ž…][\w .ÄÖÜäöüß…,/+-]*$|^\d+(ms|s|m|h|d)$`)

// notText are words that YAML readers take for something else than text.
var notText = regexp.MustCompile(`(?i)^(true|false|null|yes|no|on|off|y|n)$`)

// yamlValue writes a value on one line. JSON is YAML, too; simple text goes without quotes.
func yamlValue(v any) string {
	switch v := v.(type) {
	case string:
		if plain.MatchString(v) && !notText.MatchString(v) && !strings.HasSuffix(v, " ") && !strings.Contains(v, ", ") {
			return v
		}
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = yamlValue(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, yamlValue(k)+": "+yamlValue(v[k]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	text, err := schema.Encode(v)
	if err != nil {
		return "…"
	}
	return string(text)
}
