package main

import (
	"runtime"
	"syscall"
	"time"

	"gantry/store"
)

// meter measures what work costs this process. The target server is a process of its own and does not count.
type meter struct {
	store   *store.Store
	cpu     time.Duration
	memory  runtime.MemStats
	commits int64
}

func startMeter(s *store.Store) *meter {
	m := &meter{store: s, commits: s.Stats().Transactions}
	runtime.ReadMemStats(&m.memory)
	m.cpu = cpuTime()
	return m
}

// into adds what each of n has cost since the meter was started.
func (m *meter) into(f figures, n int) {
	cpu := cpuTime() - m.cpu
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	each := 1 / float64(n)
	f[cpuEach] = float64(cpu.Microseconds()) * each
	f[allocsEach] = float64(now.Mallocs-m.memory.Mallocs) * each
	f[bytesEach] = float64(now.TotalAlloc-m.memory.TotalAlloc) / 1000 * each
	f[commitsEach] = float64(m.store.Stats().Transactions-m.commits) * each
}

// cpuTime is what the process has used, in user and system mode.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
