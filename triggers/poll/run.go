package poll

import (
	"context"
	"time"

	"gantry/orgs"
	"gantry/triggers"
)

// slot is a target while its trigger is active.
type slot struct {
	target
	active *triggers.Active
	org    orgs.Organisation

	next   time.Time
	busy   bool
	gone   bool // not active any more; while busy its poll is cut off first
	forget bool // switched off: it begins anew when it is switched on again
	cancel context.CancelFunc

	polled time.Time // when the last poll ended; zero: not since the start
	last   result
}

// Run polls until ctx ends, and returns when all polls have ended. Call it once, after triggers.Service.Start.
func (p *Poller) Run(ctx context.Context) error {
	p.Triggers.OnChange(p.changed)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			p.drain()
			return nil
		case book := <-p.book:
			p.follow(ctx, book)
		case s := <-p.done:
			p.ended(ctx, s)
		case <-timer.C:
		}
		timer.Reset(p.startDue(ctx))
	}
}

// changed hands Run the newest Book. It never waits.
func (p *Poller) changed(book *triggers.Book) {
	for {
		select {
		case p.book <- book:
			return
		case <-p.book: // one that Run has not seen; this one is newer
		}
	}
}

// drain waits for the polls under way, which end with their context.
func (p *Poller) drain() {
	ended := make(chan struct{})
	go func() { p.work.Wait(); close(ended) }()
	for {
		select {
		case <-p.done:
		case <-ended:
			return
		}
	}
}

// follow takes up what has become active, and leaves what is not any more. A trigger that is still there but
// switched off, or does not cover an organisation now, begins anew later; one whose workflow is away for the
// moment goes on from where it was.
func (p *Poller) follow(ctx context.Context, book *triggers.Book) {
	there, err := targets(ctx, p.Store)
	if err != nil {
		p.Log.Error("the polls could not be read", "error", err)
	}
	stored := map[target]bool{}
	for _, t := range there {
		stored[t] = true
	}
	active := map[target]bool{}
	p.mu.Lock()
	for _, a := range book.OfType(Type) {
		for _, org := range a.Organisations {
			t := target{a.Key, org.ID}
			active[t] = true
			p.take(ctx, t, a, org, stored[t])
		}
	}
	for t, s := range p.slots {
		if !active[t] {
			_, known := book.Find(t.Key)
			p.leave(s, known)
		}
	}
	p.mu.Unlock()
	for t := range stored {
		a, known := book.Find(t.Key)
		if !active[t] && (known && a.Trigger.Type == Type) && !p.busy(t) {
			p.forget(ctx, t)
		}
	}
}

// take makes or renews the slot of a target.
func (p *Poller) take(ctx context.Context, t target, a *triggers.Active, org orgs.Organisation, stored bool) {
	s := p.slots[t]
	if s == nil {
		s = &slot{target: t}
		p.slots[t] = s
	}
	if s.active == nil || s.active.Trigger.Poll.Every != a.Trigger.Poll.Every {
		s.next = p.firstMoment(ctx, t, a, stored)
	}
	s.active, s.org, s.gone, s.forget = a, org, false, false
}

// firstMoment is when a target that has become active is polled first: at its own moment, sooner where it has
// never been, and not before its pause after failures is over.
func (p *Poller) firstMoment(ctx context.Context, t target, a *triggers.Active, stored bool) time.Time {
	now, every := p.Now(), a.Trigger.Poll.Every
	if !stored {
		return now.Add(t.share(min(every, firstWithin)))
	}
	next := t.regular(now, every)
	if st, ok, err := load(ctx, p.Store, t); err == nil && ok {
		if paused := time.UnixMicro(st.NextAt); paused.After(next) && paused.Before(now.Add(max(longest, every))) {
			return paused
		}
	}
	return next
}

// leave gives up a slot; forget says that the trigger is switched off there. A poll under way is cut off.
func (p *Poller) leave(s *slot, forget bool) {
	s.gone, s.forget = true, forget
	if s.busy {
		s.cancel()
		return
	}
	delete(p.slots, s.target)
}

func (p *Poller) busy(t target) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.slots[t] != nil && p.slots[t].busy
}

func (p *Poller) forget(ctx context.Context, t target) {
	if err := forget(ctx, p.Store, t); err != nil {
		p.Log.Error("a poll that was switched off could not be forgotten", "workflow", t.Workflow, "trigger", t.Trigger, "error", err)
	}
}

// startDue starts the polls whose time has come, and gives how long it is until the next one.
func (p *Poller) startDue(ctx context.Context) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, wait := p.Now(), time.Minute
	for _, s := range p.slots {
		switch until := s.next.Sub(now); {
		case s.busy || s.gone:
		case until <= 0:
			p.start(ctx, s)
		default:
			wait = min(wait, until)
		}
	}
	return wait
}

func (p *Poller) start(ctx context.Context, s *slot) {
	if ok, after := p.Triggers.Room(s.organisation); !ok {
		s.next = p.Now().Add(max(after, time.Second))
		return
	}
	s.busy = true
	ctx, s.cancel = context.WithCancel(ctx)
	active, org := s.active, s.org
	p.work.Go(func() {
		r := p.poll(ctx, active, org, s.target)
		p.mu.Lock()
		s.last, s.polled = r, p.Now()
		p.mu.Unlock()
		p.done <- s
	})
}

// ended sets the next moment of a target whose poll has ended.
func (p *Poller) ended(ctx context.Context, s *slot) {
	failures := 0
	if s.last.err != nil && !s.last.left {
		p.Log.Warn("a poll failed", "workflow", s.Workflow, "trigger", s.Trigger, "organisation", s.org.Slug, "error", s.last.err)
		if st, ok, err := load(ctx, p.Store, s.target); err == nil && ok {
			failures = st.Failures
		}
	}
	p.mu.Lock()
	s.cancel()
	s.busy = false
	now, every := p.Now(), s.active.Trigger.Poll.Every
	switch {
	case failures > 0:
		s.next = now.Add(pause(every, failures, s.last.err))
	case s.last.more:
		s.next = now.Add(min(every, moreWithin))
	default:
		s.next = s.regular(now, every)
	}
	gone, forgotten := s.gone, s.forget
	if gone {
		delete(p.slots, s.target)
	}
	p.mu.Unlock()
	if gone && forgotten {
		p.forget(ctx, s.target)
	}
}
