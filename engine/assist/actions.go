package assist

import (
	"strings"

	"gantry/actions"
)

// actions are the actions of the catalogue. Of those that need inputs there is a second item, which writes their keys.
func (s *session) actions(wanted func(*actions.Action) bool) []Item {
	var items []Item
	for _, a := range s.world.Catalogue.Actions() {
		if !wanted(a) {
			continue
		}
		item := s.value(a.ID, "action", a.Title, actionDoc(a))
		items = append(items, item)
		if snippet, ok := s.withInputs(a); ok {
			items = append(items, snippet)
		}
	}
	return items
}

// actionDoc is what an action does, what it takes, and what it does to the other system.
func actionDoc(a *actions.Action) string {
	parts := []string{a.Description, "Effect: " + string(a.Effect) + "."}
	if a.Deprecated != "" {
		parts = append(parts, "Deprecated: "+a.Deprecated+".")
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// withInputs writes an action together with the inputs that it must have, where the task has none.
func (s *session) withInputs(a *actions.Action) (Item, bool) {
	task := s.place.parent()
	if s.place.quoted() || s.written(task, "with") || len(s.place.path) != 3 || s.place.path[0] != "tasks" {
		return Item{}, false
	}
	var names []string
	for _, f := range a.Inputs {
		if f.Required && !f.Type.HasDefault {
			names = append(names, f.Name)
		}
	}
	for _, group := range a.InputType().OneOf {
		names = append(names, group[0])
	}
	if len(names) == 0 {
		return Item{}, false
	}
	insert := a.ID + ", with: {" + strings.Join(names, ": , ") + ": }"
	if !task.flow {
		pad := "\n" + strings.Repeat(" ", task.col)
		insert = a.ID + pad + "with:"
		for _, name := range names {
			insert += pad + "  " + name + ": "
		}
	}
	return Item{Label: a.ID + " with " + strings.Join(names, ", "), Kind: "snippet", Detail: a.Title, Documentation: actionDoc(a), Insert: insert}, true
}
