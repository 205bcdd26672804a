package endtoend_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Senders of a crowd, and how many deliveries a second they send together.
const (
	connections = 64
	rate        = 1000
)

// received is a workflow whose trigger takes numbered deliveries for all clients; its runs last a moment, and keep their number.
const received = `
inputs: {n: {type: integer, required: true}}
triggers:
  - {name: in, type: webhook, verify: none, dedupe: {by: header, header: X-Delivery-Id}, run_for: {all_managed: true}, inputs: {n: "${{ body.n }}"}}
tasks:
  wait: {action: core.delay, with: {duration: 100ms}, next: then}
  then: {action: core.noop}
outputs: {n: "${{ inputs.n }}"}
`

// crowd sends numbered deliveries to the addresses in turn, evenly, at the rate. What is not answered is sent again
// with the same id, as senders of webhooks do; every tenth sender tries once alone.
type crowd struct {
	h        *house
	hooks    []hook
	total    int
	client   *http.Client
	next     atomic.Int64
	count    atomic.Int64  // answered 202
	refused  atomic.Int64  // answers 503 and 429, which say when to come again
	answered []atomic.Bool // by number
	wrong    sync.Map      // answers that should not be
}

func (h *house) crowd(workflow string, total int) *crowd {
	h.t.Helper()
	transport := &http.Transport{MaxConnsPerHost: connections, MaxIdleConnsPerHost: connections}
	h.t.Cleanup(transport.CloseIdleConnections)
	return &crowd{h: h, hooks: h.hooks(workflow), total: total, client: &http.Client{Transport: transport, Timeout: 20 * time.Second}, answered: make([]atomic.Bool, total)}
}

// send sends everything, and returns when the last has been answered or given up; the end of ctx gives all up.
func (c *crowd) send(ctx context.Context) {
	var senders sync.WaitGroup
	began := time.Now()
	for range connections {
		senders.Go(func() {
			for ctx.Err() == nil {
				n := int(c.next.Add(1)) - 1
				if n >= c.total {
					return
				}
				time.Sleep(time.Until(began.Add(time.Duration(n) * time.Second / rate)))
				c.deliver(ctx, n)
			}
		})
	}
	senders.Wait()
}

// begin sends in the background; the function that it gives waits for the end.
func (c *crowd) begin(ctx context.Context) (wait func()) {
	done := make(chan struct{})
	go func() {
		c.send(ctx)
		close(done)
	}()
	return func() { <-done }
}

func (c *crowd) deliver(ctx context.Context, n int) {
	for ctx.Err() == nil {
		status, text := c.post(ctx, n)
		switch status {
		case http.StatusAccepted:
			c.answered[n].Store(true)
			c.count.Add(1)
			return
		case 0: // killed
		case http.StatusServiceUnavailable, http.StatusTooManyRequests: // stopping, full
			c.refused.Add(1)
		default:
			c.wrong.Store(fmt.Sprintf("%d %s", status, text), true)
			return
		}
		if n%10 == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond) // a sender's pause: the server is away
	}
}

// post sends a delivery once; 0: no answer came.
func (c *crowd) post(ctx context.Context, n int) (status int, text string) {
	url := *c.h.url.Load() + c.hooks[n%len(c.hooks)].path
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(fmt.Sprintf(`{"n": %d}`, n)))
	if err != nil {
		return -1, err.Error()
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Delivery-Id", fmt.Sprint("delivery-", n))
	resp, err := c.client.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	text = textOf(resp)
	if (resp.StatusCode == http.StatusServiceUnavailable || resp.StatusCode == http.StatusTooManyRequests) && resp.Header.Get("Retry-After") == "" {
		return -1, "without Retry-After: " + text
	}
	return resp.StatusCode, text
}

func textOf(resp *http.Response) string {
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	return strings.TrimSpace(string(text))
}

// awaitAnswers waits until so many have been answered 202.
func (c *crowd) awaitAnswers(n int) {
	c.h.t.Helper()
	until(c.h.t, time.Minute, func() bool { return c.count.Load() >= int64(n) },
		func() string { return fmt.Sprintf("%d deliveries were answered, waited for %d", c.count.Load(), n) })
}

// judge checks what is on disk against what was answered, when all has ended and no server runs.
func (c *crowd) judge(workflow string) {
	t := c.h.t
	t.Helper()
	c.wrong.Range(func(answer, _ any) bool { t.Errorf("an answer: %s", answer); return true })
	s := c.h.look()
	defer s.Close()
	var rows []struct {
		N            int
		Organisation string `db:"organisation_slug"`
		Status       string
		Runs         int
	}
	if err := s.Read().Select(&rows, `SELECT json_extract(inputs, '$.n') AS n, organisation_slug, status, count(*) AS runs FROM runs WHERE workflow = ? GROUP BY 1, 2, 3`, workflow); err != nil {
		t.Fatal(err)
	}
	runs, unanswered := make([]int, c.total), 0
	for _, row := range rows {
		runs[row.N] += row.Runs
		if want := c.hooks[row.N%len(c.hooks)].organisation; row.Organisation != want || row.Status != "succeeded" {
			t.Errorf("delivery %d: a run of %s is %s, want one of %s that has succeeded", row.N, row.Organisation, row.Status, want)
		}
	}
	for n, runs := range runs {
		switch answered := c.answered[n].Load(); {
		case runs > 1, answered && runs == 0:
			t.Errorf("delivery %d: answered %t, has %d runs", n, answered, runs)
		case !answered && runs == 1:
			unanswered++
		}
	}
	t.Logf("%d of %d deliveries were answered 202, each has one run; %d were kept whose answer was lost", c.count.Load(), c.total, unanswered)
}
