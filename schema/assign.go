package schema

import (
	"fmt"
	"slices"
	"strings"

	"gantry/source"
)

// AssignableTo tells whether values of type from may be given where to is wanted, and if not, why, in
// words such as "needs a whole number, gets text". What is any on either side passes: it is checked
// again at run time, as are limits (minimum, pattern, …). Enums are compared where both sides have one.
// A nullable type does not pass where null is not allowed; a caller who leaves that to run time passes
// from.AsPresent().
func AssignableTo(from, to *Type) (ok bool, why string) {
	return assignable(from, to, joinDepth)
}

func assignable(from, to *Type, depth int) (bool, string) {
	switch {
	case from == nil || to == nil || from == to || from.Kind == KindAny || to.Kind == KindAny || depth == 0:
		return true, ""
	case from.allowsNull() && !to.allowsNull():
		if from.Kind == KindNull {
			return needs(to, from)
		}
		return false, "needs " + to.withArticle() + ", but this may be null"
	case from.Kind == KindNull || from.Name != "" && from.Name == to.Name:
		return true, ""
	}
	return assignableKinds(from, to, depth)
}

func assignableKinds(from, to *Type, depth int) (bool, string) {
	pair := func(f, t Kind) bool { return from.Kind == f && to.Kind == t }
	switch {
	case pair(KindObject, KindObject):
		return assignableObjects(from, to, depth)
	case pair(KindObject, KindMap):
		return assignableFields(from, to.Element(), depth)
	case pair(KindMap, KindObject):
		return assignableToFields(from.Element(), to, depth)
	case pair(KindMap, KindMap), pair(KindList, KindList):
		if ok, why := assignable(from.Element(), to.Element(), depth-1); !ok {
			return false, "each entry " + why
		}
		return true, ""
	case pair(KindInteger, KindNumber), pair(KindString, KindSecret), pair(KindSecret, KindString):
		return assignableEnums(from, to)
	case from.Kind == to.Kind:
		return assignableEnums(from, to)
	default:
		return needs(to, from)
	}
}

func needs(to, from *Type) (bool, string) {
	return false, "needs " + to.withArticle() + ", gets " + from.AsPresent().withArticle()
}

// withArticle is String for use in a sentence.
func (t *Type) withArticle() string {
	text := t.String()
	switch {
	case t.Name != "":
		return text
	case t.Kind == KindObject:
		return "an " + text
	case t.Kind == KindString, t.Kind == KindBoolean, t.Kind == KindAny, t.Kind == KindNull:
		return text
	default:
		return "a " + text
	}
}

func assignableEnums(from, to *Type) (bool, string) {
	if len(from.Enum) == 0 || len(to.Enum) == 0 {
		return true, ""
	}
	for _, v := range from.Enum {
		if !slices.ContainsFunc(to.Enum, func(w any) bool { return sameValue(v, w) }) {
			return false, notInEnum(to, v)
		}
	}
	return true, ""
}

func assignableObjects(from, to *Type, depth int) (bool, string) {
	for _, f := range to.Fields {
		g, given := from.Field(f.Name)
		switch {
		case given:
			if ok, why := assignable(g.Type, f.Type, depth-1); !ok {
				return false, fmt.Sprintf("its field %q %s", f.Name, why)
			}
			if f.Required && !g.Required {
				return false, fmt.Sprintf("needs the field %q, which may be missing here", f.Name)
			}
		case f.Required && !from.Open:
			return false, fmt.Sprintf("needs the field %q, which is missing here", f.Name)
		}
	}
	if to.Open {
		return true, ""
	}
	for _, f := range from.Fields {
		if _, known := to.Field(f.Name); !known {
			return false, unknownField(to, f.Name)
		}
	}
	return true, ""
}

func assignableFields(from, element *Type, depth int) (bool, string) {
	for _, f := range from.Fields {
		if ok, why := assignable(f.Type, element, depth-1); !ok {
			return false, fmt.Sprintf("its field %q %s", f.Name, why)
		}
	}
	return true, ""
}

func assignableToFields(element, to *Type, depth int) (bool, string) {
	for _, f := range to.Fields {
		if ok, why := assignable(element, f.Type, depth-1); !ok {
			return false, fmt.Sprintf("its field %q %s", f.Name, why)
		}
	}
	return true, ""
}

func unknownField(t *Type, name string) string {
	message := fmt.Sprintf("there is no field %q in %s", name, t.AsPresent().withArticle())
	if hint := source.DidYouMean(name, t.FieldNames()); hint != "" {
		message += "; " + hint
	}
	return message
}

// meantOf gives a text that is none of a type's choices, and the one that was most likely meant.
func meantOf(t *Type, v any) (word, meant string) {
	text, ok := v.(string)
	if !ok {
		return "", ""
	}
	var known []string
	for _, e := range t.Enum {
		if choice, ok := e.(string); ok {
			known = append(known, choice)
		}
	}
	if meant = source.Suggest(text, known); meant == "" {
		return "", ""
	}
	return text, meant
}

func notInEnum(t *Type, v any) string {
	known := make([]string, len(t.Enum))
	for i, e := range t.Enum {
		known[i] = shown(e)
	}
	const listed = 12
	choice := strings.Join(known[:min(len(known), listed)], ", ")
	if len(known) > listed {
		choice += ", …"
	}
	message := "must be one of " + choice
	if t.Kind != KindSecret {
		message += ", not " + shown(v)
		if text, ok := v.(string); ok {
			if s := source.Suggest(text, known); s != "" {
				message += fmt.Sprintf("; did you mean %q?", s)
			}
		}
	}
	return message
}
