package inside

import (
	"time"

	"gantry/engine/flow"
	"gantry/engine/workflow"
	"gantry/fault"
)

// recorder makes a timeline of events. From the log alone it tells attempts and waits; with the state machine beside
// it, also when waits end by themselves, how what no event tells of ended, which transitions were
// taken, and what was published.
type recorder struct {
	page   Page
	beside bool // the state machine is beside it
	out    Timeline
	names  map[int]named // of executions
	units  map[flow.Unit]*unit
	open   map[int]map[flow.Unit]*unit // those with something that is not over, by execution
	said   map[int]*flow.Publication   // the first of the publications told of, by execution
	left   map[int]*int                // the first of the transitions told of, by execution
	shown  []published

	count, last int // entries so far, and where the latest began
}

type named struct {
	task     string
	instance int
}

// unit is a task or an item of its for_each, as far as it has come.
type unit struct {
	id      flow.Unit
	tries   int
	back    bool     // the attempt was put back into the queue, and counts once
	attempt *Attempt // the last one
	wait    *Wait    // the one that is not over
	ended   time.Time
	again   bool // its last attempt ended otherwise than well: the log alone cannot tell yet whether there is another
}

// published is what a transition published, before it is known what of it is hidden.
type published struct {
	entry *Publication
	task  *workflow.Task
	named []flow.Publication
}

func newRecorder(page Page) *recorder {
	if page.Limit <= 0 || page.Limit > MostEntries {
		page.Limit = MostEntries
	}
	return &recorder{page: page, names: map[int]named{}, units: map[flow.Unit]*unit{}, open: map[int]map[flow.Unit]*unit{}, said: map[int]*flow.Publication{}, left: map[int]*int{}}
}

// takes tells whether an entry is on the page, and counts it.
func (r *recorder) takes(of Of) bool {
	switch {
	case r.page.Task != "" && of.Task != r.page.Task, of.Seq <= r.page.After:
		return false
	case r.out.More, r.count >= r.page.Limit && of.Seq > r.last:
		r.out.More, r.out.Next = true, r.last
		return false
	}
	r.count, r.last = r.count+1, of.Seq
	return true
}

func (r *recorder) of(seq int, id flow.Unit) Of {
	n := r.names[id.Exec]
	of := Of{Seq: seq, Task: n.task, Instance: n.instance, Exec: id.Exec}
	if id.Item != flow.NoItem {
		of.Item = &id.Item
	}
	return of
}

func (r *recorder) unit(id flow.Unit) *unit {
	u := r.units[id]
	if u == nil {
		u = &unit{id: id}
		r.units[id] = u
	}
	return u
}

// busy notes that something of a unit is not over; idle that all is.
func (r *recorder) busy(u *unit) {
	if r.open[u.id.Exec] == nil {
		r.open[u.id.Exec] = map[flow.Unit]*unit{}
	}
	r.open[u.id.Exec][u.id] = u
}

func (r *recorder) idle(u *unit) {
	if len(r.open[u.id.Exec]) > 1 {
		delete(r.open[u.id.Exec], u.id)
	} else if r.open[u.id.Exec][u.id] != nil {
		delete(r.open, u.id.Exec)
	}
}

// begin begins an attempt.
func (r *recorder) begin(u *unit, seq int, at time.Time, subrun string) {
	r.endWait(u, at)
	if !u.back {
		u.tries++
	}
	u.back, u.again = false, false
	u.attempt = &Attempt{Of: r.of(seq, u.id), Attempt: u.tries, Status: flow.Running, StartedAt: at, Run: subrun}
	if r.takes(u.attempt.Of) {
		r.out.Attempts = append(r.out.Attempts, u.attempt)
	}
	r.busy(u)
	if subrun != "" {
		r.beginWait(u, seq, Wait{Kind: SubRun, From: at, Run: subrun})
	}
}

// finish ends the attempt that is under way; one that never left the queue is only counted.
func (r *recorder) finish(u *unit, at time.Time, status flow.Status, err *fault.Error) {
	r.endWait(u, at)
	r.idle(u)
	u.ended, u.again = at, status != flow.Succeeded
	if u.attempt == nil || u.attempt.FinishedAt != nil {
		if !u.back {
			u.tries++
		}
		u.back = false
		return
	}
	u.attempt.Status, u.attempt.FinishedAt, u.attempt.Error = status, &at, err
}

func (r *recorder) beginWait(u *unit, seq int, w Wait) {
	w.Of = r.of(seq, u.id)
	u.wait = &w
	if r.takes(w.Of) {
		r.out.Waits = append(r.out.Waits, u.wait)
	}
	r.busy(u)
}

func (r *recorder) endWait(u *unit, at time.Time) {
	if u.wait != nil {
		u.wait.Until, u.wait.Over = &at, true
		u.wait = nil
	}
}

// close ends everything: the run has ended.
func (r *recorder) close(at time.Time) {
	for _, units := range r.open {
		for _, u := range units {
			r.cutOff(u, at, flow.Cancelled, nil)
		}
	}
}

// cutOff ends what no event has ended.
func (r *recorder) cutOff(u *unit, at time.Time, status flow.Status, err *fault.Error) {
	r.endWait(u, at)
	r.idle(u)
	if u.attempt != nil && u.attempt.FinishedAt == nil {
		u.attempt.Status, u.attempt.FinishedAt, u.attempt.Error = status, &at, err
	}
}

// timeline gives what was recorded, without what is hidden.
func (r *recorder) timeline(hide *hiding) *Timeline {
	left := largestValues
	for _, p := range r.shown {
		p.fill(hide, &left)
	}
	t := r.out
	t.Attempts, t.Waits, t.Published, t.Taken = orEmpty(t.Attempts), orEmpty(t.Waits), orEmpty(t.Published), orEmpty(t.Taken)
	return &t
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
