package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// page is a page of Markdown on its way.
type page struct{ text bytes.Buffer }

// newPage begins a page: its title, the mark that it is generated, and an introduction.
func newPage(title, from, intro string) *page {
	p := &page{}
	p.line("<!-- Generated from %s by docs/generate. Do not edit: run `go generate ./docs`. -->", from)
	p.heading(1, title)
	p.paragraph("%s", intro)
	return p
}

func (p *page) bytes() []byte {
	return append(bytes.TrimRight(p.text.Bytes(), "\n"), '\n')
}

func (p *page) line(format string, args ...any) {
	fmt.Fprintf(&p.text, format+"\n", args...)
}

func (p *page) heading(level int, text string) {
	p.line("\n%s %s", strings.Repeat("#", level), text)
}

func (p *page) paragraph(format string, args ...any) {
	p.line("\n"+format, args...)
}

// code writes a block as it stands.
func (p *page) code(language, text string) {
	p.line("\n```%s\n%s\n```", language, strings.TrimRight(text, "\n"))
}

// table writes a table; the cells are Markdown. Columns that are empty throughout are left out.
func (p *page) table(head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	var keep []int
	for i := range head {
		for _, row := range rows {
			if row[i] != "" {
				keep = append(keep, i)
				break
			}
		}
	}
	p.line("")
	p.row(head, keep)
	p.line("|%s", strings.Repeat(" --- |", len(keep)))
	for _, row := range rows {
		p.row(row, keep)
	}
}

func (p *page) row(cells []string, keep []int) {
	p.text.WriteString("|")
	for _, i := range keep {
		fmt.Fprintf(&p.text, " %s |", cell(cells[i]))
	}
	p.text.WriteString("\n")
}

// cell keeps a text from breaking out of its cell.
func cell(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return strings.ReplaceAll(text, "|", `\|`)
}

var leadingUnderscore = regexp.MustCompile(`(^|[\s(])_`)

// words makes plain text safe in Markdown: angle brackets, stars and underscores before a word mean
// themselves, outside of `code`.
func words(text string) string {
	parts := strings.Split(text, "`")
	for i := range parts {
		if i%2 == 0 {
			part := strings.NewReplacer("<", "&lt;", "*", `\*`).Replace(parts[i])
			parts[i] = leadingUnderscore.ReplaceAllString(part, `$1\_`)
		}
	}
	return strings.Join(parts, "`")
}

// mono shows a text as code; nothing stays nothing.
func mono(text string) string {
	switch {
	case text == "":
		return ""
	case strings.Contains(text, "`"):
		return "`` " + text + " ``"
	}
	return "`" + text + "`"
}

// anchor is the address of a heading within its page, as GitHub and GitLab make it.
func anchor(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(heading) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127:
			b.WriteRune(r)
		}
	}
	return b.String()
}
