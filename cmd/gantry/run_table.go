package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"gantry/source"
)

// usualNames are the fields that tell most about an entry, in the order people want to see them.
var usualNames = []string{"id", "number", "name", "title", "summary", "subject", "label", "key", "slug", "status", "status_name", "priority",
	"team", "client_name", "user_name", "email", "emailaddress", "value", "result", "error"}

// table writes objects in columns: the usual fields first, then others by name, as many as fit.
func (p *valuePrinter) table(objects []map[string]any, indent string) {
	shown := p.upTo(len(objects), shownEntries)
	columns, left := p.columns(objects[:shown], p.width-len(indent))
	lines := make([]string, shown)
	header := ""
	for i, c := range columns {
		pad := func(cell string) string {
			if i == len(columns)-1 {
				return cell
			}
			return cell + strings.Repeat(" ", c.width-ansi.StringWidth(cell)+2)
		}
		header += pad(c.name)
		for row := range lines {
			lines[row] += pad(c.cells[row])
		}
	}
	p.line(indent + p.style.dim(strings.TrimRight(header, " ")))
	for _, line := range lines {
		p.line(strings.TrimRight(indent+line, " "))
	}
	p.more(indent, len(objects)-shown, "entry", "entries")
	if left > 0 {
		p.cut = true
		p.line(indent + p.style.dim("… each with "+counted(left, "further field")))
	}
}

// tableColumn is a column with its cells, ready to print.
type tableColumn struct {
	name  string
	cells []string
	width int
	empty bool // none of the objects has a value there
}

// columns chooses the columns that fit; left is how many fields have none.
func (p *valuePrinter) columns(objects []map[string]any, width int) (columns []tableColumn, left int) {
	bound := shownColumns
	if p.full {
		bound = 1 << 10
	}
	used := 0
	names := fieldNames(objects)
	for _, name := range names {
		c := p.column(name, objects)
		if c.empty {
			continue
		}
		if len(columns) > 0 && (len(columns) == bound || !p.full && used+c.width > width) {
			left++
			continue
		}
		used += c.width + 2
		columns = append(columns, c)
	}
	return columns, left
}

func (p *valuePrinter) column(name string, objects []map[string]any) tableColumn {
	c := tableColumn{name: source.OneLine(name), width: ansi.StringWidth(name), empty: true}
	for _, o := range objects {
		cell := ""
		if v, ok := o[name]; ok && v != nil {
			cell, c.empty = p.compact(v, shownCell), false
		}
		c.cells = append(c.cells, cell)
		c.width = max(c.width, ansi.StringWidth(cell))
	}
	return c
}

// fieldNames gives the fields of all objects: usual ones, then plain ones, then those that hold more.
func fieldNames(objects []map[string]any) []string {
	plain := map[string]bool{}
	for _, o := range objects {
		for name, v := range o {
			before, seen := plain[name]
			plain[name] = isScalar(v) && (before || !seen)
		}
	}
	names := slices.DeleteFunc(slices.Clone(usualNames), func(name string) bool { _, ok := plain[name]; return !ok })
	for _, wanted := range []bool{true, false} {
		for _, name := range slices.Sorted(maps.Keys(plain)) {
			if plain[name] == wanted && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}
