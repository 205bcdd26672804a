package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"gantry/schema"
	"gantry/source"
)

// Bounds of what people are shown of a value; --full and --format json show all.
const (
	shownEntries = 12 // of a list
	shownText    = 6  // lines of a text
	shownFields  = 14
	shownColumns = 6
	shownCell    = 40 // columns of a table's cell
	shownDepth   = 3
)

// valuePrinter writes JSON data for people: scalars beside their name, lists of objects as tables.
type valuePrinter struct {
	out   io.Writer
	style style
	width int
	full  bool
	cut   bool // something was left out
}

// fields writes the entries of a map: those in order first, the others behind them by name.
func (p *valuePrinter) fields(m map[string]any, order []string, indent string) {
	for _, name := range orderedNames(m, order) {
		p.named(source.OneLine(name), m[name], indent)
	}
}

// object writes what is inside a value: of many fields the usual ones and those that hold something.
func (p *valuePrinter) object(m map[string]any, indent string) {
	names := orderedNames(m, usualNames)
	all := len(names)
	if !p.full && all > shownFields {
		names = slices.DeleteFunc(names, func(name string) bool { return isEmpty(m[name]) })
		names = names[:min(len(names), shownFields)]
	}
	for _, name := range names {
		p.named(source.OneLine(name), m[name], indent)
	}
	p.more(indent, all-len(names), "field", "fields")
}

func isEmpty(v any) bool {
	switch v := v.(type) {
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return v == nil || v == ""
}

func orderedNames(m map[string]any, order []string) []string {
	names := slices.DeleteFunc(slices.Clone(order), func(name string) bool { _, ok := m[name]; return !ok })
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// named writes one value under its name.
func (p *valuePrinter) named(name string, v any, indent string) {
	label := indent + p.style.bold(name) + ":"
	switch v := v.(type) {
	case []any:
		p.list(label, v, indent)
	case map[string]any:
		if len(v) == 0 || len(indent) >= 2*shownDepth && !p.full {
			p.line(label + " " + p.compact(v, p.room(label)))
			return
		}
		p.line(label)
		p.object(v, indent+"  ")
	case string:
		p.text(label, v, indent+"  ")
	default:
		p.line(label + " " + scalar(v))
	}
}

func (p *valuePrinter) room(label string) int { return max(p.width-ansi.StringWidth(label)-1, 20) }

func (p *valuePrinter) line(text string) { fmt.Fprintln(p.out, text) }

// text writes a short text behind its label, a long one below.
func (p *valuePrinter) text(label, text, indent string) {
	if !strings.Contains(strings.TrimRight(text, "\n"), "\n") && ansi.StringWidth(text) <= p.room(label) {
		p.line(label + " " + source.OneLine(text))
		return
	}
	p.line(label)
	var lines []string
	for part := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		lines = append(lines, wrapped(part, p.width-len(indent))...)
	}
	shown := p.upTo(len(lines), shownText)
	for _, line := range lines[:shown] {
		p.line(indent + line)
	}
	p.more(indent, len(lines)-shown, "line", "lines")
}

// upTo gives how many of n are shown.
func (p *valuePrinter) upTo(n, bound int) int {
	if p.full || n <= bound+1 { // to say "and 1 more" takes a line as well
		return n
	}
	return bound
}

// more says how much was left out.
func (p *valuePrinter) more(indent string, n int, one, many string) {
	if n <= 0 {
		return
	}
	p.cut = true
	if n == 1 {
		many = one
	}
	p.line(indent + p.style.dim(fmt.Sprintf("… and %d more %s", n, many)))
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return counted(n, "entrie")
}

func (p *valuePrinter) list(label string, list []any, indent string) {
	if len(list) == 0 {
		p.line(label + " none")
		return
	}
	if objects := asObjects(list); objects != nil {
		summary, bare := itemSummary(objects)
		p.line(label + " " + p.style.dim(entries(len(list))+summary))
		if bare && !p.full {
			return
		}
		p.table(objects, indent+"  ")
		return
	}
	if short, ok := p.inline(list, p.room(label)); ok {
		p.line(label + " " + short)
		return
	}
	if !p.full && !slices.ContainsFunc(list, isWordy) {
		joined, _ := p.inline(list, 1<<20)
		tail := " (" + entries(len(list)) + ")"
		p.cut = true
		p.line(label + " " + ansi.Truncate(joined, max(p.room(label)-len(tail), 8), "…") + p.style.dim(tail))
		return
	}
	p.line(label)
	shown := p.upTo(len(list), shownEntries)
	for _, item := range list[:shown] {
		p.line(indent + "  - " + p.compact(item, p.width-len(indent)-4))
	}
	p.more(indent+"  ", len(list)-shown, "entry", "entries")
}

// itemSummary counts how the items of a for_each ended; "" for other lists. bare tells that nothing but
// success is to be told of them.
func itemSummary(objects []map[string]any) (summary string, bare bool) {
	counts, bare := map[string]int{}, true
	for _, o := range objects {
		status, isText := o["status"].(string)
		result, hasResult := o["result"]
		failure, hasError := o["error"]
		if len(o) != 3 || !isText || !hasResult || !hasError {
			return "", false
		}
		counts[status]++
		bare = bare && result == nil && failure == nil
	}
	for _, status := range slices.Sorted(maps.Keys(counts)) {
		summary += fmt.Sprintf(", %d %s", counts[status], strings.ReplaceAll(status, "_", " "))
	}
	return summary, bare
}

// inline joins plain values with commas, if that fits.
func (p *valuePrinter) inline(list []any, room int) (string, bool) {
	parts := make([]string, len(list))
	total := 0
	for i, item := range list {
		if !isScalar(item) {
			return "", false
		}
		parts[i] = scalar(item)
		if total += ansi.StringWidth(parts[i]) + 2; total > room+2 {
			return "", false
		}
	}
	return strings.Join(parts, ", "), true
}

// compact writes a value on one line.
func (p *valuePrinter) compact(v any, room int) string {
	text := scalar(v)
	if !isScalar(v) {
		encoded, err := schema.Encode(v)
		if err != nil {
			return "(cannot be shown)"
		}
		text = source.OneLine(string(encoded))
	}
	if !p.full && ansi.StringWidth(text) > room {
		p.cut = true
		text = ansi.Truncate(text, max(room, 8), "…")
	}
	return text
}

// isWordy tells texts and what holds more from numbers, of which a line says enough.
func isWordy(v any) bool {
	_, isText := v.(string)
	return isText || !isScalar(v)
}

func isScalar(v any) bool {
	switch v.(type) {
	case []any, map[string]any:
		return false
	}
	return true
}

func scalar(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return source.OneLine(v)
	}
	return fmt.Sprint(v)
}

// asObjects gives the list as maps, or nil when it is not a list of maps.
func asObjects(list []any) []map[string]any {
	objects := make([]map[string]any, len(list))
	for i, item := range list {
		m, ok := item.(map[string]any)
		if !ok || len(m) == 0 {
			return nil
		}
		objects[i] = m
	}
	return objects
}
