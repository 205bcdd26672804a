package halo

import (
	"slices"
	"strings"
)

// mergedCustom writes the posted custom fields over the stored ones. They are named by id or by name; unknown
// ones are ignored.
func (c *change) mergedCustom() []any {
	fields := []any{}
	if c.old != nil {
		fields = slices.Clone(c.old.list("customfields"))
	}
	for _, v := range c.posted.list("customfields") {
		posted, _ := v.(map[string]any)
		def := c.customField(posted)
		if def == nil {
			continue
		}
		shown := customValue(def, posted["value"])
		at := slices.IndexFunc(fields, func(v any) bool { return toInt(v.(map[string]any)["id"]) == def.int("id") })
		if at < 0 {
			fields = append(fields, shown)
		} else {
			fields[at] = shown
		}
	}
	return fields
}

func (c *change) customField(posted map[string]any) record {
	id, name := toInt(posted["id"]), textOf(posted["name"])
	for _, def := range c.table("FieldInfo").rows {
		if def.int("usage") == c.res.custom && (id > 0 && def.int("id") == id || id <= 0 && strings.EqualFold(def.text("name"), name)) {
			return def
		}
	}
	return nil
}

// customValue is a custom field as entities carry it.
func customValue(def record, value any) map[string]any {
	display := textOf(value)
	for _, v := range def.list("values") { // of a selection: shown by name, kept by id
		option, _ := v.(map[string]any)
		if textOf(option["id"]) == display || strings.EqualFold(textOf(option["name"]), display) && display != "" {
			value, display = option["id"], textOf(option["name"])
		}
	}
	return map[string]any{
		"id": def.int("id"), "name": def.text("name"), "label": def.text("label"), "type": def.int("type"),
		"value": value, "display": display, "usage": def.int("usage"),
	}
}
