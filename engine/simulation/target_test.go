package simulation_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"gantry/actions/wire"
	"gantry/fault"
)

// answer is how the other system treats a request.
type answer string

const (
	done    answer = "answers 200"
	errs    answer = "answers 500"
	refuses answer = "answers 400"
	busy    answer = "answers 429"
	closed  answer = "refuses the connection"
	lost    answer = "does it, and the connection breaks"
	hangs   answer = "does not answer"
	panics  answer = "makes the action panic"
)

// harmless tells whether the sender knows from it that nothing was done.
func (a answer) harmless() bool { return a == busy || a == closed }

// did tells whether what was asked for was done.
func (a answer) did() bool { return a == done || a == lost }

// sent is one request as the other system saw it.
type sent struct {
	at     time.Duration
	method string
	treats answer
	over   bool // the sender has heard how it ended
}

// target is the other system. One serves all engines of a world.
type target struct {
	world *world
	mu    sync.Mutex
	sent  map[string][]*sent // by unit: run/task/item
}

// arrives notes a request, and gives which one of its unit it is. A look tells whether something was made.
func (t *target) arrives(unit, method string) (s *sent, n int, made bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.sent[unit] {
		made = made || s.method == "MAKE" && s.treats.did()
	}
	n = len(t.sent[unit])
	s = &sent{at: t.world.elapsed(), method: method, treats: t.treatment(unit, n)}
	t.sent[unit] = append(t.sent[unit], s)
	return s, n, made
}

// treatment draws how a request is treated: well, once faults have stopped.
func (t *target) treatment(unit string, n int) answer {
	r := t.world.chance.of(fmt.Sprint("treats ", unit, n))
	if t.world.calm.Load() || r.IntN(100) >= t.world.harm {
		return done
	}
	return []answer{errs, errs, refuses, busy, busy, closed, closed, lost, hangs, panics}[r.IntN(10)]
}

// sender is the way of one engine to the target.
type sender struct {
	*life
}

func (s sender) Send(ctx context.Context, req *wire.Request) (*wire.Answer, error) {
	w := s.world
	if s.dead.Load() {
		return nil, cutOff(errors.New("the process is gone"))
	}
	path := strings.TrimPrefix(req.URL.Path, "/")
	slash := strings.LastIndex(path, "/")
	unit, method := path[:slash], path[slash+1:]
	leave := w.laws.atTarget(s.life)
	defer leave()
	one, n, made := w.target.arrives(unit, method)
	w.say("%s is asked for %s (%d): it %s", "target", named(path), n+1, one.treats)
	defer func() { one.over = !s.dead.Load() }()
	r := w.chance.of(fmt.Sprint("answers ", path, n))
	patience := between(r, time.Millisecond, 2*time.Second)
	if oneIn(r, 12) && !w.calm.Load() {
		patience = between(r, 5*time.Second, time.Minute)
	}
	if one.treats == hangs {
		patience = 24 * time.Hour
	}
	if err := w.waitFor(ctx, patience); err != nil {
		w.step("cut " + path)
		return nil, &wire.Failure{Fault: ended(err), Sent: true, TimedOut: errors.Is(err, context.DeadlineExceeded)}
	}
	return one.treats.give(r.IntN(6), made)
}

// give gives what the sender gets.
func (a answer) give(seconds int, isMade bool) (*wire.Answer, error) {
	made := &wire.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: fmt.Appendf(nil, `{"ok":true,"made":%v}`, isMade)}
	switch a {
	case errs:
		made.Status = http.StatusInternalServerError
	case refuses:
		made.Status = http.StatusBadRequest
	case busy:
		made.Status = http.StatusTooManyRequests
		made.Header.Set("Retry-After", fmt.Sprint(seconds))
	case closed, lost:
		f := fault.New(fault.Network, "target: the connection broke")
		f.Passing = true
		return nil, &wire.Failure{Fault: f, Sent: a == lost}
	case panics:
		panic("an action that has a defect")
	}
	return made, nil
}

func ended(err error) *fault.Error {
	if errors.Is(err, context.DeadlineExceeded) {
		f := fault.New(fault.Timeout, "target did not answer in time")
		f.Passing = true
		return f
	}
	return fault.Wrap(err, fault.Cancelled, "the request to target was cut off")
}

func cutOff(err error) *wire.Failure { return &wire.Failure{Fault: ended(err)} }

// waitFor waits about d, or until ctx ends; then it gives why.
func (w *world) waitFor(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(w.after(d))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
