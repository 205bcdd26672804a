package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gantry/api"
)

// fewFields are so few that all are shown, described or not.
const fewFields = 12

// showEntity writes the fields that are described, and of the others how many there are, or with all which.
func showEntity(out io.Writer, width int, fields []api.ActionField, command string, all bool) {
	var shown, rest []api.ActionField
	for _, f := range fields {
		if f.Description != "" || len(fields) <= fewFields {
			shown = append(shown, f)
		} else {
			rest = append(rest, f)
		}
	}
	showFields(out, width, shown)
	switch {
	case len(rest) == 0:
	case !all:
		fmt.Fprintf(out, "  and %d more fields that Gantry knows the types of: %s\n", len(rest), command)
	default:
		fmt.Fprintf(out, "\n  %d more fields, by type\n", len(rest))
		for _, group := range byType(rest) {
			fmt.Fprintf(out, "  %s\n", group.kind)
			for _, line := range wrapped(strings.Join(group.names, " "), 96) {
				fmt.Fprintf(out, "    %s\n", strings.TrimSpace(line))
			}
		}
	}
}

// typeGroup is the names of the fields of one type.
type typeGroup struct {
	kind  string
	names []string
}

func byType(fields []api.ActionField) []typeGroup {
	var groups []typeGroup
	for _, f := range fields {
		kind := fieldKind(f)
		at := slices.IndexFunc(groups, func(g typeGroup) bool { return g.kind == kind })
		if at < 0 {
			at = len(groups)
			groups = append(groups, typeGroup{kind: kind})
		}
		groups[at].names = append(groups[at].names, f.Name)
	}
	return groups
}

func showFields(out io.Writer, width int, fields []api.ActionField) {
	name, kind := 0, 0
	for _, f := range fields {
		name, kind = max(name, len([]rune(f.Name))), max(kind, min(len([]rune(fieldKind(f))), 40))
	}
	for _, f := range fields {
		hanging(out, width, fmt.Sprintf("  %-*s  %-*s  ", name, f.Name, kind, fieldKind(f)), fieldNote(f))
	}
}

func fieldKind(f api.ActionField) string {
	kind := f.Type
	if f.Required {
		kind += ", required"
	}
	return kind
}

func fieldNote(f api.ActionField) string {
	note := f.Description
	if f.HasDefault {
		note = strings.TrimSpace(note + " Default: " + yamlValue(f.Default) + ".")
	}
	if len(f.Enum) > 0 {
		var words []string
		for _, v := range f.Enum {
			words = append(words, yamlValue(v))
		}
		note = strings.TrimSpace(note + " One of " + strings.Join(words, ", ") + ".")
	}
	if f.Deprecated != "" {
		note = strings.TrimSpace(note + " Deprecated: " + f.Deprecated)
	}
	return note
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("  " + line)
	}
	return b.String()
}
