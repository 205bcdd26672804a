package schema

import "net/url"

// JSONSchemaWith is JSONSchema for a document in which many types stand together. What they share is
// written once, into defs, and referred to as #/definitions/<name>: entities, and plain types such as
// "date-time or null" of which nothing else is said. defs belongs to one document and one allowTemplates.
func (t *Type) JSONSchemaWith(defs map[string]any, allowTemplates bool) map[string]any {
	j := jsonSchema{templates: allowTemplates, defs: defs}
	return j.of(t, 0)
}

// shared describes a type by reference, if it is one that is worth it.
func (j jsonSchema) shared(t *Type) (map[string]any, bool) {
	switch {
	case t.Name != "" && t.Kind == KindObject:
		return j.entity(t), true
	case j.templates && t.isPlain() && t.needsTemplate():
		return j.plain(t), true
	}
	return nil, false
}

func (j jsonSchema) entity(t *Type) map[string]any {
	if _, there := j.defs[t.Name]; !there {
		j.defs[t.Name] = nil // it may contain itself
		j.defs[t.Name] = j.bare(t, 0)
	}
	s := reference(t.Name)
	if t.allowsNull() {
		s = map[string]any{"anyOf": []any{s, map[string]any{"type": "null"}}}
	}
	s = j.templated(s, t)
	if t.isDescribed() {
		s = besides(s)
		describe(s, t)
	}
	return s
}

func (j jsonSchema) plain(t *Type) map[string]any {
	name := string(t.Kind)
	if t.Format != "" {
		name = t.Format
	}
	if t.Nullable {
		name += "_or_null"
	}
	if _, there := j.defs[name]; !there {
		j.defs[name] = jsonSchema{templates: true}.of(t, 0)
	}
	return reference(name)
}

func reference(name string) map[string]any {
	return map[string]any{"$ref": "#/definitions/" + url.PathEscape(name)}
}

// besides makes room for more beside a reference, of which draft-07 reads nothing else.
func besides(s map[string]any) map[string]any {
	if _, is := s["$ref"]; is {
		return map[string]any{"allOf": []any{s}}
	}
	return s
}

func (t *Type) isDescribed() bool {
	return t.Title != "" || t.Description != "" || t.HasDefault || len(t.Examples) > 0
}

// isPlain tells whether the type is a kind, with or without null, and nothing is said beyond that.
func (t *Type) isPlain() bool {
	switch t.Kind {
	case KindBoolean, KindInteger, KindNumber, KindString:
		return !t.isDescribed() && t.limitsEqual(&Type{Format: t.Format})
	}
	return false
}
