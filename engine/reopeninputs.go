package engine

import (
	"maps"
	"slices"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/schema"
	"gantry/source"
)

// editedInputs reads and checks the inputs that somebody gives for tasks.
func editedInputs(wf *workflow.Workflow, req ResumeRequest) (map[string]map[string]any, error) {
	var all map[string]map[string]any
	names := map[string]bool{}
	for name := range req.Inputs {
		names[name] = true
	}
	for name := range req.Texts {
		names[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		task, err := taskNamed(wf, name)
		if err != nil {
			return nil, err
		}
		given, err := taskInputs(task, req.Inputs[name], req.Texts[name])
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = map[string]map[string]any{}
		}
		all[name] = given
	}
	return all, nil
}

func taskNamed(wf *workflow.Workflow, name string) (*workflow.Task, error) {
	names := make([]string, len(wf.Tasks))
	for i, t := range wf.Tasks {
		if names[i] = t.Name; t.Name == name {
			return t, nil
		}
	}
	return nil, fault.New(fault.Usage, "workflow %s has no task %q", wf.ID, name).WithHint("%s", source.DidYouMean(name, names))
}

// taskInputs reads the inputs of one task by the types that its action, or sub-workflow, declares.
func taskInputs(task *workflow.Task, values map[string]any, texts map[string]string) (map[string]any, error) {
	declared := task.SubInputs
	if task.Action != nil {
		declared = task.Action.InputType()
	}
	given, err := typedInputs(declared.Fields, values, texts)
	if err != nil {
		return nil, inTask(task, err)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		field, takes := declared.Field(name)
		if !takes {
			return nil, inTask(task, unknownInput(name, declared.Fields))
		}
		if field.Type.Kind == schema.KindSecret {
			return nil, fault.New(fault.Secret, "task %s: input %s is a secret, and what is given here would be stored", task.Name, name).
				WithHint("change the variable or the integration that it comes from")
		}
		complete, problems := field.Type.Complete(given[name])
		if len(problems) > 0 {
			return nil, fault.New(fault.InvalidInput, "task %s: input %s does not fit: %s", task.Name, name, problems[0].String())
		}
		given[name] = complete
	}
	return given, nil
}

func inTask(task *workflow.Task, err error) error {
	f := fault.From(err)
	return fault.Wrap(err, f.Code, "task %s: %s", task.Name, f.Message).WithHint("%s", f.Hint)
}
