package store_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gantry/store"
)

// BenchmarkCopy measures how long a copy of a database of some 500 MB takes, and what becomes meanwhile of the commits of 8
// who write one small row after the other, and of the write-ahead log.
func BenchmarkCopy(b *testing.B) {
	dir := b.TempDir()
	s := open(b, dir)
	text := strings.Repeat("0123456789abcdef", 500)
	for i := range 64 {
		write(b, s, func(tx *store.Tx) error {
			for j := range 512 {
				if err := note(i*512+j, text[:7500]+textOf(i*512 + j)[:40])(tx); err != nil {
					return err
				}
			}
			return nil
		})
	}
	sizes, err := s.Sizes(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	id := 1 << 20
	measure := func(until <-chan struct{}) (took []time.Duration) {
		var writers sync.WaitGroup
		var mu sync.Mutex
		for range 8 {
			writers.Go(func() {
				for {
					select {
					case <-until:
						return
					default:
					}
					mu.Lock()
					id++
					mine := id
					mu.Unlock()
					began := time.Now()
					write(b, s, note(mine, textOf(mine)))
					mu.Lock()
					took = append(took, time.Since(began))
					mu.Unlock()
				}
			})
		}
		writers.Wait()
		slices.Sort(took)
		return took
	}
	report := func(when string, took []time.Duration, of time.Duration) {
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, when+"-p50-ms")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, when+"-p99-ms")
		b.ReportMetric(float64(len(took))/of.Seconds(), when+"-commits/s")
	}
	quiet := make(chan struct{})
	time.AfterFunc(3*time.Second, func() { close(quiet) })
	alone := measure(quiet)
	to := filepath.Join(b.TempDir(), "copy.db")
	for b.Loop() {
		done := make(chan struct{})
		began := time.Now()
		go func() {
			defer close(done)
			if err := store.Copy(b.Context(), dir, to, nil); err != nil {
				b.Error(err)
			}
		}()
		took := measure(done)
		report("beside", took, time.Since(began))
		log, err := os.Stat(filepath.Join(dir, store.DatabaseFile+"-wal"))
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(log.Size())/(1<<20), "log-MiB")
	}
	report("alone", alone, 3*time.Second)
	b.ReportMetric(float64(sizes.Database)/(1<<20), "database-MiB")
}
