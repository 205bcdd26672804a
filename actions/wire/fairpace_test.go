package wire

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// log notes when requests of each queue are sent.
type paceLog struct {
	mu    sync.Mutex
	times map[string][]time.Time
}

func (l *paceLog) target(queue string) Sender {
	return SenderFunc(func(context.Context, *Request) (*Answer, error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.times[queue] = append(l.times[queue], time.Now())
		return &Answer{Status: 200}, nil
	})
}

// However many requests of one organisation wait, another's goes at the second token from now.
func TestPaceServesOrganisationsInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &paceLog{times: map[string][]time.Time{}}
		p := NewPacer("Halo", Limit{Requests: 11, Per: 10 * time.Second, Burst: 1}, time.Now) // one a second
		send := func(queue string, n int, all *sync.WaitGroup) {
			for range n {
				all.Go(func() {
					if _, err := p.Wrap(log.target(queue), queue, nil).Send(t.Context(), somewhere); err != nil {
						t.Error(err)
					}
				})
			}
		}
		start := time.Now()
		var all sync.WaitGroup
		send("busy", 1000, &all)
		synctest.Wait()
		time.Sleep(10*time.Second + time.Millisecond)
		send("small", 1, &all)
		send("other", 3, &all)
		all.Wait()
		if waited := log.times["small"][0].Sub(start); waited > 13*time.Second {
			t.Errorf("the only request of an organisation waited %v", waited-10*time.Second)
		}
		if waited := log.times["other"][2].Sub(start); waited > 20*time.Second {
			t.Errorf("the third request of an organisation waited %v", waited-10*time.Second)
		}
		if took := time.Since(start).Round(time.Second); took != 1003*time.Second {
			t.Errorf("1,004 requests took %v, the limit allows 1003s", took)
		}
	})
}

type foreseenWaits struct {
	until []time.Time
}

func (w *foreseenWaits) WaitBegins(until time.Time) { w.until = append(w.until, until) }
func (w *foreseenWaits) WaitEnds()                  {}

// What those who watch are told beforehand is when the request goes, and a deadline that this would pass is
// not waited for.
func TestPaceForeseesTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &paceLog{times: map[string][]time.Time{}}
		p := NewPacer("Halo", Limit{Requests: 13, Per: 10 * time.Second, Burst: 3}, time.Now)
		waits := make([]foreseenWaits, 20)
		sent := make([]time.Time, 20)
		var all sync.WaitGroup
		for i := range waits {
			queue := []string{"a", "a", "b"}[i%3]
			all.Go(func() {
				_, err := p.Wrap(log.target(queue), queue, &waits[i]).Send(t.Context(), somewhere)
				if err != nil {
					t.Error(err)
				}
				sent[i] = time.Now()
			})
			synctest.Wait()
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		before := time.Now()
		if _, err := p.Wrap(log.target("a"), "a", nil).Send(ctx, somewhere); err == nil || !time.Now().Equal(before) {
			t.Errorf("a request that cannot go within its time waited %v: %v", time.Since(before), err)
		}
		all.Wait()
		for i, w := range waits {
			if i < 3 {
				if len(w.until) != 0 {
					t.Errorf("request %d waited", i)
				}
				continue
			}
			// later ones of the other queue come in between: it may be later than foreseen, never earlier
			if early := w.until[0].Sub(sent[i]); early > time.Millisecond {
				t.Errorf("request %d went %v before it was foreseen", i, early)
			}
		}
		if last := sent[19].Sub(waits[19].until[0]).Abs(); last > time.Millisecond {
			t.Errorf("the last request went %v off what was foreseen", last)
		}
	})
}

// A refusal holds back those in the line as well, and gives nobody tokens beforehand.
func TestPaceKeepsTheWindowAfterARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var times []time.Time
		calls := 0
		target := SenderFunc(func(context.Context, *Request) (*Answer, error) {
			mu.Lock()
			defer mu.Unlock()
			if calls++; calls == 7 {
				return &Answer{Status: 429, Header: http.Header{"Retry-After": {"30"}}}, nil
			}
			times = append(times, time.Now())
			return &Answer{Status: 200}, nil
		})
		p := NewPacer("Halo", Limit{Requests: 10, Per: 10 * time.Second, Burst: 2}, time.Now)
		var all sync.WaitGroup
		for i := range 60 {
			all.Go(func() {
				if _, err := p.Wrap(target, []string{"a", "b", "c"}[i%3], nil).Send(t.Context(), somewhere); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for i := range times {
			if i+10 < len(times) && times[i+10].Sub(times[i]) < 10*time.Second {
				t.Fatalf("more than 10 requests within %v", times[i+10].Sub(times[i]))
			}
		}
		if pause := times[6].Sub(times[5]); pause < 29*time.Second {
			t.Errorf("after a refusal that asked for 30s the next went after %v", pause)
		}
	})
}
