package actions

import "gantry/schema"

// Sample is a way to use the action: its first example, or where it has none its required inputs with values
// made up by their types.
func (a *Action) Sample() Example {
	if len(a.Examples) > 0 {
		return a.Examples[0]
	}
	e := Example{With: map[string]any{}}
	for _, f := range a.Inputs {
		if f.Required {
			e.With[f.Name] = sample(f.Type)
		}
	}
	return e
}

func sample(t *schema.Type) any {
	switch {
	case len(t.Examples) > 0:
		return t.Examples[0]
	case t.HasDefault:
		return t.Default
	case len(t.Enum) > 0:
		return t.Enum[0]
	}
	switch t.Kind {
	case schema.KindInteger, schema.KindNumber:
		return int64(1)
	case schema.KindBoolean:
		return true
	case schema.KindList:
		return []any{sample(t.Element())}
	case schema.KindObject, schema.KindMap:
		return map[string]any{}
	}
	return "…"
}
