package assist

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gantry/actions"
	"gantry/engine/workflow"
	"gantry/schema"
)

// fieldItems are the fields of an object as keys, those that must be given first.
func fieldItems(t *schema.Type, what string) []Item {
	if t.Kind != schema.KindObject {
		return nil
	}
	var required, others []Item
	for _, f := range t.Fields {
		k := Item{Label: f.Name, Kind: "key", Detail: f.Type.String(), Documentation: fieldDoc(f)}
		if f.Required && !f.Type.HasDefault {
			k.Detail += ", required"
			required = append(required, k)
		} else {
			others = append(others, k)
		}
	}
	return append(required, others...)
}

// fieldDoc is what a field means, with its choices, its default, and what to use instead.
func fieldDoc(f schema.Field) string {
	parts := []string{f.Type.Description}
	if f.Type.Description == "" {
		parts[0] = f.Type.Title
	}
	if n := len(f.Type.Enum); n > 0 && n <= 20 {
		parts = append(parts, "One of "+joined(f.Type.Enum)+".")
	}
	if f.Type.HasDefault {
		parts = append(parts, "Default: "+shown(f.Type.Default)+".")
	}
	if f.Deprecated != "" {
		parts = append(parts, "Deprecated: "+f.Deprecated+".")
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

func joined(values []any) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = shown(v)
	}
	return strings.Join(words, ", ")
}

