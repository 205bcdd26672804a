package workflow

import (
	"slices"
	"strings"
)

// chance says whether a transition is taken, as far as is known before the run.
type chance int

const (
	possible chance = iota
	certain
	impossible
)

// class is a transition's chance after success and after failure of its task.
type class struct{ onSuccess, onFailure chance }

// classify judges the transitions of a task by their conditions and, with follow: first, by those before.
func classify(t *Task) []class {
	classes := make([]class, len(t.Next))
	for i, n := range t.Next {
		classes[i] = classOf(n)
		if t.Follow != FollowFirst {
			continue
		}
		for j := range i {
			if opposite(t.Next[j], n) { // if it did not hold, this one does
				classes[i] = class{sure(classes[i].onSuccess), sure(classes[i].onFailure)}
			}
		}
		for j := range i {
			if classes[j].onSuccess == certain {
				classes[i].onSuccess = impossible
			}
			if classes[j].onFailure == certain {
				classes[i].onFailure = impossible
			}
		}
	}
	return classes
}

func sure(c chance) chance {
	if c == possible {
		return certain
	}
	return c
}

func classOf(t *Transition) class {
	switch {
	case t.unclear:
		return class{possible, possible}
	case t.Success:
		return class{certain, impossible}
	case t.When == nil:
		return class{certain, certain}
	}
	onTimeout := chanceOf(t, false, true)
	c := class{chanceOf(t, true, false), chanceOf(t, false, false)}
	if onTimeout != c.onFailure {
		c.onFailure = possible
	}
	return c
}

// chanceOf is a condition's chance at one ending of the task.
func chanceOf(t *Transition, succeeded, timedOut bool) chance {
	holds, sure := t.When.Decide(map[string]bool{"succeeded": succeeded, "failed": !succeeded, "timed_out": timedOut})
	switch {
	case !sure:
		return possible
	case holds:
		return certain
	}
	return impossible
}

// opposite tells whether exactly one of two conditions holds, as their texts say: x and !x, a == b and
// a != b, and the same behind a common `succeeded &&` or `failed &&`.
func opposite(a, b *Transition) bool {
	if a.When == nil || b.When == nil {
		return false
	}
	x, y := squeeze(a.When.Source()), squeeze(b.When.Source())
	for _, outcome := range []string{"succeeded && ", "failed && "} {
		if strings.HasPrefix(x, outcome) && strings.HasPrefix(y, outcome) {
			x, y = x[len(outcome):], y[len(outcome):]
		}
	}
	return negates(x, y) || negates(y, x)
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// negates tells whether no is the negation of yes.
func negates(no, yes string) bool {
	if rest, ok := strings.CutPrefix(no, "!"); ok && isOperand(rest) {
		if rest == yes || rest == "("+yes+")" {
			return true
		}
	}
	for _, pair := range [][2]string{{" == ", " != "}, {" < ", " >= "}, {" > ", " <= "}} {
		l, r, ok := comparison(yes, pair[0])
		l2, r2, ok2 := comparison(no, pair[1])
		if ok && ok2 && l == l2 && r == r2 {
			return true
		}
	}
	return false
}

// isOperand tells whether ! before the text negates all of it: a plain path or call, or one pair of
// parentheses around everything.
func isOperand(s string) bool {
	depth := 0
	for i, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
			if depth == 0 && s[0] == '(' && i < len(s)-1 {
				return false
			}
		case depth == 0 && strings.ContainsRune("&|=<>?!+-*/%: '\"", r):
			return false
		}
	}
	return s != "" && depth == 0
}

// comparison takes a plain comparison apart: two operands that hold no further operator of logic.
func comparison(s, operator string) (left, right string, ok bool) {
	left, right, ok = strings.Cut(s, operator)
	plain := func(s string) bool { return s != "" && !strings.ContainsAny(s, "&|=<>?!:") }
	return left, right, ok && plain(left) && plain(right)
}

// bothTaken tells whether one end of a task can take both transitions.
func (a *assignment) bothTaken(m, n *Transition) bool {
	if m.Task.Follow == FollowFirst || slices.Contains(a.against[m], n) {
		return false
	}
	x, y := a.classes[m.Task.Index][m.Index], a.classes[n.Task.Index][n.Index]
	return x.onSuccess != impossible && y.onSuccess != impossible || x.onFailure != impossible && y.onFailure != impossible
}

// cleansUp tells whether what t leads to may run as clean-up: by itself, without waiting, because the word
// fail stands in t or in a transition taken beside it.
func (a *assignment) cleansUp(t *Transition) bool {
	if t == nil {
		return false
	}
	for _, other := range t.Task.Next {
		if hasWord(other, Fail) && (other == t || a.bothTaken(t, other)) {
			return true
		}
	}
	return false
}
