package assist

import (
	"strconv"
	"strings"

	"gantry/engine/workflow"
	"gantry/schema"
	"gantry/source"
)

// Outline is a workflow as its author sees it: tasks in the order of the file, and the transitions between them. It is
// made of what could be understood, also of texts with mistakes. Who may not read the text is told less (Bare).
type Outline struct {
	Title       string       `json:"title,omitempty"`
	Inputs      []string     `json:"inputs" doc:"The names of the declared inputs, as the file has them"`
	Tasks       []Task       `json:"tasks"`
	Transitions []Transition `json:"transitions"`
	Triggers    []Trigger    `json:"triggers"`
}

// Task is a task of an outline. Lines and columns count from 1, columns in Unicode code points; 0: the text is not told.
type Task struct {
	Name     string `json:"name"`
	Title    string `json:"title,omitempty"`
	Action   string `json:"action,omitempty" doc:"What it calls: an action, or a workflow"`
	Workflow string `json:"workflow,omitempty"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	EndLine  int    `json:"end_line" doc:"The last line of it"`
	Join     string `json:"join" doc:"each, all, any or a number: as written, or what holds where nothing is"`
	Inbound  int    `json:"inbound" doc:"How many transitions lead to it"`
	Start    bool   `json:"start" doc:"No transition leads to it, so that it starts with the run"`
	ForEach  string `json:"for_each,omitempty" doc:"The name of the item, where it is done for each of a list"`
	Retry    int    `json:"retry,omitempty" doc:"How many attempts there may be, where that is written"`
	Follow   string `json:"follow" enum:"all,first"`
	Timeout  string `json:"timeout,omitempty" doc:"As written, such as 30s"`
	Mocked   bool   `json:"mocked"`
	Org      string `json:"org,omitempty" doc:"The organisation that it runs for, as written"`
	Effect   string `json:"effect,omitempty" enum:"read,write,delete" doc:"What its action does to the other system; left out where that is not known"`
}

// Transition is a way on from a task.
type Transition struct {
	From    string         `json:"from" doc:"The task's name"`
	Index   int            `json:"index" doc:"Which of the task's transitions, from 0"`
	Line    int            `json:"line"`
	EndLine int            `json:"end_line"`
	Label   string         `json:"label,omitempty"`
	When    string         `json:"when,omitempty" doc:"The condition as written; left out where there is none"`
	Kind    workflow.Leads `json:"kind" enum:"success,failure,always,condition" doc:"When it is taken, as far as the condition tells"`
	Publish []string       `json:"publish"`
	To      []Target       `json:"to" doc:"Tasks that there are, and words; empty: the branch ends"`
}

// Target is what a transition leads to: one of the two.
type Target struct {
	Task string `json:"task,omitempty"`
	Word string `json:"word,omitempty" enum:"noop,fail"`
}

// Trigger is a trigger of an outline.
type Trigger struct {
	Name    string `json:"name"`
	Type    string `json:"type,omitempty"`
	Enabled bool   `json:"enabled"`
	Line    int    `json:"line"`
	EndLine int    `json:"end_line"`
}

// outlineOf makes the outline of what is known of a text.
func outlineOf(read *workflow.Analysis, text lines) *Outline {
	def := read.Definition
	if def == nil {
		return nil
	}
	o := &Outline{Title: def.Title, Inputs: []string{}, Tasks: []Task{}, Transitions: []Transition{}, Triggers: []Trigger{}}
	if def.Inputs != nil {
		for _, e := range def.Inputs.Entries {
			o.Inputs = append(o.Inputs, e.Key)
		}
	}
	top := extents{text: text, after: len(text) + 1}
	tasks := top.within(def.Root, "tasks")
	for i, t := range read.Tasks() {
		end := len(text)
		if i < len(tasks) {
			end = tasks[i]
		}
		o.addTask(t, def.Tasks[i], text, end)
	}
	triggers := top.within(def.Root, "triggers")
	for _, t := range def.Triggers {
		o.Triggers = append(o.Triggers, triggerOf(t, def.Root.Lookup("triggers"), triggers))
	}
	return o
}

func (o *Outline) addTask(t *workflow.Task, n *workflow.TaskNode, text lines, end int) {
	task := Task{
		Name: t.Name, Title: t.Title, Line: t.Pos.Line, Column: t.Pos.Column, EndLine: max(t.Pos.Line, end),
		Join: joinOf(t), Inbound: len(t.Inbound), Start: len(t.Inbound) == 0, Follow: "all",
		Mocked: n.Mock != nil, Action: written(n.Action), Workflow: written(n.Workflow), Org: written(n.Org),
	}
	if t.Follow == workflow.FollowFirst {
		task.Follow = "first"
	}
	if n.ForEach != nil {
		task.ForEach = n.ForEach.As
	}
	if n.Retry != nil {
		task.Retry = n.Retry.Attempts
	}
	if n.Timeout > 0 {
		task.Timeout = schema.FormatDuration(n.Timeout)
	}
	if t.Action != nil {
		inputs, _ := n.With.Data().(map[string]any)
		task.Effect = string(t.Action.EffectFor(inputs))
	}
	o.Tasks = append(o.Tasks, task)
	ends := extents{text: text, after: task.EndLine + 1}.transitions(n)
	for i, next := range t.Next {
		o.Transitions = append(o.Transitions, transitionOf(next, n.Next[i], ends[i]))
	}
}

// joinOf writes the join that holds: what is written, else all where several transitions come in.
func joinOf(t *workflow.Task) string {
	switch t.Join.Mode {
	case workflow.JoinAll:
		return "all"
	case workflow.JoinAny:
		return "any"
	case workflow.JoinCount:
		return strconv.Itoa(t.Join.Count)
	}
	return "each"
}

func transitionOf(t *workflow.Transition, n *workflow.TransitionNode, end int) Transition {
	out := Transition{From: t.Task.Name, Index: t.Index, Line: n.Pos.Line, EndLine: max(end, n.Pos.Line), Label: n.Label, When: written(n.When),
		Kind: t.Leads(), Publish: []string{}, To: []Target{}}
	for _, p := range n.Publish {
		out.Publish = append(out.Publish, p.Name)
	}
	words := map[workflow.Word]string{workflow.Noop: "noop", workflow.Fail: "fail"}
	for _, to := range t.Do {
		if to.Task != nil {
			out.To = append(out.To, Target{Task: to.Task.Name})
		} else {
			out.To = append(out.To, Target{Word: words[to.Word]})
		}
	}
	return out
}

func triggerOf(t *workflow.TriggerNode, list *source.Node, ends []int) Trigger {
	out := Trigger{Name: t.Name, Enabled: t.Enabled, Line: t.Pos.Line, EndLine: t.Pos.Line, Type: written(t.Settings.Lookup("type"))}
	for i, item := range list.Items {
		if item == t.Settings && i < len(ends) {
			out.EndLine = max(t.Pos.Line, ends[i])
		}
	}
	return out
}

// written gives a value of one line as it is written: text, or true and false.
func written(n *source.Node) string {
	if n == nil {
		return ""
	}
	switch v := n.Value.(type) {
	case string:
		return strings.TrimSpace(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
