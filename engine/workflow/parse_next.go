package workflow

import (
	"fmt"

	"gantry/source"
)

// next reads what follows a task: a name, names, or transitions.
func (p *parser) next(task string, n *source.Node) []*TransitionNode {
	switch {
	case n == nil:
		return nil
	case n.Kind == source.String:
		return p.transitionsOf(&TransitionNode{Pos: n.Pos, Success: true, Do: p.targets1(n)})
	case n.Kind == source.Map:
		return p.transitionsOf(p.transition(task, n)) // one transition need not be a list
	case n.Kind != source.List:
		p.def.gaps = true
		source.WrongKind(&p.ds, n, "next", "a task name, a list of task names, or a list of transitions").Hint = "leave next out where the branch ends"
		return nil
	case len(n.Items) == 0:
		return nil
	}
	names, maps := 0, 0
	for _, item := range n.Items {
		switch item.Kind {
		case source.String:
			names++
		case source.Map:
			maps++
		default:
			p.def.gaps = true
			source.WrongKind(&p.ds, item, "an entry of next", "a task name or a transition")
		}
	}
	if names > 0 && maps > 0 {
		p.ds.Errorf(n.Pos, "mixed-next", "next mixes task names and transitions").Hint = "write each name as a transition: {when: succeeded, do: NAME}"
		return p.mixed(task, n)
	}
	if maps == 0 {
		return p.transitionsOf(&TransitionNode{Pos: n.Pos, Success: true, Do: p.targetsOf(n)})
	}
	return p.mixed(task, n)
}

func (p *parser) mixed(task string, n *source.Node) []*TransitionNode {
	var ts []*TransitionNode
	for _, item := range n.Items {
		switch item.Kind {
		case source.Map:
			ts = append(ts, p.transition(task, item))
		case source.String:
			ts = append(ts, &TransitionNode{Pos: item.Pos, Success: true, Do: p.targets1(item)})
		}
	}
	return p.transitionsOf(ts...)
}

func (p *parser) transitionsOf(ts ...*TransitionNode) []*TransitionNode {
	p.transitions += len(ts)
	return ts
}

func (p *parser) transition(task string, n *source.Node) *TransitionNode {
	t := &TransitionNode{Pos: n.Pos}
	r, _ := read(n, &transitionKeys, fmt.Sprintf("a transition of task %q", task), &p.ds)
	p.noteGaps(n, &transitionKeys)
	t.Label = r.text("label")
	if when := r.value("when"); when != nil {
		if when.Kind == source.Null {
			source.WrongKind(&p.ds, when, "when", "an expression")
		} else {
			t.When = when
		}
	}
	t.Publish = p.named(p.mapOf(r, "publish"), "published")
	t.Do = p.do(r.value("do"))
	if len(n.Entries) == 0 {
		p.ds.Errorf(n.Pos, "empty-transition", "this transition says nothing").Hint = "name a task: {do: NAME}"
	}
	return t
}

func (p *parser) do(n *source.Node) []TargetNode {
	switch {
	case n == nil:
		return nil
	case n.Kind == source.String:
		return p.targets1(n)
	case n.Kind == source.List:
		return p.targetsOf(n)
	}
	p.def.gaps = true
	source.WrongKind(&p.ds, n, "do", "a task name or a list of task names").Hint = "leave do out where the branch ends"
	return nil
}

func (p *parser) targets1(n *source.Node) []TargetNode {
	if t, ok := p.target(n); ok {
		return []TargetNode{t}
	}
	return nil
}

func (p *parser) targetsOf(n *source.Node) []TargetNode {
	var ts []TargetNode
	seen := map[string]bool{}
	for _, item := range n.Items {
		if item.Kind != source.String {
			p.def.gaps = true
			source.WrongKind(&p.ds, item, "an entry of do", "a task name")
			continue
		}
		t, ok := p.target(item)
		if !ok {
			continue
		}
		if seen[t.Name] {
			p.ds.Errorf(t.Pos, "named-twice", "%s is named twice", t.Name).Hint = "a transition leads to a task once; to repeat work use for_each"
			continue
		}
		seen[t.Name] = true
		ts = append(ts, t)
	}
	return ts
}

func (p *parser) target(n *source.Node) (TargetNode, bool) {
	p.targets++
	name := n.Value.(string)
	if hint, refused := refusedWords[name]; refused {
		p.ds.Errorf(n.Pos, "refused-word", "%q is not a word of do", name).Hint = hint
		return TargetNode{}, false
	}
	return TargetNode{Name: name, Word: engineWords[name], Pos: n.Pos}, true
}
