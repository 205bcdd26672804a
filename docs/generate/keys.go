package main

import (
	"strings"

	"gantry/engine/workflow"
	"gantry/fault"
)

func keysPage(places []workflow.Place) *page {
	p := newPage("Keys of the workflow language", "engine/workflow", "Every key that a workflow file may have, place by "+
		"place. [The language](../language.md) tells what they are for, with examples; `gantry schema` gives the same to editors.")
	var rows [][]string
	for _, place := range places {
		rows = append(rows, []string{"[" + place.Name + "](#" + anchor(place.Name) + ")", words(place.Doc)})
	}
	p.table([]string{"Place", "What it is"}, rows)
	for _, place := range places {
		p.heading(2, words(place.Name))
		p.paragraph("%s", words(place.Doc))
		p.table([]string{"Key", "Value", "Default", "Meaning"}, keyRows(place))
	}
	return p
}

func keyRows(place workflow.Place) [][]string {
	var rows [][]string
	for _, k := range place.Keys {
		value := words(string(k.Shape))
		if len(k.Words) > 0 {
			value = "`" + strings.Join(k.Words, "`, `") + "`"
		}
		usual := words(k.Default)
		if k.Required {
			usual = "required"
		}
		rows = append(rows, []string{mono(k.Name), value, usual, words(k.Doc)})
	}
	return rows
}

func errorsPage(codes []fault.Described) *page {
	p := newPage("Error codes", "fault", "Every error of a task, a run or a command has one of these codes; workflows compare them, "+
		"as in `when: failed && error.code == 'not_found'`. A code keeps its meaning. [Troubleshooting](../troubleshooting.md) tells "+
		"what to do about the common ones.")
	var rows [][]string
	for _, c := range codes {
		rows = append(rows, []string{mono(string(c.Code)), words(c.Meaning)})
	}
	p.table([]string{"Code", "Meaning"}, rows)
	return p
}
