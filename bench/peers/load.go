package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// figures are runs a second, and how long one took, in milliseconds.
type figures struct{ Rate, P50, P99 float64 }

func (f figures) String() string {
	return fmt.Sprintf("%.4g a second, p50 %.3g ms, p99 %.3g ms", f.Rate, f.P50, f.P99)
}

// median takes the round that stands in the middle by its rate.
func median(rounds []figures) figures {
	slices.SortFunc(rounds, func(a, b figures) int { return cmp.Compare(a.Rate, b.Rate) })
	return rounds[len(rounds)/2]
}

// loop makes runs side by side, each beginning when the one before it has ended, for some seconds after as many for
// warming up as run side by side, or 20.
func loop(concurrency int, seconds float64, one func() error) (figures, error) {
	if _, err := until(concurrency, func(n int64) bool { return n < max(20, int64(concurrency)) }, one); err != nil {
		return figures{}, err
	}
	began := time.Now()
	end := began.Add(time.Duration(seconds * float64(time.Second)))
	times, err := until(concurrency, func(n int64) bool { return n < 3 || time.Now().Before(end) }, one)
	if err != nil {
		return figures{}, err
	}
	took := time.Since(began)
	slices.Sort(times)
	at := func(p int) float64 {
		return float64(times[min(len(times)-1, len(times)*p/100)]) / float64(time.Millisecond)
	}
	return figures{Rate: float64(len(times)) / took.Seconds(), P50: at(50), P99: at(99)}, nil
}

// until makes runs as long as more says so of how many have begun.
func until(concurrency int, more func(begun int64) bool, one func() error) (times []time.Duration, err error) {
	var mu sync.Mutex
	var begun atomic.Int64
	var workers sync.WaitGroup
	for range concurrency {
		workers.Go(func() {
			for more(begun.Add(1) - 1) {
				start := time.Now()
				failed := one()
				took := time.Since(start)
				mu.Lock()
				times, err = append(times, took), errors.Join(err, failed)
				stop := err != nil
				mu.Unlock()
				if stop {
					return
				}
			}
		})
	}
	workers.Wait()
	return times, err
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}, Timeout: 2 * time.Minute}

// post starts a run by a webhook that answers when it has ended.
func post(address string) error { return ask(http.MethodPost, address, `{"n": 1}`) }

func get(address string) error { return ask(http.MethodGet, address, "") }

// ask makes one request, which has to be answered with 200.
func ask(method, address, body string) error {
	req, err := http.NewRequestWithContext(context.Background(), method, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %.300s", resp.Status, text)
	}
	return err
}
