package flow

import (
	"cmp"
	"slices"

	"gantry/engine/workflow"
	"gantry/fault"
)

// round is a join in wait: the ways that have arrived at a task and belong together. A way that has
// passed the join's own execution (a loop) arrives in a later round.
type round struct {
	roundKey
	task     *workflow.Task
	arrivals []arrival
}

type roundKey struct{ task, turn int }

// arrive brings a way to a task: it runs at once, or the way joins the others of its round.
func (s *State) arrive(task *workflow.Task, way arrival) {
	if s.phase != going {
		s.undone.ways = append(s.undone.ways, bound{task: task, way: way})
		return
	}
	if task.Join.Mode == workflow.JoinEach {
		s.execute(task, []arrival{way}, way.scope, false)
		return
	}
	key := roundKey{task.Index, way.scope.turn(task.Name)}
	if s.closed[key] { // absorbed: the round of an any or number join has run
		s.ends = append(s.ends, way)
		return
	}
	r := s.round(key, task)
	r.arrivals = append(r.arrivals, way)
	if task.Join.Mode != workflow.JoinAll && r.inbound() >= need(task) {
		s.closed[key] = true
		s.fire(r)
	}
}

func (s *State) round(key roundKey, task *workflow.Task) *round {
	for _, r := range s.rounds {
		if r.roundKey == key {
			return r
		}
	}
	r := &round{roundKey: key, task: task}
	s.rounds = append(s.rounds, r)
	slices.SortFunc(s.rounds, func(a, b *round) int {
		return cmp.Or(cmp.Compare(a.roundKey.task, b.roundKey.task), cmp.Compare(a.turn, b.turn))
	})
	return r
}

func need(task *workflow.Task) int {
	if task.Join.Mode == workflow.JoinAny {
		return 1
	}
	return task.Join.Count
}

// inbound counts the distinct tasks that arrived.
func (r *round) inbound() int {
	tasks := map[*workflow.Task]bool{}
	for _, a := range r.arrivals {
		tasks[a.from.Task] = true
	}
	return len(tasks)
}

// fire runs a join with everything that arrived.
func (s *State) fire(r *round) *Execution {
	via, sc := s.closeRound(r)
	return s.execute(r.task, via, sc, false)
}

// closeRound takes a round out of wait. The ways are put into the graph's order, so that nothing later
// depends on who came first.
func (s *State) closeRound(r *round) ([]arrival, *scope) {
	s.rounds = slices.DeleteFunc(s.rounds, func(other *round) bool { return other == r })
	slices.SortFunc(r.arrivals, arrival.compare)
	sc := merge(r.arrivals)
	return r.arrivals, &scope{ctx: sc.ctx, tasks: sc.tasks, turns: sc.turns.with(r.task.Name, r.turn+1)}
}

// settleJoins runs every join to which nothing more can come, one after the other in file order: each that
// runs may let others wait again.
func (s *State) settleJoins() {
	for s.phase == going {
		i := slices.IndexFunc(s.rounds, func(r *round) bool { return !s.awaits(r) })
		if i < 0 {
			return
		}
		if r := s.rounds[i]; r.task.Join.Mode == workflow.JoinAll {
			s.fire(r)
		} else {
			s.unsatisfied(r)
		}
	}
}

// unsatisfied fails a number join that can no longer be reached; its transitions may handle that.
func (s *State) unsatisfied(r *round) {
	arrived, wanted := r.inbound(), need(r.task)
	via, sc := s.closeRound(r)
	if len(s.execs) >= s.wf.MaxTasks {
		s.tooMany(r.task)
		for _, way := range via {
			s.undone.ways = append(s.undone.ways, bound{task: r.task, way: way, silent: true})
		}
		return
	}
	s.closed[r.roundKey] = true
	e := s.newExecution(r.task, via, sc, false)
	e.unsatisfied = true
	s.endExecution(e, Outcome{Error: fault.New(fault.JoinUnsatisfied, "only %d of the %d branches that %s waits for arrived", arrived, wanted, r.task.Name).
		WithHint("the other branches ended or took another way; handle it with `when: failed`, or ask for fewer with join")})
}

// awaits tells whether anything in progress could still arrive in the round: something running, ready or
// waiting that has a way to the join which passes no join that itself waits for this one. Of joins that
// wait for each other the first in the file goes.
func (s *State) awaits(r *round) bool {
	waitingForIt := s.waitingFor(r)
	sources := s.sourcesOf(r.task, waitingForIt)
	for _, e := range s.live {
		if !e.cleanup && sources[e.Task.Index] && e.scope.turn(r.task.Name) <= r.turn {
			return true
		}
	}
	for _, other := range s.rounds {
		if other.task == r.task || other.latestTurn(r.task.Name) > r.turn {
			continue
		}
		if waitingForIt[other.task.Index] {
			if other.task.Index < r.task.Index && s.reachedBy(other.task)[r.task.Index] {
				return true
			}
			continue
		}
		if sources[other.task.Index] {
			return true
		}
	}
	return false
}

// waitingFor gives the tasks of other rounds in wait to which r's task has a way.
func (s *State) waitingFor(r *round) map[int]bool {
	if len(s.rounds) == 1 {
		return nil
	}
	reached := s.reachedBy(r.task)
	out := map[int]bool{}
	for _, other := range s.rounds {
		if other.task != r.task && reached[other.task.Index] {
			out[other.task.Index] = true
		}
	}
	return out
}

func (r *round) latestTurn(task string) int {
	turn := r.arrivals[0].scope.turn(task)
	for _, a := range r.arrivals[1:] {
		turn = max(turn, a.scope.turn(task)) // they merge: the latest counts
	}
	return turn
}

// reachedBy gives the tasks to which there is a way from the given one.
func (s *State) reachedBy(from *workflow.Task) []bool {
	seen := make([]bool, len(s.wf.Tasks))
	todo := []*workflow.Task{from}
	for len(todo) > 0 {
		task := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, t := range task.Next {
			for _, target := range t.Do {
				if target.Task != nil && !seen[target.Task.Index] {
					seen[target.Task.Index] = true
					todo = append(todo, target.Task)
				}
			}
		}
	}
	return seen
}

// sourcesOf gives the tasks from which there is a way to the given one that passes neither that task
// itself nor, on the way, any of the blocked ones.
func (s *State) sourcesOf(to *workflow.Task, blocked map[int]bool) []bool {
	seen := make([]bool, len(s.wf.Tasks))
	todo := []*workflow.Task{to}
	for len(todo) > 0 {
		task := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, t := range task.Inbound {
			from := t.Task.Index
			if seen[from] {
				continue
			}
			seen[from] = true
			if !blocked[from] && t.Task != to {
				todo = append(todo, t.Task)
			}
		}
	}
	return seen
}
