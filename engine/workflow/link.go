package workflow

import (
	"fmt"
	"strings"

	"gantry/source"
)

// link makes the graph: tasks, transitions, which transitions lead into which task, joins and starts.
func (c *checker) link() {
	c.byName = make(map[string]*Task, len(c.def.Tasks))
	for i, n := range c.def.Tasks {
		t := &Task{Index: i, Name: n.Name, Title: n.Title, Pos: n.Pos, Follow: n.Follow, Timeout: n.Timeout, Integration: n.Integration}
		c.wf.Tasks = append(c.wf.Tasks, t)
		c.byName[n.Name] = t
		c.names = append(c.names, n.Name)
	}
	for i, n := range c.def.Tasks {
		for k, tn := range n.Next {
			c.linkTransition(c.wf.Tasks[i], k, tn)
		}
	}
	for i, n := range c.def.Tasks {
		c.linkJoin(c.wf.Tasks[i], n)
	}
	c.reach()
}

func (c *checker) linkTransition(from *Task, index int, n *TransitionNode) {
	t := &Transition{Task: from, Index: index, Pos: n.Pos, Label: n.Label, Success: n.Success}
	from.Next = append(from.Next, t)
	seen := map[*Task]bool{}
	for _, target := range n.Do {
		to := Target{Word: target.Word, Pos: target.Pos}
		if target.Word == NoWord {
			to.Task = c.target(target)
			if to.Task == nil || seen[to.Task] {
				continue
			}
			seen[to.Task] = true
			to.Task.Inbound = append(to.Task.Inbound, t)
		}
		t.Do = append(t.Do, to)
	}
}

// target finds the task that do names. For an unknown one that looks like a known one, the checks go on
// with the latter, so that one slip does not make the rest of the graph look wrong.
func (c *checker) target(n TargetNode) *Task {
	if t := c.byName[n.Name]; t != nil {
		return t
	}
	known := append([]string{"noop", "fail"}, c.names...)
	c.ds.Errorf(n.Pos, "unknown-task", "there is no task %q", n.Name).Meant(n.Name, known)
	if t := c.byName[source.Suggest(n.Name, known)]; t != nil {
		return t
	}
	c.graphBroken = true
	return nil
}

func (c *checker) linkJoin(t *Task, n *TaskNode) {
	if len(t.Inbound) > 1 {
		t.Join.Mode = JoinAll
	}
	if n.Join == nil {
		return
	}
	switch from := sources(t); {
	case len(t.Inbound) == 0 && !c.graphBroken:
		c.ds.Errorf(n.Join.Pos, "join-at-start", "no task leads to %s, so there is nothing to join", t.Name).
			Hint = "remove join, or name " + t.Name + " in the next of the tasks that come before"
	case n.Join.Mode == JoinCount && n.Join.Count > len(from) && !c.graphBroken:
		d := c.ds.Errorf(n.Join.Pos, "join-unreachable", "join waits for %d tasks, but only %s to %s", n.Join.Count, leads(from), t.Name)
		d.Hint = "write join: all to wait for whatever comes"
	default:
		t.Join = n.Join.Join
	}
}

// sources gives the distinct tasks that lead to t, in file order.
func sources(t *Task) []*Task {
	var from []*Task
	seen := map[*Task]bool{}
	for _, in := range t.Inbound {
		if !seen[in.Task] {
			seen[in.Task] = true
			from = append(from, in.Task)
		}
	}
	return from
}

func leads(from []*Task) string {
	if len(from) == 1 {
		return from[0].Name + " leads"
	}
	return fmt.Sprintf("%s lead", strings.ReplaceAll(orList(taskNames(from)), " or ", " and "))
}

func taskNames(tasks []*Task) []string {
	names := make([]string, len(tasks))
	for i, t := range tasks {
		names[i] = t.Name
	}
	return names
}

// reach finds the starts and reports what no start leads to.
func (c *checker) reach() {
	for _, t := range c.wf.Tasks {
		if len(t.Inbound) == 0 {
			c.wf.Start = append(c.wf.Start, t)
		}
	}
	if len(c.wf.Tasks) == 0 || c.graphBroken {
		return
	}
	if len(c.wf.Start) == 0 {
		c.graphBroken = true
		c.ds.Errorf(c.wf.Tasks[0].Pos, "no-start", "no task starts this workflow: to each of them another one leads").
			Hint = "put a task before the loop: one that no next names, such as start: {action: core.noop, next: " + c.wf.Tasks[0].Name + "}"
		return
	}
	reached := newBitset(len(c.wf.Tasks))
	for _, t := range c.wf.Start {
		spread(t, reached)
	}
	for _, t := range c.wf.Tasks {
		if reached.has(t.Index) {
			continue
		}
		before := reached.clone()
		spread(t, reached)
		c.graphBroken = true
		var others []string
		reached.without(before).each(func(i int) {
			if i != t.Index {
				others = append(others, c.wf.Tasks[i].Name)
			}
		})
		behind := ""
		if len(others) > 0 {
			behind = ", nor can " + orList(others)
		}
		d := c.ds.Errorf(t.Pos, "unreachable", "task %s can never run%s: no way from a start leads to it", t.Name, behind)
		d.Hint = "name it in the next of a task that a start leads to"
	}
}

// spread adds t and all to which there is a way from it.
func spread(t *Task, reached bitset) {
	if reached.has(t.Index) {
		return
	}
	reached.add(t.Index)
	todo := []*Task{t}
	for len(todo) > 0 {
		t, todo = todo[len(todo)-1], todo[:len(todo)-1]
		for _, next := range t.Next {
			for _, target := range next.Do {
				if target.Task != nil && !reached.has(target.Task.Index) {
					reached.add(target.Task.Index)
					todo = append(todo, target.Task)
				}
			}
		}
	}
}
