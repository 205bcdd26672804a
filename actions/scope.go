package actions

import (
	"gantry/expr"
	"gantry/schema"
)

// The variables that expressions in the catalogue see. Declared fields are always there: what was not given
// is null, or for a config field the empty value of its kind, so that nobody has to write around it.

func configVariable(fields []schema.Field) expr.Variable {
	present := make([]schema.Field, len(fields))
	for i, f := range fields {
		present[i] = schema.Field{Name: f.Name, Type: f.Type, Required: true}
	}
	return expr.Variable{Name: "config", Type: schema.Object("", present...)}
}

func inputsVariable(fields []schema.Field) expr.Variable {
	present := make([]schema.Field, len(fields))
	for i, f := range fields {
		t := *f.Type
		t.Nullable = t.Nullable || !f.Required && !t.HasDefault
		present[i] = schema.Field{Name: f.Name, Type: &t, Required: true}
	}
	return expr.Variable{Name: "inputs", Type: schema.Object("", present...)}
}

// answerVariables are what an answer shows to expressions: body is as it came, any JSON.
func answerVariables() []expr.Variable {
	return []expr.Variable{
		{Name: "status", Type: schema.Integer()},
		{Name: "headers", Type: schema.MapOf(schema.String())},
		{Name: "body", Type: schema.Any()},
	}
}

// errorVariables are what an error rule sees: body is a map, empty when the answer is not a JSON object, so
// that a rule can look into it without asking first; text is the beginning of the answer as it came.
func errorVariables() []expr.Variable {
	return []expr.Variable{
		{Name: "status", Type: schema.Integer()},
		{Name: "headers", Type: schema.MapOf(schema.String())},
		{Name: "body", Type: schema.MapOf(schema.Any())},
		{Name: "text", Type: schema.String()},
	}
}

// fill gives the values with every declared field there.
func fill(fields []schema.Field, values map[string]any) map[string]any {
	out := make(map[string]any, len(fields))
	for _, f := range fields {
		if v, ok := values[f.Name]; ok {
			out[f.Name] = v
		} else {
			out[f.Name] = f.Type.Default
		}
	}
	return out
}

// fillConfig is fill with the empty value of each kind in place of null.
func fillConfig(fields []schema.Field, values map[string]any) map[string]any {
	out := fill(fields, values)
	for _, f := range fields {
		if out[f.Name] == nil && !f.Type.Nullable {
			out[f.Name] = empty(f.Type.Kind)
		}
	}
	return out
}

func empty(kind schema.Kind) any {
	switch kind {
	case "string", "secret":
		return ""
	case "boolean":
		return false
	case "integer":
		return int64(0)
	case "number":
		return 0.0
	case "list":
		return []any{}
	case "object", "map":
		return map[string]any{}
	}
	return nil
}
