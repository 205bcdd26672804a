package schema

import "slices"

// templatePattern is what text with an expression in it looks like to an editor.
const templatePattern = `\$\{\{`

// jsonSchemaDepth is where describing types ends: entities may contain themselves.
const jsonSchemaDepth = 8

// JSONSchema gives the type as JSON Schema draft-07, for editors such as VS Code with its YAML
// extension. With allowTemplates every value that is not text may also be text with a `${{ … }}` in it,
// as may text of a fixed form. The result is JSON data and the caller's own.
func (t *Type) JSONSchema(allowTemplates bool) map[string]any {
	j := jsonSchema{templates: allowTemplates}
	return j.of(t, 0)
}

type jsonSchema struct {
	templates bool
	defs      map[string]any // nil: entities are written out
	within    []string       // the entities that are being described
}

func (j jsonSchema) of(t *Type, depth int) map[string]any {
	if j.defs != nil {
		if s, ok := j.shared(t); ok {
			return s
		}
	}
	if t.Name != "" {
		if slices.Contains(j.within, t.Name) {
			return map[string]any{}
		}
		j.within = append(slices.Clip(j.within), t.Name)
	}
	s := j.bare(t, depth)
	if t.allowsNull() && t.Kind != KindAny && t.Kind != KindNull {
		nullable(s)
	}
	s = j.templated(s, t)
	describe(s, t)
	return s
}

// templated allows text with an expression beside what s allows.
func (j jsonSchema) templated(s map[string]any, t *Type) map[string]any {
	if !j.templates || !t.needsTemplate() {
		return s
	}
	return map[string]any{"anyOf": []any{s, map[string]any{"type": "string", "pattern": templatePattern}}}
}

// needsTemplate tells whether text with an expression would not pass as it is.
func (t *Type) needsTemplate() bool {
	switch t.Kind {
	case KindAny:
		return len(t.Enum) > 0
	case KindString, KindSecret:
		return len(t.Enum) > 0 || t.Pattern != "" || t.MinLength != nil || t.MaxLength != nil || formats[t.Format].json != ""
	default:
		return true
	}
}

func (j jsonSchema) bare(t *Type, depth int) map[string]any {
	s := map[string]any{}
	switch t.Kind {
	case KindString, KindSecret:
		s["type"] = "string"
		j.text(s, t)
	case KindList:
		s["type"] = "array"
		if t.Items != nil && depth < jsonSchemaDepth {
			s["items"] = j.of(t.Items, depth+1)
		}
		setInt(s, "maxItems", t.MaxItems)
	case KindMap:
		s["type"] = "object"
		if t.Items != nil && depth < jsonSchemaDepth {
			s["additionalProperties"] = j.of(t.Items, depth+1)
		}
	case KindObject:
		s["type"] = "object"
		if depth < jsonSchemaDepth {
			j.object(s, t, depth)
		}
	case KindAny:
	default:
		s["type"] = string(t.Kind)
		if t.Minimum != nil {
			s["minimum"] = *t.Minimum
		}
		if t.Maximum != nil {
			s["maximum"] = *t.Maximum
		}
	}
	if len(t.Enum) > 0 {
		s["enum"] = slices.Clone(t.Enum)
	}
	return s
}

func (j jsonSchema) text(s map[string]any, t *Type) {
	if t.Pattern != "" {
		s["pattern"] = t.Pattern
	}
	if name := formats[t.Format].json; name != "" && name != "date-time" { // ours is wider than RFC 3339
		s["format"] = name
	} else if t.Format != "" && !j.templates {
		s["x-format"] = t.Format // for forms
	}
	if t.Kind == KindSecret && !j.templates {
		s["writeOnly"] = true
	}
	setInt(s, "minLength", t.MinLength)
	setInt(s, "maxLength", t.MaxLength)
}

func (j jsonSchema) object(s map[string]any, t *Type, depth int) {
	properties := make(map[string]any, len(t.Fields))
	var required []any
	for _, f := range t.Fields {
		property := j.of(f.Type, depth+1)
		if f.Deprecated != "" {
			property = besides(property)
			property["deprecated"] = true
			property["deprecationMessage"] = f.Deprecated
		}
		properties[f.Name] = property
		if f.Required && !f.Type.HasDefault {
			required = append(required, f.Name)
		}
	}
	if len(properties) > 0 {
		s["properties"] = properties
	}
	if len(required) > 0 {
		s["required"] = required
	}
	if len(t.OneOf) > 0 {
		s["allOf"] = groups(t.OneOf)
	}
	if !t.Open {
		s["additionalProperties"] = false
	}
}

// groups says of each group that one of its fields is needed.
func groups(oneOf [][]string) (all []any) {
	for _, group := range oneOf {
		var any_ []any
		for _, name := range group {
			any_ = append(any_, map[string]any{"required": []any{name}})
		}
		all = append(all, map[string]any{"anyOf": any_})
	}
	return all
}

func nullable(s map[string]any) {
	if kind, ok := s["type"]; ok {
		s["type"] = []any{kind, "null"}
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, nil) {
		s["enum"] = append(enum, nil)
	}
}

func describe(s map[string]any, t *Type) {
	if t.Title != "" {
		s["title"] = t.Title
	}
	if t.Description != "" {
		s["description"] = t.Description
	}
	if t.HasDefault && t.Kind != KindSecret {
		s["default"] = copied(t.Default)
	}
	if len(t.Examples) > 0 {
		s["examples"] = copied(t.Examples)
	}
}

func setInt(s map[string]any, key string, value *int) {
	if value != nil {
		s[key] = int64(*value)
	}
}
