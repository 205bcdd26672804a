package workflow

import (
	"bytes"
	"encoding/json"
	"maps"

	"gantry/actions"
	"gantry/schema"
)

// JSONSchema gives the language as JSON Schema draft-07, for editors: every key with its documentation,
// from the table that the parser reads by, and every action's inputs. It is one line of JSON.
func JSONSchema(catalogue *actions.Catalogue) ([]byte, error) {
	s := &schemaMaker{catalogue: catalogue, shared: object{}}
	root := s.place(&workflowKeys)
	root["$schema"] = "http://json-schema.org/draft-07/schema#"
	root["title"] = "Gantry workflow"
	definitions := map[string]any{
		"task": s.task(), "transition": s.place(&transitionKeys), "for_each": s.place(&forEachKeys), "retry": s.place(&retryKeys),
		"concurrency": s.place(&concurrencyKeys), "mock": s.mock(), "override": s.override(), "call": s.place(&callKeys), "trigger": s.trigger(), "run_for": s.place(&runForKeys),
		"declaration": s.declaration(), "duration": s.duration(), "expression": s.expression(), "target": s.target(),
	}
	maps.Copy(definitions, s.shared)
	root["definitions"] = definitions
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(root); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

type schemaMaker struct {
	catalogue *actions.Catalogue
	shared    object // entities and what else the inputs of several actions have in common
}

type object = map[string]any

func ref(name string) object { return object{"$ref": "#/definitions/" + name} }

// place describes a map of the language.
func (s *schemaMaker) place(p *Place) object {
	properties := object{}
	var required []any
	for _, k := range p.Keys {
		properties[k.Name] = s.key(k)
		if k.Required {
			required = append(required, k.Name)
		}
	}
	o := object{"type": "object", "description": p.Doc, "properties": properties, "additionalProperties": false}
	if required != nil {
		o["required"] = required
	}
	return o
}

// key describes one key. Beside a $ref draft-07 reads nothing else, so that it is wrapped.
func (s *schemaMaker) key(k Key) object {
	o := s.shape(k)
	if _, isRef := o["$ref"]; isRef {
		o = object{"allOf": []any{o}}
	}
	doc := k.Doc
	if k.Default != "" {
		doc += " Default: " + k.Default + "."
	}
	o["description"] = doc
	return o
}

func oneOrMany(item object) object {
	return object{"anyOf": []any{item, object{"type": "array", "items": item, "uniqueItems": true}}}
}

func mapOf(value object) object { return object{"type": "object", "additionalProperties": value} }

// shape describes what may stand behind a key: plain shapes, and those of the language's own.
func (s *schemaMaker) shape(k Key) object {
	switch k.Shape {
	case ShapeText:
		if k.Words != nil {
			return object{"enum": anySlice(k.Words)}
		}
		return textSchema()
	case ShapeWorkflow:
		return textSchema()
	case ShapeTexts:
		return oneOrMany(textSchema())
	case ShapeFlag:
		return object{"type": "boolean"}
	case ShapeWhole:
		return object{"type": "integer", "minimum": 1}
	case ShapeNumber:
		return object{"type": "number", "minimum": 1}
	case ShapeDuration:
		return ref("duration")
	case ShapeExpression:
		return ref("expression")
	case ShapeValues:
		return mapOf(object{})
	case ShapeDeclarations:
		return mapOf(ref("declaration"))
	case ShapeMock:
		return ref("mock")
	case ShapeOverride:
		return ref("override")
	case ShapeRunFor:
		return ref("run_for")
	default:
		return s.structure(k.Shape)
	}
}

func textSchema() object { return object{"type": "string"} }

func (s *schemaMaker) structure(shape Shape) object {
	either := func(choices ...any) object { return object{"anyOf": choices} }
	switch shape {
	case ShapeAction:
		return s.action()
	case ShapeTasks:
		return object{"type": "object", "minProperties": 1, "additionalProperties": ref("task"),
			"propertyNames": object{"pattern": identifier.String(), "not": object{"enum": anySlice(reservedTaskNames())}}}
	case ShapeTriggers:
		return object{"type": "array", "items": ref("trigger")}
	case ShapeTransitions:
		return either(ref("target"), object{"type": "array", "items": ref("target"), "uniqueItems": true},
			ref("transition"), object{"type": "array", "items": ref("transition")})
	case ShapeTargets:
		return oneOrMany(ref("target"))
	case ShapeJoin:
		return either(object{"enum": []any{"all", "each", "any"}}, object{"type": "integer", "minimum": 1})
	case ShapeForEach:
		return either(ref("for_each"), object{"type": "array"}, textSchema())
	case ShapeRetry:
		return either(ref("retry"), object{"type": "integer", "minimum": 1})
	case ShapeConcurrency:
		return either(ref("concurrency"), object{"type": "integer", "minimum": 1})
	case ShapeOverrides:
		return s.overrides()
	case ShapeCall:
		return either(ref("call"), textSchema())
	default: // ShapeValue
		return object{}
	}
}

// action lists the actions. enumDescriptions is not of draft-07; editors show it beside what they complete.
func (s *schemaMaker) action() object {
	var ids, titles []any
	for _, a := range s.catalogue.Actions() {
		ids = append(ids, a.ID)
		titles = append(titles, a.Title+": "+a.Description)
	}
	return object{"type": "string", "enum": ids, "enumDescriptions": titles}
}

func anySlice(texts []string) []any {
	list := make([]any, len(texts))
	for i, t := range texts {
		list[i] = t
	}
	return list
}

func reservedTaskNames() []string {
	return append([]string{"noop", "fail", "end", "retry"}, celWords...)
}

// task adds, for each action, what may stand in with.
func (s *schemaMaker) task() object {
	o := s.place(&taskKeys)
	o["oneOf"] = []any{object{"required": []any{"action"}}, object{"required": []any{"workflow"}}}
	var cases []any
	for _, a := range s.catalogue.Actions() {
		inputs := a.InputType().JSONSchemaWith(s.shared, true)
		if either, ok := inputs["anyOf"].([]any); ok {
			inputs = either[0].(object) // with itself is never an expression
		}
		inputs["description"] = a.Title
		then := object{"properties": object{"with": inputs}}
		if inputs["required"] != nil {
			then["required"] = []any{"with"}
		}
		cases = append(cases, object{
			"if":   object{"properties": object{"action": object{"const": a.ID}}, "required": []any{"action"}},
			"then": then,
		})
	}
	o["allOf"] = cases
	return o
}

func (s *schemaMaker) mock() object {
	o := s.place(&mockKeys)
	o["minProperties"], o["maxProperties"] = 1, 1
	o["properties"].(object)["error"] = s.place(&mockErrorKeys)
	return o
}

func (s *schemaMaker) override() object {
	return object{"anyOf": []any{s.place(&overrideKeys), object{"enum": []any{"default", "mapping"}}}}
}

func (s *schemaMaker) overrides() object {
	properties := object{}
	for _, i := range s.catalogue.Integrations() {
		properties[i.ID] = object{"allOf": []any{ref("override")}, "description": i.Title}
	}
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

// trigger adds, for each type, its own keys. The keys of all types are allowed at first, and those of the
// other types are then refused, so that editors complete the right ones.
func (s *schemaMaker) trigger() object {
	o := s.place(&triggerKeys)
	properties := o["properties"].(object)
	properties["type"] = object{"enum": anySlice(triggerTypeNames()), "description": "What kind of event starts runs."}
	common := maps.Clone(properties)
	var cases []any
	for _, t := range triggerTypes {
		own := s.settings(t)
		allowed := maps.Clone(common)
		maps.Copy(allowed, own["properties"].(object))
		for name := range own["properties"].(object) {
			properties[name] = object{}
		}
		then := object{"properties": allowed, "additionalProperties": false, "description": t.Doc}
		for _, key := range []string{"required", "anyOf"} {
			if own[key] != nil {
				then[key] = own[key]
			}
		}
		cases = append(cases, object{"if": object{"properties": object{"type": object{"const": t.Name}}, "required": []any{"type"}}, "then": then})
	}
	o["allOf"] = cases
	return o
}

func (s *schemaMaker) settings(t *triggerType) object {
	own := schema.Object("", t.Settings...).JSONSchema(false)
	properties, _ := own["properties"].(object)
	if properties == nil {
		properties = object{}
		own["properties"] = properties
	}
	if verify, ok := properties["verify"].(object); ok && t.Name == "webhook" {
		properties["preset"].(object)["enum"] = anySlice(presetIDs(s.catalogue))
		verify["maxProperties"] = 1
		properties["verify"] = object{"anyOf": []any{object{"const": "none"}, verify}, "description": verify["description"]}
		properties["body_type"] = object{"allOf": []any{ref("declaration")}, "description": properties["body_type"].(object)["description"]}
		own["required"] = nil // verify: or a preset that says it
		own["anyOf"] = []any{object{"required": []any{"verify"}}, object{"required": []any{"preset"}}}
		dedupe := properties["dedupe"].(object)
		properties["dedupe"] = object{"anyOf": []any{object{"enum": []any{"body", "off"}}, dedupe}, "description": dedupe["description"]}
	}
	if _, ok := properties["fields"]; ok {
		properties["fields"] = object{"type": "object", "additionalProperties": ref("declaration"), "description": "The form's fields."}
	}
	if t.Name == "poll" {
		properties["poll"].(object)["enum"] = anySlice(pollIDs(s.catalogue))
		own["anyOf"] = []any{object{"required": []any{"poll"}}, object{"required": []any{"action", "every"}}}
	}
	for _, name := range []string{"jitter", "every", "wait", "late"} {
		if p, ok := properties[name].(object); ok {
			properties[name] = object{"allOf": []any{ref("duration")}, "description": p["description"]}
		}
	}
	return own
}

// declaration is a type as schema.ParseType reads it.
func (s *schemaMaker) declaration() object {
	properties := object{}
	for _, k := range declarationKeys.Keys {
		properties[k.Name] = s.declarationKey(k)
	}
	return object{"anyOf": []any{
		object{"type": "string", "description": "A type: string, integer, number, boolean, object, list of …, map of …, or an entity such as halo.Ticket."},
		object{"type": "array", "maxItems": 1, "description": "A list of this type."},
		object{"type": "object", "properties": properties, "additionalProperties": false},
	}}
}

// declarationKey describes what may stand behind a key of a declaration.
func (s *schemaMaker) declarationKey(k Key) object {
	described := func(o object) object {
		o["description"] = k.Doc
		return o
	}
	switch {
	case k.Name == "deprecated":
		return described(object{"type": []any{"string", "boolean"}})
	case k.Name == "enum" || k.Name == "examples":
		return described(object{"type": "array"})
	case k.Shape == shapeDeclaration:
		return described(object{"allOf": []any{ref("declaration")}})
	case k.Shape == ShapeDeclarations:
		return described(object{"type": "object", "additionalProperties": ref("declaration")})
	case k.Shape == ShapeWhole:
		return described(object{"type": "integer", "minimum": 0})
	case k.Shape == ShapeNumber:
		return described(object{"type": "number"})
	}
	return s.key(k)
}

func (s *schemaMaker) duration() object {
	return object{"type": "string", "pattern": `^\s*([0-9]+(\.[0-9]+)?\s*(ms|s|m|h|d|w)\s*)+$`, "examples": []any{"30s", "5m", "8h"}}
}

func (s *schemaMaker) expression() object {
	return object{"type": []any{"string", "boolean"}, "description": "An expression, with or without ${{ }}."}
}

func (s *schemaMaker) target() object {
	return object{"type": "string", "not": object{"enum": []any{"continue", "end", "retry"}},
		"description": "A task's name, or noop (the failure is handled) or fail (fail the run)."}
}
