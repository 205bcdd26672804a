package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// printer shows what was measured.
type printer interface {
	begin(conditions)
	row(scenario, figures)
	end() error
}

var printers = map[string]func() printer{
	"text":     func() printer { return text{} },
	"json":     func() printer { return &document{} },
	"markdown": func() printer { return markdown{} },
}

// told lists figures by their names, as far as they were measured.
func told(f figures, names []string) string {
	var parts []string
	for _, name := range names {
		if v, ok := f[name]; ok {
			parts = append(parts, named[name]+number(v)+units[name])
		}
	}
	return strings.Join(parts, ", ")
}

func (s scenario) bar() string {
	parts := make([]string, len(s.bars))
	for i, b := range s.bars {
		parts[i] = b.String()
	}
	return strings.Join(parts, ", ")
}

func (s scenario) verdict(f figures) string {
	switch missed := s.missed(f); {
	case len(s.bars) == 0:
		return ""
	case len(missed) > 0:
		return "MISSED"
	}
	return "met"
}

// text is for people who wait for it: a line as soon as it is known.
type text struct{}

func (text) begin(c conditions) {
	fmt.Println(c)
	fmt.Println()
}

func (text) row(s scenario, f figures) {
	fmt.Printf("%s\n    %s\n", s.name, told(f, shown))
	if each := told(f, costs); each != "" {
		fmt.Printf("    each costs %s\n", each)
	}
	if len(s.bars) > 0 {
		fmt.Printf("    bar %s: %s\n", s.bar(), s.verdict(f))
	}
}

func (text) end() error { return nil }

// markdown is the table of the handbook.
type markdown struct{}

func (markdown) begin(c conditions) {
	fmt.Printf("%s\n\n| what | bar | measured | | each costs |\n| --- | --- | --- | --- | --- |\n", c)
}

func (markdown) row(s scenario, f figures) {
	fmt.Printf("| %s | %s | %s | %s | %s |\n", s.name, s.bar(), told(f, shown), s.verdict(f), told(f, costs))
}

func (markdown) end() error { return nil }

// document is one JSON document: {"conditions": …, "scenarios": [{"name", "figures", "bars", "met"}]}. Units are as in
// the text.
type document struct {
	Conditions conditions       `json:"conditions"`
	Scenarios  []documentedItem `json:"scenarios"`
}

type documentedItem struct {
	Name    string   `json:"name"`
	Figures figures  `json:"figures"`
	Bars    []string `json:"bars"`
	Met     bool     `json:"met"`
}

func (d *document) begin(c conditions) { d.Conditions = c }

func (d *document) row(s scenario, f figures) {
	item := documentedItem{Name: s.name, Figures: f, Bars: []string{}, Met: len(s.missed(f)) == 0}
	for b := range slices.Values(s.bars) {
		item.Bars = append(item.Bars, b.String())
	}
	d.Scenarios = append(d.Scenarios, item)
}

func (d *document) end() error {
	e := json.NewEncoder(os.Stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(d)
}
