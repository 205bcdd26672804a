package endtoend_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"gantry/api"
	"gantry/fault/faulttest"
)

// TestKillNineInAFlood: of 1,000 deliveries a second, from 64 connections, while the server is killed again and again
// (also before it serves again), each that was answered 202 has exactly one run, none has two, and all end.
func TestKillNineInAFlood(t *testing.T) {
	t.Parallel()
	h := newHouse(t, map[string]string{"in": received})
	p := h.start()
	const kills = 4
	resumed := 0
	c := h.crowd("in", 6000*scale)
	wait := c.begin(t.Context())
	for i := range kills {
		share := c.total / (kills + 1)
		c.awaitAnswers(i*share + rand.IntN(share))
		p.kill()
		if i%2 == 1 {
			early := h.spawn()
			time.Sleep(rand.N(300 * time.Millisecond)) // into what it does before it serves
			early.kill()
		}
		began := time.Now()
		p = h.start()
		resumed += p.Resumed
		t.Logf("killed after %d answers; served again in %s, with %d runs taken up", c.count.Load(), time.Since(began).Round(time.Millisecond), p.Resumed)
	}
	wait()
	h.settled()
	if resumed == 0 {
		t.Error("no run was under way at any kill: that proves little")
	}
	if n := h.listed("in"); n < int(c.count.Load()) {
		t.Errorf("%d runs are listed", n)
	}
	faulttest.Must(t, p.stop())
	c.judge("in")
}

// listed counts a workflow's runs as people see them, page after page.
func (h *house) listed(workflow string) (n int) {
	h.t.Helper()
	in := &api.ListRunsIn{Workflow: workflow, Limit: 1000}
	for client := h.client(); ; {
		page, err := api.ListRuns.Call(h.t.Context(), client, in)
		faulttest.Must(h.t, err)
		n += len(page.Body.Runs)
		if in.Before = page.Body.Next; in.Before == "" {
			return n
		}
	}
}

// TestSIGTERMInAFlood: what was answered is kept, the server ends with 0 within its grace, and the next one goes on.
func TestSIGTERMInAFlood(t *testing.T) {
	t.Parallel()
	h := newHouse(t, map[string]string{"in": received})
	p := h.start("--grace", "10s")
	c := h.crowd("in", 3000*scale)
	wait := c.begin(t.Context())
	for i := range 2 {
		c.awaitAnswers((i + 1) * c.total / 3)
		began := time.Now()
		if err := p.stop(); err != nil {
			t.Errorf("SIGTERM: %v\n%s", err, p.log)
		}
		atMost(t, "ending in a flood", time.Since(began), 10*time.Second)
		p = h.start("--grace", "10s")
	}
	wait()
	h.settled()
	faulttest.Must(t, p.stop())
	c.judge("in")
}
