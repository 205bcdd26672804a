package timers

import (
	"fmt"
	"testing"
	"time"

	"gantry/fault"
)

// crowd is 100 daily schedules for 100 organisations.
func crowd(t testing.TB) *bench {
	b := setup(t, daily)
	var keys []string
	for range 100 {
		keys = append(keys, daily)
	}
	b.write(keys...)
	b.world.Organisations = b.world.Organisations[:1]
	for i := range 100 {
		b.world.Organisations = append(b.world.Organisations, client(fmt.Sprintf("client-%03d", i)))
	}
	b.changed()
	b.look("2026-03-02 07:59:59")
	return b
}

func (b *bench) wantEachOnce(n int) {
	b.t.Helper()
	var all, different int
	if err := b.store.Read().QueryRow("SELECT count(*), count(DISTINCT workflow || ' ' || trigger_name || ' ' || organisation_id || ' ' || at) FROM trigger_events").Scan(&all, &different); err != nil {
		b.t.Fatal(err)
	}
	if all != n || different != n {
		b.t.Errorf("%d events, %d different, wanted %d", all, different, n)
	}
}

// TestTenThousandInOneMinute: all of them are accepted within the minute, none twice, also when the process
// ends in the middle and another goes on.
func TestTenThousandInOneMinute(t *testing.T) {
	b := crowd(t)
	b.refuse, b.most = fault.New(fault.Storage, "The process is killed here."), 17
	b.set("2026-03-02 08:00:00")
	began := time.Now()
	if _, err := b.room.look(ctx); err == nil {
		t.Fatal("nothing stopped it")
	}
	b.wantEachOnce(17 * batch)
	b.refuse = nil
	b.restart("2026-03-02 08:00:30")
	b.lookNow()
	took := time.Since(began)
	t.Logf("10,000 due times were on disk in %s, with a restart", took)
	b.wantEachOnce(10_000)
	b.restart("2026-03-02 08:00:55")
	b.lookNow()
	b.wantEachOnce(10_000)
	if took > 30*time.Second {
		t.Errorf("10,000 due times took %s", took)
	}
}

// BenchmarkTenThousand is ten thousand timers that are due at once: µs/timer counts from the look at the clock
// until all are on disk.
func BenchmarkTenThousand(b *testing.B) {
	w := crowd(b)
	w.look("2026-03-02 08:00:00")
	b.ResetTimer()
	for b.Loop() {
		w.clock = w.clock.Add(24 * time.Hour)
		w.room.busy = 48 * time.Hour // no downtime
		w.lookNow()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/10_000, "µs/timer")
}
