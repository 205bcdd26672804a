package workflow

import (
	"slices"

	"gantry/actions"
	"gantry/schema"
)

// PlaceCalled gives a place of the language's table by its name, such as "task" or "trigger webhook".
func PlaceCalled(name string) (*Place, bool) {
	all := Keys()
	if name == declarationKeys.Name {
		return &declarationKeys, true
	}
	i := slices.IndexFunc(all, func(p Place) bool { return p.Name == name })
	if i < 0 {
		return nil, false
	}
	return &all[i], true
}

// below tells which place's keys the maps behind a key of a shape have.
var below = map[Shape]*Place{
	ShapeTasks: &taskKeys, ShapeTriggers: &triggerKeys, ShapeTransitions: &transitionKeys, ShapeForEach: &forEachKeys,
	ShapeRetry: &retryKeys, ShapeMock: &mockKeys, ShapeOverride: &overrideKeys, ShapeOverrides: &overrideKeys,
	ShapeRunFor: &runForKeys, ShapeCall: &callKeys, ShapeConcurrency: &concurrencyKeys, ShapeDeclarations: &declarationKeys,
}

// Below gives the place whose keys the maps behind a key have: of ShapeTasks, ShapeDeclarations and ShapeOverrides the
// maps behind the names there, of ShapeTriggers and ShapeTransitions those of the list. nil: none, they are values.
func (k Key) Below() *Place {
	if k.Name == "error" && k.Doc == mockKeys.Keys[1].Doc {
		return &mockErrorKeys
	}
	return below[k.Shape]
}

// TriggerType is a type of triggers, for those who write one.
type TriggerType struct {
	Name, Doc string
	Settings  []schema.Field // the keys of its own
}

// TriggerTypes lists the types of triggers.
func TriggerTypes() []TriggerType {
	list := make([]TriggerType, len(triggerTypes))
	for i, t := range triggerTypes {
		list[i] = TriggerType{t.Name, t.Doc, t.Settings}
	}
	return list
}

// Targets are the words that stand in do beside the names of tasks, with what they do.
func Targets() []Key {
	return []Key{
		{Name: "noop", Doc: "The failure is handled, nothing more is to be done here."},
		{Name: "fail", Doc: "The run fails; the tasks named beside it still run, once."},
	}
}

// Joins are the words of join, with what they do.
func Joins() []Key {
	return []Key{
		{Name: "all", Doc: "Waits for everything that can still arrive, and runs once."},
		{Name: "each", Doc: "Runs once for each arrival."},
		{Name: "any", Doc: "Runs at the first arrival; the others of the round are absorbed."},
	}
}

// PresetIDs and PollIDs are what a catalogue has for triggers.
func PresetIDs(c *actions.Catalogue) []string { return presetIDs(c) }

// PollIDs are the polls that integrations declare.
func PollIDs(c *actions.Catalogue) []string { return pollIDs(c) }

// declarationKeys are the keys of a type that is written out, as schema.ParseFields reads it.
var declarationKeys = Place{
	Name: "declaration",
	Doc:  "What a value is: its type, and what is said about it.",
	Keys: []Key{
		{Name: "type", Shape: ShapeText, Doc: "string, integer, number, boolean, secret, object, list, map, any, or an entity such as halo.Ticket"},
		{Name: "title", Shape: ShapeText, Doc: "What forms call it."},
		{Name: "description", Shape: ShapeText, Doc: "What it means."},
		{Name: "required", Shape: ShapeFlag, Doc: "It has to be given."},
		{Name: "default", Shape: ShapeValue, Doc: "The value when it is not given."},
		{Name: "enum", Shape: ShapeTexts, Doc: "The only values allowed."},
		{Name: "nullable", Shape: ShapeFlag, Doc: "null is allowed as well."},
		{Name: "items", Shape: shapeDeclaration, Doc: "The type of a list's entries or a map's values."},
		{Name: "fields", Shape: ShapeDeclarations, Doc: "An object's fields."},
		{Name: "open", Shape: ShapeFlag, Doc: "Other fields may come as well."},
		{Name: "format", Shape: ShapeText, Doc: "What the text is, such as email or date-time."},
		{Name: "pattern", Shape: ShapeText, Doc: "A regular expression that the text must match."},
		{Name: "min_length", Shape: ShapeWhole, Doc: "How many characters it has at least."},
		{Name: "max_length", Shape: ShapeWhole, Doc: "How many characters it has at most."},
		{Name: "max_items", Shape: ShapeWhole, Doc: "How many entries the list has at most."},
		{Name: "max_mib", Shape: ShapeWhole, Doc: "How large the file may be that the text holds."},
		{Name: "minimum", Shape: ShapeNumber, Doc: "The least number allowed."},
		{Name: "maximum", Shape: ShapeNumber, Doc: "The largest number allowed."},
		{Name: "secret", Shape: ShapeFlag, Doc: "It is never shown or kept in the clear."},
		{Name: "examples", Shape: ShapeValue, Doc: "Values that could be given."},
		{Name: "deprecated", Shape: ShapeText, Doc: "What to use instead."},
	},
}

// shapeDeclaration is a type: its name, or a map that says more.
const shapeDeclaration Shape = "type"

func init() { below[shapeDeclaration] = &declarationKeys }