// shown writes a value as YAML has it on one line.
func shown(v any) string {
	if text, ok := v.(string); ok {
		return plainWord(text)
	}
	text, err := schema.Encode(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

var plain = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_./ +-]*$`)

// plainWord writes a text so that it is that text in YAML wherever it stands.
func plainWord(text string) string {
	if plain.MatchString(text) && !constant.MatchString(text) && strings.TrimSpace(text) == text {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// value makes an item of a word; inside quotes it stands as it is.
func (s *session) value(word, kind, detail, doc string) Item {
	insert := word
	if !s.place.quoted() {
		insert = plainWord(word)
	}
	return Item{Label: word, Kind: kind, Detail: detail, Documentation: doc, Insert: insert}
}

func (s *session) words(keys []workflow.Key) []Item {
	var items []Item
	for _, k := range keys {
		items = append(items, s.value(k.Name, "value", "", k.Doc))
	}
	return items
}

// valueItems are the values that may stand at a place, where something is known of them.
func (s *session) valueItems(at expected) []Item {
	k := at.key
	switch k.Shape {
	case workflow.ShapeAction:
		return s.actions(func(*actions.Action) bool { return true })
	case workflow.ShapeWorkflow, workflow.ShapeCall:
		return s.workflows()
	case workflow.ShapeTransitions, workflow.ShapeTargets:
		return s.targets()
	case workflow.ShapeJoin:
		return s.words(workflow.Joins())
	case workflow.ShapeOverride, workflow.ShapeOverrides:
		return []Item{s.value("default", "value", "", "The organisation's default instance."), s.value("mapping", "value", "", "The instance under which the organisation is mapped.")}
	case workflow.ShapeDuration:
		return s.durations()
	}
	if items := s.named(at); items != nil {
		return items
	}
	return s.ofType(at.typ)
}

// named are the values of keys that name something.
func (s *session) named(at expected) []Item {
	path := s.place.path
	inTrigger := len(path) > 2 && path[0] == "triggers"
	last := at.key.Name
	switch {
	case last == "type" && inTrigger && len(path) == 3:
		return s.triggerTypes()
	case last == "type" || last == "body_type" || last == "items" && at.key.Below() != nil || at.place != nil && at.place.Name == "declaration":
		return s.types()
	case last == "format" && !inTrigger:
		return s.formats()
	case !inTrigger:
		return nil
	case last == "timezone":
		return s.zones()
	case last == "preset":
		return s.ids(workflow.PresetIDs(s.world.Catalogue), "value")
	case last == "poll":
		return s.ids(workflow.PollIDs(s.world.Catalogue), "value")
	case last == "action":
		return s.actions(func(a *actions.Action) bool {
			return a.Effect == actions.Read && a.Result != nil && a.Result.Kind == schema.KindList
		})
	case last == "workflow":
		return s.workflows()
	}
	return nil
}

func (s *session) ids(ids []string, kind string) []Item {
	items := make([]Item, len(ids))
	for i, id := range ids {
		items[i] = s.value(id, kind, "", "")
	}
	return items
}

// ofType are the values that a type names: choices, true and false, examples.
func (s *session) ofType(t *schema.Type) []Item {
	if t == nil {
		return nil
	}
	var items []Item
	add := func(v any, detail string) {
		insert := shown(v)
		if text, ok := v.(string); ok && s.place.quoted() {
			insert = text
		}
		item := Item{Label: strings.Trim(shown(v), "'"), Kind: "value", Detail: detail, Insert: insert}
		if !slices.ContainsFunc(items, func(known Item) bool { return known.Insert == item.Insert }) {
			items = append(items, item)
		}
	}
	for _, v := range t.Enum {
		add(v, "")
	}
	switch {
	case len(t.Enum) > 0:
		return items
	case t.Kind == schema.KindBoolean:
		add(true, "")
		add(false, "")
		return items
	case t.Kind == schema.KindString && t.Format == "duration":
		items = s.durations()
	}
	if t.HasDefault {
		add(t.Default, "default")
	}
	for _, v := range t.Examples {
		add(v, "example")
	}
	return items
}

func (s *session) durations() []Item {
	return s.ids([]string{"30s", "1m", "5m", "15m", "1h", "8h", "1d"}, "value")
}

func (s *session) triggerTypes() []Item {
	var items []Item
	for _, t := range workflow.TriggerTypes() {
		items = append(items, s.value(t.Name, "value", "", t.Doc))
	}
	return items
}

// types are the names of types, of entities as well.
func (s *session) types() []Item {
	items := s.ids(schema.TypeNames(), "value")
	for _, t := range s.world.Catalogue.Types() {
		items = append(items, s.value(t.Name, "value", "entity", t.Description))
	}
	return items
}

func (s *session) formats() []Item { return s.ids(schema.Formats(), "value") }

func (s *session) integrations() []Item {
	var items []Item
	for _, i := range s.world.Catalogue.Integrations() {
		items = append(items, Item{Label: i.ID, Kind: "key", Detail: i.Title, Documentation: i.Description})
	}
	return items
}

func (s *session) workflows() []Item {
	if s.world.WorkflowIDs == nil {
		return nil
	}
	var items []Item
	for _, id := range s.world.WorkflowIDs() {
		item := s.value(id, "workflow", "", "")
		if s.world.Workflow != nil {
			if sig, ok := s.world.Workflow(id); ok && sig != nil {
				item.Detail = sig.Title
				item.Documentation = inputsText(sig.Inputs)
			}
		}
		items = append(items, item)
	}
	return items
}

// inputsText lists inputs on one line.
func inputsText(fields []schema.Field) string {
	if len(fields) == 0 {
		return ""
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Name + " (" + f.Type.String() + ")"
	}
	return "Inputs: " + strings.Join(names, ", ")
}

// targets are what may follow: tasks, those that have not been named here first in the file's order, and the words.
func (s *session) targets() []Item {
	var items []Item
	own := ""
	if len(s.place.path) > 1 && s.place.path[0] == "tasks" {
		own = s.place.path[1]
	}
	read := s.read()
	for i, t := range read.Tasks() {
		if t.Name == own {
			continue
		}
		n := read.Definition.Tasks[i]
		items = append(items, s.value(t.Name, "task", calls(n), t.Title))
	}
	return append(items, s.words(workflow.Targets())...)
}

// calls is what a task calls, for lists.
func calls(n *workflow.TaskNode) string {
	if n.Action != nil {
		return written(n.Action)
	}
	return written(n.Workflow)
}
