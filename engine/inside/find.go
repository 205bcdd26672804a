package inside

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/expr"
	"gantry/fault"
)

// Parts of a run that are looked through.
const (
	InInputs    = "inputs"    // what a task, or the run, was given
	InResult    = "result"    // what a task gave
	InOutputs   = "outputs"   // what the run gave
	InError     = "error"     // of a task, or of the run
	InPublished = "published" // by the transitions of a task
	InRequest   = "request"   // that a task made
)

// Match is one place at which a text stands in a run.
type Match struct {
	In       string `json:"in" enum:"inputs,result,outputs,error,published,request" doc:"In which part of the task or, without a task, of the run"`
	Task     string `json:"task,omitempty"`
	Instance int    `json:"instance,omitempty" doc:"Which execution of the task, from 1"`
	Item     *int   `json:"item,omitempty" doc:"Of a for_each, from 0"`
	Path     string `json:"path" doc:"Where in it, as an expression writes it: clients[3].name; empty: it is the whole"`
	Text     string `json:"text" doc:"What stands there; of a long text what is around the place"`
}

// Found is where a text stands in a run.
type Found struct {
	Matches []Match      `json:"matches" doc:"First those of the run itself, then by task in the order in which they started"`
	More    bool         `json:"more" doc:"There are more than are told"`
	Problem *fault.Error `json:"problem,omitempty" doc:"Why what tasks were given and what was published was not looked through: the workflow as it was then does not check any more"`
}

// Bounds of what is looked for.
const (
	LeastSought = 2   // characters
	MostSought  = 200 // characters
	MostMatches = 500
)

// Find looks for a text in everything that may be shown of a run: inputs and outputs, and of each task what the last
// attempts were given, results, errors, what was published, and the requests. Case does not matter; names count as well
// as values. What is masked is not found.
func (r *Reader) Find(ctx context.Context, run *history.Run, text string, most int) (*Found, error) {
	if n := utf8.RuneCountInString(text); n < LeastSought || n > MostSought {
		return nil, fault.New(fault.Usage, "a text to look for has %d to %d characters, not %d", LeastSought, MostSought, n)
	}
	if most <= 0 || most > MostMatches {
		most = MostMatches
	}
	leave, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	detail, err := r.History.Show(ctx, run.ID)
	if err != nil {
		return nil, err
	}
	s := &search{sought: strings.ToLower(text), most: most, found: Found{Matches: []Match{}}}
	given := &givenAll{each: map[int]bool{}, inputs: map[int][]*givenUnit{}, published: map[int][]flow.Publication{}, organisations: map[string]bool{run.OrganisationID: true}}
	err = r.given(ctx, run, s.sought, given)
	if f := fault.From(err); err != nil && (f.Code == fault.NotChecked || f.Code == fault.Missing) {
		s.found.Problem, err = f, nil
	}
	if err == nil {
		err = given.hide.secretsOf(ctx, r.Organisations, slices.Collect(maps.Keys(given.organisations))...)
	}
	if err != nil {
		return nil, err
	}
	s.shown = given.hide.redactor.Data
	s.look(Match{In: InInputs}, anyMap(detail.Inputs))
	s.look(Match{In: InOutputs}, anyMap(detail.Outputs))
	s.fault(Match{}, detail.Error)
	for i := range detail.Tasks {
		s.task(&detail.Tasks[i], given)
	}
	return &s.found, nil
}

// task looks through one execution of a task.
func (s *search) task(t *history.Task, given *givenAll) {
	of := Match{Task: t.Name, Instance: t.Instance}
	each := given.each[t.Exec]
	for _, g := range given.inputs[t.Exec] {
		at := of
		at.In = InInputs
		if each {
			at.Item = &g.item
		}
		s.look(at, given.hide.inputs(g.start.Task, g.start.With))
	}
	if items, ok := t.Result.([]any); ok && each {
		for i, item := range items {
			s.item(of, i, item)
		}
	} else {
		s.look(of.in(InResult), t.Result)
	}
	s.fault(of, t.Error)
	for _, p := range given.published[t.Exec] {
		s.look(of.in(InPublished), given.hide.seen(map[string]any{p.Name: expr.Masked(p.Value)}))
	}
	for _, q := range t.Requests {
		at := of.in(InRequest)
		at.Item = q.Item
		s.look(at, q.Method+" "+q.URL)
		s.look(at, q.Error)
	}
}

// item looks through what one item of a for_each came to.
func (s *search) item(of Match, i int, v any) {
	of.Item = &i
	ended, _ := v.(map[string]any)
	s.look(of.in(InResult), ended["result"])
	if f, ok := ended["error"].(map[string]any); ok {
		s.look(of.in(InError), f)
	}
}

func (s *search) fault(of Match, f *fault.Error) {
	if f == nil {
		return
	}
	told := map[string]any{"code": string(f.Code), "message": f.Message, "hint": f.Hint, "detail": f.Detail}
	s.look(of.in(InError), told)
}

func (m Match) in(part string) Match {
	m.In = part
	return m
}

func anyMap(m map[string]any) any {
	if m == nil {
		return nil
	}
	return m
}

// givenAll is what the log alone does not tell: what tasks were given, what was published, and what is not to be shown.
type givenAll struct {
	hide          hiding
	organisations map[string]bool            // that the run worked for
	each          map[int]bool               // the execution has items
	inputs        map[int][]*givenUnit       // by execution, in the order of the first attempts
	published     map[int][]flow.Publication // by execution
}

type givenUnit struct {
	item  int
	start flow.StartAttempt // the last
}

// given takes the run's log through the state machine once more, and keeps what the text may stand in.
func (r *Reader) given(ctx context.Context, run *history.Run, sought string, all *givenAll) error {
	units := map[flow.Unit]*givenUnit{}
	state, err := r.replay(ctx, run, &all.hide, func(s step) error {
		for _, c := range s.commands {
			if start, ok := c.(flow.StartAttempt); ok {
				all.organisations[cmp.Or(start.Org, run.OrganisationID)] = true
				all.keep(units, start, sought)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, e := range state.Executions() {
		all.each[e.ID], all.published[e.ID] = e.Task.ForEach != nil, e.Published
	}
	return nil
}

func (g *givenAll) keep(units map[flow.Unit]*givenUnit, start flow.StartAttempt, sought string) {
	if u := units[start.Unit]; u != nil {
		u.start = start
	} else if stands(expr.Masked(start.With), sought) {
		u = &givenUnit{start.Unit.Item, start}
		units[start.Unit] = u
		g.inputs[start.Unit.Exec] = append(g.inputs[start.Unit.Exec], u)
	}
}
