package poll_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/sandbox/halo"
	"gantry/triggers/poll"
)

func text(n int64) string { return strconv.FormatInt(n, 10) }

// An error is shown, the pauses grow, nothing is lost and no event is made of it.
func TestFailures(t *testing.T) {
	b := setup(t, newTicket)
	b.polls(b.client)
	made := b.ticket(b.remote.read())
	faulttest.Must(t, b.halo.InjectFault(halo.Fault{Path: "/api/tickets", Kind: halo.FaultStatus, Status: http.StatusInternalServerError, Times: 3}))
	for n := 1; n <= 3; n++ {
		if r := b.poll(b.client); r.Err == nil || r.Left {
			t.Fatalf("%+v", r)
		}
		facts, err := poll.Detail{Store: b.store}.Of(ctx, key, b.client.ID)
		if err != nil || facts["status"] != "failing" || facts["failures"] != n || facts["error"] == nil {
			t.Errorf("%v %v", facts, err)
		}
		want := b.now.read().Add(time.Minute << (n - 1)).Format(time.RFC3339)
		if facts["next_poll"] != want {
			t.Errorf("after %d failures the next poll is at %v, want %s", n, facts["next_poll"], want)
		}
		b.again()
	}

	if n := b.polls(b.client); n != 1 || b.events(b.client)[made] != 1 {
		t.Errorf("found %d", n)
	}
	facts, _ := poll.Detail{Store: b.store}.Of(ctx, key, b.client.ID)
	if facts["status"] != "waiting" || facts["error"] != nil || facts["cursor"] == nil {
		t.Error(facts)
	}
}

func TestPause(t *testing.T) {
	asked := fault.New(fault.RateLimited, "wait")
	asked.RetryAfter = 5 * time.Minute
	for _, c := range []struct {
		every    time.Duration
		failures int
		why      *fault.Error
		want     time.Duration
	}{
		{time.Minute, 1, nil, time.Minute}, {time.Minute, 4, nil, 8 * time.Minute}, {time.Minute, 100, nil, time.Hour},
		{2 * time.Hour, 3, nil, 2 * time.Hour}, {time.Minute, 1, asked, 5 * time.Minute}, {10 * time.Minute, 2, asked, 20 * time.Minute},
	} {
		if got := poll.Pause(c.every, c.failures, c.why); got != c.want {
			t.Errorf("every %s, %d failures: %s, want %s", c.every, c.failures, got, c.want)
		}
	}
}
