package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gantry/api"
)

// kill lets a server serve the house until it dies.
func (h *house) kill(ctx context.Context, k kill) error {
	if err := h.writeMends(h.rng.IntN(2) == 0); err != nil {
		return err
	}
	p, err := h.spawn(k.at())
	if err != nil {
		return err
	}
	h.people.calm, h.people.eager = false, k.needsPeople()
	gone := h.attended(ctx, p)
	defer func() { h.kills = append(h.kills, k) }()
	moment := make(chan struct{})
	if k.point == "" {
		go func() {
			if k.begun {
				<-p.serves
			}
			time.Sleep(k.after)
			close(moment)
		}()
	}
	asked := len(h.sent)
	busy := make(chan struct{})
	go func() {
		defer close(busy)
		if <-p.serves; p.url != "" {
			h.traffic(ctx, p, k.more()...)
		}
	}()
	select {
	case <-p.gone:
	case <-moment:
	case <-busy:
		select {
		case <-p.gone:
		case <-moment:
		case <-time.After(linger(k)):
		}
	}
	gone()
	<-busy
	k.died, k.runs, k.served, k.start = p.diedAt(), len(h.sent)-asked, p.url != "", p.ready
	return p.unmeant()
}

// linger is how long a server may go on once everybody is answered, if it does not come by its fail-point: longer each time,
// for the machine may be busy.
func linger(k kill) time.Duration {
	if strings.HasPrefix(k.point, "timers.") || strings.HasPrefix(k.point, "poll.") || k.needsPeople() || k.point == "" {
		return 1500 * time.Millisecond << k.tried
	}
	return 150 * time.Millisecond << k.tried
}

// settle lets a server that nobody kills bring everything to its end, and judges.
func (h *house) settle(ctx context.Context) (*verdict, error) {
	p, err := h.spawn("")
	if err != nil {
		return nil, err
	}
	h.people.calm = true
	gone := h.attended(ctx, p)
	defer gone()
	if <-p.serves; p.url == "" {
		return nil, fmt.Errorf("the server does not serve any more: %s", p.said.bytes())
	}
	for range 20 { // senders of webhooks try again until they are answered
		open := false
		for _, s := range h.unanswered() {
			h.submit(ctx, p, nil, s)
			open = open || !s.answered
		}
		if !open {
			break
		}
	}
	stuck, err := h.rest(ctx)
	if err != nil {
		return nil, err
	}
	client := api.OverSocket(h.data)
	h.prune(ctx, client)
	client.Close()
	gone()
	v, err := h.judge(ctx)
	if err == nil && stuck != "" {
		v.wrong("", "stuck: %s", stuck)
	}
	return v, err
}
