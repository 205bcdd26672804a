package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gantry/api"
	"gantry/engine"
)

// people are those who have to do with a house's runs while a server serves it: they answer what runs ask, send what
// runs wait for, say what became of lost writes, and let runs that have ended go on. What they did is remembered,
// also what was not answered to them, so that it can be judged.
type people struct {
	rng      *rand.Rand
	calm     bool // they only do what runs wait for
	eager    bool // they leave no run that has ended as it is
	numbers  int64
	given    map[spot]*given // answers and deliveries
	words    map[spot]*word
	decided  map[string]int // how often somebody has tried to let a run go on; leftAlone: never
	reopened map[string]int // how often that was confirmed
	pruned   bool
}

// spot is a task of a run, or an item of it.
type spot struct {
	run, task string
	item      int // -1 outside of a for_each
}

// given is what was given to a task that waits.
type given struct {
	tried     map[int64]bool
	confirmed int64 // the number that counts, as somebody was told; 0: nobody was
	over      bool  // it need not be given again
}

// word is what somebody said of a lost write.
type word struct{ done, confirmed bool }

const leftAlone = 1000

func newPeople(seed uint64) *people {
	return &people{rng: rand.New(rand.NewPCG(seed, 4)), given: map[spot]*given{}, words: map[spot]*word{}, decided: map[string]int{}, reopened: map[string]int{}}
}

func (p *people) at(s spot) *given {
	if p.given[s] == nil {
		p.given[s] = &given{tried: map[int64]bool{}}
	}
	return p.given[s]
}

// number is one that nobody has given before.
func (p *people) number(g *given) int64 {
	p.numbers++
	g.tried[p.numbers] = true
	return p.numbers
}

// between is how long they do nothing.
const between = 15 * time.Millisecond

// attend lets people act until the server is gone.
func (h *house) attend(ctx context.Context, p *process) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-p.gone:
			cancel()
		case <-ctx.Done():
		}
	}()
	if <-p.serves; p.url == "" {
		return
	}
	client := api.OverSocket(h.data)
	defer client.Close()
	for ctx.Err() == nil {
		h.answer(ctx, client)
		h.ring(ctx, p)
		if !h.people.calm {
			h.mend(ctx, client)
		}
		select {
		case <-ctx.Done():
		case <-time.After(between):
		}
	}
}

// answer answers every question that is open.
func (h *house) answer(ctx context.Context, client *api.Client) {
	open, err := api.ListAsks.Call(ctx, client, &api.ListAsksIn{Limit: 100})
	if err != nil {
		return
	}
	for _, ask := range open.Body.Asks {
		at := spot{ask.Run, ask.Task, -1}
		in := &api.AnswerAskIn{OfAsk: api.OfAsk{OfRunIn: api.OfRunIn{Run: ask.Run}, Task: ask.Task}}
		if in.Body.Item = ask.Item; ask.Item != nil {
			at.item = *ask.Item
		}
		g := h.people.at(at)
		amount := h.people.number(g)
		in.Body.Button, in.Body.Values = "yes", map[string]any{"amount": amount}
		if _, err := api.AnswerAsk.Call(ctx, client, in); err == nil {
			g.confirmed = amount
		}
	}
}

// ring sends what runs wait for to the addresses that they have told the target.
func (h *house) ring(ctx context.Context, p *process) {
	for run, path := range h.target.links(h.seed) {
		g := h.people.at(spot{run, "wait", -1})
		if g.over {
			continue
		}
		mark := h.people.number(g)
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+path, strings.NewReader(fmt.Sprintf(`{"v": 7, "mark": %d}`, mark)))
		if err != nil {
			return
		}
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			continue
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		switch {
		case resp.StatusCode == http.StatusAccepted && resp.Header.Get("Gantry-Duplicate") == "":
			g.confirmed, g.over = mark, true
		case resp.StatusCode == http.StatusAccepted, resp.StatusCode == http.StatusGone:
			g.over = true
		}
	}
}

// mend looks at runs that did not end well, and lets some go on.
func (h *house) mend(ctx context.Context, client *api.Client) {
	for _, status := range []string{"failed", "timed_out", "cancelled"} {
		list, err := api.ListRuns.Call(ctx, client, &api.ListRunsIn{Status: status, Limit: 20})
		if err != nil {
			return
		}
		for _, run := range list.Body.Runs {
			if ctx.Err() != nil {
				return
			}
			h.consider(ctx, client, run)
		}
	}
	if h.people.rng.IntN(4) == 0 || h.people.eager {
		h.prune(ctx, client)
	}
}

