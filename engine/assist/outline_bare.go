package assist

// Bare gives what may be told of a workflow to people who may not read its text: its tasks by their names, what they
// call, and the ways between them. Left out is whatever its author wrote in words or expressions (conditions, inputs,
// labels, titles of tasks, names of published values, other organisations, triggers), since that may name the MSP's
// other clients, and where in the text things lie. What is not named here is left out, too.
func (o *Outline) Bare() *Outline {
	if o == nil {
		return nil
	}
	bare := &Outline{Title: o.Title, Inputs: []string{}, Tasks: []Task{}, Transitions: []Transition{}, Triggers: []Trigger{}}
	for i := range o.Tasks {
		bare.Tasks = append(bare.Tasks, o.Tasks[i].bare())
	}
	for i := range o.Transitions {
		t := &o.Transitions[i]
		bare.Transitions = append(bare.Transitions, Transition{From: t.From, Index: t.Index, Kind: t.Kind, Publish: []string{}, To: t.To})
	}
	return bare
}

func (t *Task) bare() Task {
	b := Task{
		Name: t.Name, Action: t.Action, Workflow: t.Workflow, Effect: t.Effect, Mocked: t.Mocked,
		Join: t.Join, Inbound: t.Inbound, Start: t.Start, Follow: t.Follow, Retry: t.Retry, Timeout: t.Timeout,
	}
	if t.ForEach != "" {
		b.ForEach = "item"
	}
	return b
}
