package workflow

import "slices"

// Shape says what may stand behind a key.
type Shape string

// The shapes. Their text is what the handbook prints.
const (
	ShapeText         Shape = "text"
	ShapeTexts        Shape = "text or a list of texts"
	ShapeFlag         Shape = "true or false"
	ShapeWhole        Shape = "whole number"
	ShapeNumber       Shape = "number"
	ShapeDuration     Shape = "duration"
	ShapeExpression   Shape = "expression"
	ShapeValue        Shape = "any value, also with ${{ }}"
	ShapeValues       Shape = "map of values, also with ${{ }}"
	ShapeDeclarations Shape = "map of declarations"
	ShapeAction       Shape = "action id"
	ShapeWorkflow     Shape = "workflow id"
	ShapeTasks        Shape = "map of tasks"
	ShapeTriggers     Shape = "list of triggers"
	ShapeTransitions  Shape = "task name, list of task names, or list of transitions"
	ShapeTargets      Shape = "task name or engine word, or a list of them"
	ShapeJoin         Shape = "all, each, any or a whole number"
	ShapeForEach      Shape = "map, or the items alone"
	ShapeRetry        Shape = "map, or the attempts alone"
	ShapeMock         Shape = "map with result or error"
	ShapeOverride     Shape = "map, or the word alone"
	ShapeOverrides    Shape = "map of integration ids to overrides"
	ShapeRunFor       Shape = "map"
	ShapeCall         Shape = "map, or the workflow id alone"
	ShapeConcurrency  Shape = "map, or the limit alone"
)

// Key is one key of the language: what the parser accepts, what editors complete and what the
// handbook prints.
type Key struct {
	Name     string
	Shape    Shape
	Doc      string
	Default  string   // in words, "" for none
	Required bool     // the map is refused without it
	Words    []string // the only texts allowed, nil: any
}

// Place is a kind of map of the language and its keys.
type Place struct {
	Name string
	Doc  string
	Keys []Key
}

// Keys gives the whole language, place by place: the table that the parser, the JSON Schema and the
// handbook share.
func Keys() []Place {
	all := []Place{
		workflowKeys, taskKeys, transitionKeys, forEachKeys, retryKeys, mockKeys, mockErrorKeys, overrideKeys,
		concurrencyKeys, callKeys, triggerKeys, runForKeys,
	}
	for _, t := range triggerTypes {
		all = append(all, t.place())
	}
	return all
}

// Key gives a key of the place by its name.
func (p *Place) Key(name string) (Key, bool) {
	i := slices.IndexFunc(p.Keys, func(k Key) bool { return k.Name == name })
	if i < 0 {
		return Key{}, false
	}
	return p.Keys[i], true
}

func (p *Place) names() []string {
	names := make([]string, len(p.Keys))
	for i, k := range p.Keys {
		names[i] = k.Name
	}
	return names
}
