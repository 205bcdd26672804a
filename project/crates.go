package project

import (
	"slices"

	"gantry/crates"
	"gantry/engine/workflow"
	"gantry/schema"
	"gantry/source"
)

// applySettings holds each crate's workflows against its crate.yaml: what they use must be declared as
// needed, and settings become defaults of the inputs of the same name.
func (l *loading) applySettings() {
	for _, c := range l.Crates {
		used := map[string]bool{}
		for _, f := range c.Workflows {
			w, ok := l.library.Get(f.ID)
			if !ok || w.File != f.Name {
				for _, s := range c.Settings {
					used[s.Name] = true // nobody knows yet
				}
				continue
			}
			l.checkNeeds(c, w)
			l.set[w.ID] = applyTo(c, w, used, &l.diagnostics)
		}
		for _, s := range c.Settings {
			if !used[s.Name] {
				l.diagnostics.Warnf(c.SettingPos(s.Name), "unused-setting", "the setting %s reaches nothing: no workflow of the crate declares an input of that name", s.Name)
			}
		}
	}
}

func (l *loading) checkNeeds(c *crates.Crate, w *workflow.Workflow) {
	reported := map[string]bool{}
	for _, task := range w.Tasks {
		if task.Action == nil || task.Action.Integration == nil {
			continue
		}
		id := task.Action.IntegrationID()
		declared := slices.ContainsFunc(c.Needs, func(n crates.Need) bool { return n.Integration == id })
		if !declared && !reported[id] {
			reported[id] = true
			l.diagnostics.Errorf(task.Pos, "undeclared-need", "this task uses %s, which the crate does not declare", id).Hint =
				"add to " + c.File + ": needs: {integrations: {" + id + ": what for}}"
		}
	}
}

// applyTo gives the workflow with the settings' defaults in its inputs. An input's own default stays.
func applyTo(c *crates.Crate, w *workflow.Workflow, used map[string]bool, ds *source.Diagnostics) *workflow.Workflow {
	inputs := slices.Clone(w.Inputs)
	for i, input := range inputs {
		at := slices.IndexFunc(c.Settings, func(s schema.Field) bool { return s.Name == input.Name })
		if at < 0 {
			continue
		}
		setting := c.Settings[at]
		used[setting.Name] = true
		if ok, why := schema.AssignableTo(setting.Type, input.Type); !ok {
			ds.Errorf(c.SettingPos(setting.Name), "wrong-type", "the setting %s does not fit the input of %s: it %s", setting.Name, w.ID, why)
			continue
		}
		if setting.Type.HasDefault && !input.Type.HasDefault {
			with := *input.Type
			with.Default, with.HasDefault = setting.Type.Default, true
			inputs[i].Type, inputs[i].Required = &with, false
		}
	}
	set := *w
	set.Inputs = inputs
	set.InputsType = schema.Object(w.InputsType.Name, inputs...)
	return &set
}