// consider decides about one run that did not end well: it is left alone, repeated, or let go on.
func (h *house) consider(ctx context.Context, client *api.Client, run api.Run) {
	p := h.people
	const tries = 3
	if p.decided[run.ID] >= tries || run.Parent != "" {
		return
	}
	p.decided[run.ID]++
	if p.decided[run.ID] == 1 && !p.eager && p.rng.IntN(3) == 0 {
		p.decided[run.ID] = leftAlone
		return
	}
	if p.rng.IntN(8) == 0 {
		h.repeat(ctx, client, run)
	}
	resume := api.ResumeWith{Newest: run.Workflow == "mends" || p.rng.IntN(6) == 0}
	plan, err := api.PlanResume.Call(ctx, client, &api.PlanResumeIn{OfRunIn: api.OfRunIn{Run: run.ID}, Body: &resume})
	if err != nil || !h.resolve(ctx, client, &plan.Body) {
		return
	}
	in := &api.ResumeRunIn{OfRunIn: api.OfRunIn{Run: run.ID}, Body: &api.ResumeRunBody{ResumeWith: resume}}
	if _, err := api.ResumeRun.Call(ctx, client, in); err == nil {
		p.reopened[run.ID]++
	}
}

// resolve says of every lost write of a run, and of the runs that it called, whether it was done: what comes to mind,
// but the same again where nobody was told that it counts.
func (h *house) resolve(ctx context.Context, client *api.Client, plan *engine.ResumePlan) bool {
	for i := range plan.Parts {
		if !h.resolve(ctx, client, &plan.Parts[i]) {
			return false
		}
	}
	for _, u := range plan.Unresolved {
		in := &api.ResolveRunIn{OfRunIn: api.OfRunIn{Run: u.Run}}
		in.Body.Task, in.Body.Instance, in.Body.Item = u.Task, &u.Instance, u.Item
		at := spot{u.Run, u.Task, -1}
		if u.Item != nil {
			at.item = *u.Item
		}
		w := h.people.words[at]
		if w == nil || w.confirmed { // it was repeated, and lost again
			w = &word{done: h.people.rng.IntN(2) == 0}
			h.people.words[at] = w
		}
		if in.Body.Outcome = "not_done"; w.done {
			in.Body.Outcome = "done"
		}
		if _, err := api.ResolveRun.Call(ctx, client, in); err != nil {
			return false
		}
		w.confirmed = true
	}
	return true
}

// repeat starts a run anew, with another number.
func (h *house) repeat(ctx context.Context, client *api.Client, run api.Run) {
	takes, known := h.byRun(run.ID)
	if !known {
		return
	}
	s := h.next(takes.workflow, false)
	in := &api.RerunRunIn{OfRunIn: api.OfRunIn{Run: run.ID}, Body: &api.RerunRunBody{RerunWith: api.RerunWith{Inputs: map[string]any{"n": s.n}}}}
	if out, err := api.RerunRun.Call(ctx, client, in); err == nil {
		s.run, s.answered = out.Body.ID, true
	}
}

func (h *house) byRun(id string) (*submission, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.sent {
		if s.run == id {
			return s, true
		}
	}
	return nil, false
}

// prune removes what has ended of the organisation whose runs nobody needs.
func (h *house) prune(ctx context.Context, client *api.Client) {
	h.people.pruned = true
	in := &api.PruneRunsIn{}
	in.Body.Organisation, in.Body.OlderThan = bin, "1ms"
	_, _ = api.PruneRuns.Call(ctx, client, in) // another time, if not now
}

// writeMends writes the file of the workflow whose runs fail until its file is another one.
func (h *house) writeMends(works bool) error {
	return os.WriteFile(filepath.Join(h.dir, "workflows", "mends.yaml"), []byte(mends(h.target.URL, works)), 0o644)
}

// numberIn gives the number under a key of an answer's values, or of a delivery's body; 0 is nobody's.
func numberIn(v any, outer, key string) int64 {
	doc, _ := plain(v).(map[string]any)
	inner, _ := doc[outer].(map[string]any)
	n, _ := inner[key].(float64)
	return int64(n)
}
