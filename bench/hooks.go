package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"gantry/engine"
	"gantry/engine/workflow"
	"gantry/triggers"
	"gantry/triggers/webhook"
)

var hookScenarios = []scenario{
	{name: "webhook kept, 1,000 a second, 64 connections", concurrency: 64, runs: 10_000, bars: []bar{{figure: p99, most: 10}}, measure: webhooks},
	{name: "1 HTTP task beside 10,000 runs in line", workflow: "http1", concurrency: 1, runs: 50, once: true, bars: []bar{{figure: p99, most: 1000}}, measure: besideALine},
}

// deliveriesASecond is how many webhooks are sent, evenly, by 64 connections.
const deliveriesASecond = 1000

// Checked gives all workflows, for the triggers.
func (l library) Checked() []*workflow.Workflow { return l.All() }

// OnChange is not needed: nothing is edited here.
func (l library) OnChange(func()) {}

// hooks is what takes webhooks, on a bench of its own: a server on loopback.
type hooks struct {
	*bench
	url   string
	stop  func()
	wrong sync.Map // answers that are not 202
}

func openHooks() (*hooks, error) {
	b, err := setup()
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	events := triggers.New(triggers.Options{Store: b.store, Organisations: b.organisations, Workflows: b.library})
	b.engine.Ended = events.RunEnded
	if err := events.Start(ctx, b.engine); err != nil {
		return nil, err
	}
	h, err := webhook.New(ctx, webhook.Options{Store: b.store, Sealer: b.ring, Organisations: b.organisations, Events: events, Runs: b.engine, History: b.history, URL: "http://gantry"})
	if err != nil {
		return nil, err
	}
	server := httptest.NewServer(h)
	address := h.Address(triggers.Key{Workflow: "hooked", Trigger: "in"}, b.msp.ID)
	return &hooks{bench: b, url: server.URL + strings.TrimPrefix(address, "http://gantry"), stop: func() {
		server.Close()
		_ = h.Close(ctx)
		events.Close()
		b.close()
	}}, nil
}

// webhooks measures how long a delivery takes from when it was to be sent until it is answered 202, which is when it is
// on disk: a sender that had to wait for its turn counts as waiting. The runs go on meanwhile.
func webhooks(s scenario, scale float64) (figures, error) {
	h, err := openHooks()
	if err != nil {
		return nil, err
	}
	defer h.stop()
	runs := s.size(scale)
	h.send(s, max(s.concurrency, runs/10), "warm-up")
	m := startMeter(h.store)
	f := h.send(s, runs, "delivery")
	m.into(f, runs)
	h.wrong.Range(func(answer, _ any) bool {
		err = fmt.Errorf("a delivery was answered %s", answer)
		return false
	})
	return f, err
}

func (h *hooks) send(s scenario, n int, name string) figures {
	transport := &http.Transport{MaxConnsPerHost: s.concurrency, MaxIdleConnsPerHost: s.concurrency}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	times := make([]time.Duration, n)
	work := make(chan int, n)
	for i := range n {
		work <- i
	}
	close(work)
	var senders sync.WaitGroup
	began := time.Now()
	for range s.concurrency {
		senders.Go(func() {
			for i := range work {
				due := began.Add(time.Duration(i) * time.Second / deliveriesASecond)
				time.Sleep(time.Until(due))
				h.deliver(client, fmt.Sprint(name, "-", i))
				times[i] = time.Since(due)
			}
		})
	}
	senders.Wait()
	return latencies(times, time.Since(began))
}

func (h *hooks) deliver(client *http.Client, id string) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, h.url, strings.NewReader(`{"event": "new ticket logged", "object_id": 2202}`))
	if err != nil {
		h.wrong.Store(err.Error(), true)
		return
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Delivery-Id", id)
	resp, err := client.Do(req)
	if err != nil {
		h.wrong.Store(err.Error(), true)
		return
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusAccepted {
		h.wrong.Store(resp.Status, true)
	}
}

// inLine is how many runs of one organisation wait while those of another are measured.
const inLine = 10_000

// besideALine measures single runs of one organisation while another has ten thousand in the queue.
func besideALine(s scenario, scale float64) (figures, error) {
	b, err := setup()
	if err != nil {
		return nil, err
	}
	defer b.close()
	kept := make(chan error, inLine+engine.DefaultRuns+1000) // those that go, and those that come to an end meanwhile
	for range cap(kept) {
		b.engine.Submit(context.Background(), engine.Request{Workflow: "long", Organisation: b.msp}, func(_ string, err error) { kept <- err })
	}
	for range cap(kept) {
		if err := <-kept; err != nil {
			return nil, err
		}
	}
	f, err := sideBySide(1, max(10, s.size(scale)), func() error { return b.one(s.workflow, b.client) })
	if n := b.engine.Queued().Total; err == nil && n < inLine {
		return f, fmt.Errorf("%d runs waited, want %d", n, inLine)
	}
	return f, err
}
