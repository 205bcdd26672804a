package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"gantry/api"
)

// submission is one run that somebody asks for.
type submission struct {
	n        int
	workflow string
	hook     bool
	cycle    int    // of the house's kills, in which it was first sent
	run      string // id, as answered; a webhook's answer has none
	answered bool   // by an id, or 202
	cancel   bool   // somebody asked to cancel it
}

func (h *house) next(workflow string, hook bool) *submission {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := &submission{n: len(h.sent), workflow: workflow, hook: hook, cycle: len(h.kills)}
	h.sent = append(h.sent, s)
	return s
}

// traffic asks a server for runs: what webhooks were not answered before is sent again first, as their senders do.
// more are workflows that are asked for beside. It returns when all are answered or the server is gone.
func (h *house) traffic(ctx context.Context, p *process, more ...string) {
	client := api.OverSocket(h.data)
	defer client.Close()
	all := h.unanswered()
	for range 5 + h.rng.IntN(6) {
		if h.rng.IntN(4) == 0 {
			all = append(all, h.next(others[h.rng.IntN(len(others))], false))
			continue
		}
		s := h.next(h.mains[h.rng.IntN(len(h.mains))], h.rng.IntN(2) == 0)
		s.cancel = !s.hook && h.rng.IntN(10) == 0
		all = append(all, s)
	}
	for _, workflow := range more {
		all = append(all, h.next(workflow, false))
	}
	var senders sync.WaitGroup
	for _, s := range all {
		senders.Go(func() { h.submit(ctx, p, client, s) })
	}
	senders.Wait()
}

// unanswered gives the webhooks that were not answered.
func (h *house) unanswered() (open []*submission) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.sent {
		if s.hook && !s.answered {
			open = append(open, s)
		}
	}
	return open
}

// submit sends one, and notes the answer.
func (h *house) submit(ctx context.Context, p *process, client *api.Client, s *submission) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	go func() {
		select {
		case <-p.gone:
			cancel()
		case <-ctx.Done():
		}
	}()
	if s.hook {
		s.answered = deliver(ctx, p.url+"/hooks/"+h.hooks[s.workflow], s.n)
		return
	}
	in := &api.StartRunIn{}
	if s.workflow == "goes" {
		in.Body.Organisation = bin
	}
	in.Body.Workflow, in.Body.Inputs = s.workflow, map[string]any{"n": s.n}
	out, err := api.StartRun.Call(ctx, client, in)
	if err != nil {
		return
	}
	s.run, s.answered = out.Body.ID, true
	if s.cancel {
		_, _ = api.CancelRun.Call(ctx, client, &api.CancelRunIn{OfRunIn: api.OfRunIn{Run: s.run}}) // it may have ended
	}
}

// deliver sends a webhook and tells whether it was answered 202.
func deliver(ctx context.Context, url string, n int) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(fmt.Sprintf(`{"n": %d}`, n)))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Delivery-Id", fmt.Sprint("delivery-", n))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusAccepted
}
