package webhook_test

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gantry/fault/faulttest"
)

// crowd is a client that many goroutines share.
func crowd(t testing.TB, n int) *http.Client {
	transport := &http.Transport{MaxIdleConns: n, MaxIdleConnsPerHost: n, MaxConnsPerHost: n}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func post(client *http.Client, url, body string, headers ...string) (status int, duplicate bool, err error) {
	r, err := http.NewRequest("POST", url, strings.NewReader(body))
	if err != nil {
		return 0, false, err
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	got, err := client.Do(r)
	if err != nil {
		return 0, false, err
	}
	defer got.Body.Close()
	_, err = io.Copy(io.Discard, got.Body)
	return got.StatusCode, got.Header.Get("Gantry-Duplicate") == "true", err
}

// TestAFlood: of thousands of deliveries at once, each sent twice, every one that was answered 202 has
// exactly one run, also when the process ends in the middle of deciding them.
func TestAFlood(t *testing.T) {
	const deliveries = 2500 // each twice
	b := setup(t, flow("verify: none\n    dedupe: {by: header, header: X-Id}"))
	client, url := crowd(t, 64), b.server.URL+b.path()
	var accepted, duplicates, busy atomic.Int64
	work := make(chan int)
	var senders sync.WaitGroup
	for range 64 {
		senders.Go(func() {
			for n := range work {
				status, duplicate, err := post(client, url, fmt.Sprintf(`{"n": %d}`, n%deliveries), "X-Id", fmt.Sprint(n%deliveries))
				switch {
				case err != nil:
					t.Error(err)
				case status == 202 && duplicate:
					duplicates.Add(1)
				case status == 202:
					accepted.Add(1)
				case status == 429:
					busy.Add(1)
				default:
					t.Errorf("answered %d", status)
				}
			}
		})
	}
	for n := range 2 * deliveries {
		work <- n
	}
	close(work)
	senders.Wait()
	if accepted.Load() != deliveries || accepted.Load()+duplicates.Load() != 2*deliveries || busy.Load() != 0 {
		t.Fatalf("%d accepted, %d duplicates, %d refused", accepted.Load(), duplicates.Load(), busy.Load())
	}
	client.CloseIdleConnections()
	b.again()
	b.until(func() bool {
		total, _ := b.events.Waiting(b.northwind.ID)
		return total == 0 && b.engine.Queued().Total == 0
	})
	faulttest.Must(t, b.engine.Drain(ctx))
	seen := map[string]int{}
	for _, run := range b.runs() {
		body, _ := run.Outputs["body"].(map[string]any)
		seen[fmt.Sprint(body["n"])]++
	}
	if len(seen) != deliveries {
		t.Errorf("%d deliveries have a run, want %d", len(seen), deliveries)
	}
	for n, runs := range seen {
		if runs != 1 {
			t.Errorf("delivery %s has %d runs", n, runs)
		}
	}
}

// BenchmarkAccept sends 1,000 signed deliveries a second, evenly, over 64 connections, and reports how long
// the answer 202 took, which is given when the delivery is on disk. Runs are started meanwhile.
func BenchmarkAccept(b *testing.B) {
	const rate = 1000
	be := setup(b, flow("verify: {secret_header: {header: X-Token, secret: hook_secret}}\n    dedupe: {by: header, header: X-Id}"))
	client, url := crowd(b, 64), be.server.URL+be.path()
	took := make([]time.Duration, b.N)
	work := make(chan int, b.N)
	var senders sync.WaitGroup
	var failed atomic.Int64
	start := time.Now()
	for range 64 {
		senders.Go(func() {
			for n := range work {
				due := start.Add(time.Duration(n) * time.Second / rate)
				time.Sleep(time.Until(due))
				// from when it should have been sent: a sender that is late counts as waiting
				status, _, err := post(client, url, `{"event": "new ticket logged", "object_id": 2202}`,
					"X-Id", fmt.Sprint(n), "X-Token", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
				if took[n] = time.Since(due); err != nil || status != 202 {
					failed.Add(1)
				}
			}
		})
	}
	b.ResetTimer()
	for n := range b.N {
		work <- n
	}
	close(work)
	senders.Wait()
	b.StopTimer()
	slices.Sort(took)
	at := func(part float64) float64 { return float64(took[int(part*float64(len(took)-1))].Microseconds()) / 1000 }
	b.ReportMetric(at(0.5), "p50-ms")
	b.ReportMetric(at(0.99), "p99-ms")
	b.ReportMetric(float64(failed.Load()), "failed")
	b.ReportMetric(float64(runtime.NumCPU()), "cores")
	client.CloseIdleConnections()
}
