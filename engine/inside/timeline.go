package inside

import (
	"context"
	"time"

	"gantry/engine/flow"
	"gantry/engine/history"
	"gantry/fault"
)

// Timeline is what happened in a run, in the order in which it began.
type Timeline struct {
	Attempts  []*Attempt     `json:"attempts" doc:"In the order in which they began"`
	Waits     []*Wait        `json:"waits" doc:"In the order in which they began"`
	Published []*Publication `json:"published" doc:"In the order in which transitions published them"`
	Taken     []*Taken       `json:"taken" doc:"Which transitions the run took, in the order in which the tasks that they lead from ended"`
	More      bool           `json:"more" doc:"There is more: the next page is after next"`
	Next      int            `json:"next,omitempty" doc:"What after is for the page that follows; left out: there is none"`
	Problem   *fault.Error   `json:"problem,omitempty" doc:"Why only what the log itself says is told, without published values, transitions and the times of attempts to come: the workflow as it was then does not check any more"`
}

// Of names what an entry is about.
type Of struct {
	Seq      int    `json:"seq" doc:"The number, in the run's log, of the event that began it"`
	Task     string `json:"task"`
	Instance int    `json:"instance" doc:"Which execution of the task, from 1"`
	Exec     int    `json:"exec" doc:"Its number among the executions of the run, from 0"`
	Item     *int   `json:"item,omitempty" doc:"Of a for_each, from 0"`
}

// Attempt is one attempt of a task, from when it left the queue.
type Attempt struct {
	Of
	Attempt    int          `json:"attempt" doc:"From 1"`
	Status     flow.Status  `json:"status" enum:"running,waiting,succeeded,failed,timed_out,cancelled,unknown" doc:"How it ended, or stands"`
	StartedAt  time.Time    `json:"started_at"`
	FinishedAt *time.Time   `json:"finished_at,omitempty"`
	Error      *fault.Error `json:"error,omitempty"`
	Run        string       `json:"run,omitempty" doc:"Of a sub-workflow: its run"`
}

// Kinds of waits.
const (
	Retry   = "retry"   // for the next attempt
	Delay   = "delay"   // for a time
	Answer  = "answer"  // for a person
	Webhook = "webhook" // for another system
	SubRun  = "sub_run" // for a sub-workflow's run
	Verify  = "verify"  // to find out whether a write was done whose answer was lost
)

// Wait is a time in which a task waited.
type Wait struct {
	Of
	Kind  string     `json:"kind" enum:"retry,delay,answer,webhook,sub_run,verify" doc:"For what: retry, the next attempt; verify, to find out whether a write was done whose answer was lost"`
	From  time.Time  `json:"from"`
	Until *time.Time `json:"until,omitempty" doc:"When it ended, or, while it is not over, when it ends by itself"`
	Over  bool       `json:"over"`
	By    string     `json:"by,omitempty" doc:"Who answered"`
	Run   string     `json:"run,omitempty" doc:"Of a sub-workflow: its run"`
}

// Publication is what one transition published.
type Publication struct {
	Of
	At         time.Time      `json:"at"`
	Transition int            `json:"transition" doc:"Which of the task's transitions, from 0"`
	Label      string         `json:"label,omitempty"`
	Values     map[string]any `json:"values" doc:"By name; redacted ones are masked"`
	Large      map[string]int `json:"large,omitempty" doc:"Names whose values are left out for their size, and about how many bytes of JSON they have; the run's context has them"`
}

// Taken is which transitions an execution was left by.
type Taken struct {
	Of
	Transitions []int `json:"transitions" doc:"Of the task's transitions, from 0"`
}

// Page says what of a timeline is given.
type Page struct {
	Task  string // "" all
	After int    // what began later than with the event of this number
	Limit int    // entries of all kinds together; 0: MostEntries
}

// MostEntries bounds a page. What one event begins stays together, so there may be a few more.
const MostEntries = 2000

// Bounds of the values in a page, in bytes of JSON: of one, and of all together.
const (
	largestValue  = 16 << 10
	largestValues = 4 << 20
)

// Timeline tells what happened in a run so far.
func (r *Reader) Timeline(ctx context.Context, run *history.Run, page Page) (*Timeline, error) {
	leave, err := enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	rec, hide := newRecorder(page), &hiding{}
	_, err = r.replay(ctx, run, hide, func(s step) error {
		rec.step(s)
		return nil
	})
	if f := fault.From(err); err != nil && (f.Code == fault.NotChecked || f.Code == fault.Missing) {
		return r.logAlone(ctx, run, page, f)
	}
	if err == nil {
		err = hide.secretsOf(ctx, r.Organisations, run.OrganisationID)
	}
	if err != nil {
		return nil, err
	}
	return rec.timeline(hide), nil
}

// logAlone tells what the log says without the workflow.
func (r *Reader) logAlone(ctx context.Context, run *history.Run, page Page, why *fault.Error) (*Timeline, error) {
	execs, err := r.History.ExecutionsOf(ctx, run.ID, "")
	if err != nil {
		return nil, err
	}
	rec := newRecorder(page)
	for _, e := range execs {
		rec.names[e.Exec] = named{e.Task, e.Instance}
	}
	err = r.History.EachEvent(ctx, run.ID, 0, func(in history.Inside) error {
		rec.event(in.Seq, in.Event)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if run.FinishedAt != nil {
		rec.close(*run.FinishedAt)
	}
	t := rec.timeline(&hiding{})
	t.Problem = why
	return t, nil
}
