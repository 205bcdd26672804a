package flow

// scope is what one way through the graph has seen: the names published along it, the tasks it came
// through, and how often it passed each join. It never changes.
type scope struct {
	ctx   *layers[binding]
	tasks *layers[*Execution]
	turns *layers[int] // by task: the round that an arrival of this way belongs to
}

// binding is a published value with who published it.
type binding struct {
	value any
	by    stamp
}

// stamp names a publication: an execution and which of its transitions.
type stamp struct {
	exec       *Execution
	transition int
}

// arrival is one way's coming to a task: from an execution by one of its transitions, with all that the
// way has seen. At the end of a branch the transition is nil or leads nowhere.
type arrival struct {
	from       *Execution
	transition int // noTransition: the branch ended without one
	scope      *scope
}

const noTransition = -1

func (sc *scope) publish(name string, v any, by stamp) *scope {
	return &scope{ctx: sc.ctx.with(name, binding{v, by}), tasks: sc.tasks, turns: sc.turns}
}

func (sc *scope) through(e *Execution) *scope {
	return &scope{ctx: sc.ctx, tasks: sc.tasks.with(e.Task.Name, e), turns: sc.turns}
}

// turn is the round of the join to which an arrival of this way belongs.
func (sc *scope) turn(task string) int {
	n, _ := sc.turns.get(task)
	return n
}
