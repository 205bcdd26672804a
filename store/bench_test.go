package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gantry/store"
)

// eventsOfRun is how many events a run of three tasks has.
const eventsOfRun = 8

// An event as history writes it: one row in the log and one in the projection that lists read.
const (
	insertEvent = "INSERT INTO events (run_id, seq, kind, at, body) VALUES (?, ?, ?, ?, ?)"
	upsertTask  = "INSERT INTO tasks (run_id, name, status, at) VALUES (?, ?, ?, ?) " +
		"ON CONFLICT (run_id, name) DO UPDATE SET status = excluded.status, at = excluded.at"
)

var body = []byte(fmt.Sprintf(`{"task":"get_ticket","result":{"id":1234,"summary":%q}}`, make([]byte, 120)))

func writeEvent(run string, seq int64) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		if _, err := tx.Exec(insertEvent, run, seq, "task_succeeded", int64(1_700_000_000_000_000), body); err != nil {
			return err
		}
		_, err := tx.Exec(upsertTask, run, "get_ticket", "succeeded", int64(1_700_000_000_000_000))
		return err
	}
}

// BenchmarkEvents measures durable task events a second: each is a Write that returns after fsync.
// events/s counts calls of Write; p50 and p99 are what one caller waits.
func BenchmarkEvents(b *testing.B) {
	for _, producers := range []int{1, 4, 16, 64, 256} {
		b.Run(fmt.Sprintf("producers=%d", producers), func(b *testing.B) { benchmarkEvents(b, producers, writeEvent) })
	}
}

// BenchmarkLogOnly is BenchmarkEvents with one statement in each function.
func BenchmarkLogOnly(b *testing.B) {
	for _, producers := range []int{1, 64} {
		b.Run(fmt.Sprintf("producers=%d", producers), func(b *testing.B) {
			benchmarkEvents(b, producers, func(run string, seq int64) func(*store.Tx) error {
				return func(tx *store.Tx) error {
					_, err := tx.Exec(insertEvent, run, seq, "task_succeeded", int64(1_700_000_000_000_000), body)
					return err
				}
			})
		})
	}
}

func benchmarkEvents(b *testing.B, producers int, event func(string, int64) func(*store.Tx) error) {
	s := open(b, b.TempDir())
	var next atomic.Int64
	waits := make([][]time.Duration, producers)
	var wg sync.WaitGroup
	b.ResetTimer()
	for p := range producers {
		wg.Go(func() {
			run := ""
			for n := range int64(b.N) {
				at := next.Add(1)
				if at > int64(b.N) {
					return
				}
				if n%eventsOfRun == 0 { // ids of runs grow with time, as UUID v7 do
					run = fmt.Sprintf("0198f2c0-7d1a-7%03d-8000-%012d", at/1_000_000, at)
				}
				started := time.Now()
				if err := s.Write(context.Background(), event(run, n%eventsOfRun)); err != nil {
					b.Error(err)
					return
				}
				waits[p] = append(waits[p], time.Since(started))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	all := slices.Concat(waits...)
	slices.Sort(all)
	stats := s.Stats()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(stats.Writes)/float64(stats.Transactions), "events/commit")
}
