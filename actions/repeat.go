package actions

import (
	"regexp"

	"gantry/expr"
	"gantry/source"
)

// SafeToRepeat tells whether the action may be done once more with these inputs although it may have been
// done already: reads always, deletes and writes where the catalogue says so and nothing goes along that would be
// done a second time, such as an e-mail that is sent.
func (a *Action) SafeToRepeat(inputs map[string]any) bool {
	switch {
	case a.EffectFor(inputs) == Read:
		return true
	case a.SafeWhen != "":
		safe, err := a.operation().idempotent.Bool(expr.Vars{"inputs": fill(a.Inputs, inputs)}, expr.At{})
		if err != nil || !safe {
			return false
		}
	case !a.alwaysSafe:
		return false
	}
	return !a.HasOneTimeFields() || !brings(inputs, a.Integration().oneTime)
}

// HasOneTimeFields tells whether inputs of a write may hold fields that do something each time they are written. Of a
// generic action its author says what is safe.
func (a *Action) HasOneTimeFields() bool {
	return a.Effect == Write && !a.byMethod && a.Integration != nil && a.Integration().oneTime != nil
}

// brings tells whether a value holds, at any depth, one of the fields with something in it.
func brings(v any, fields *regexp.Regexp) bool {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if brings(item, fields) {
				return true
			}
		}
	case map[string]any:
		for name, value := range v {
			if fields.MatchString(name) && !hollow(value) && !isThere(value) || brings(value, fields) {
				return true
			}
		}
	}
	return false
}

// isThere tells that a value is a list of things that exist already: each has an id.
func isThere(v any) bool {
	list, ok := v.([]any)
	for _, item := range list {
		m, _ := item.(map[string]any)
		ok = ok && !hollow(m["id"])
	}
	return ok
}

// readOneTimeFields: a regular expression over the names of fields.
func (f *folder) readOneTimeFields(n *source.Node) *regexp.Regexp {
	if n == nil {
		return nil
	}
	fields, err := regexp.Compile(n.Value.(string))
	if err != nil {
		f.ds.Errorf(n.Pos, "bad-pattern", "one_time_fields is not a regular expression: %s", err)
		return nil
	}
	return fields
}
