package simulation_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"
)

// chance draws from a seed. What is drawn for a key does not depend on what was drawn before it, so that it is the
// same whoever comes first.
type chance uint64

func (c chance) of(key string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key))
	return rand.New(rand.NewPCG(uint64(c), h.Sum64()))
}

// source makes the choices of a generator.
type source struct{ *rand.Rand }

func (s source) IntN(_ string, n int) int { return s.Rand.IntN(n) }

func oneIn(r *rand.Rand, n int) bool { return r.IntN(n) == 0 }

func between(r *rand.Rand, from, to time.Duration) time.Duration {
	return from + time.Duration(r.Int64N(int64(to-from)+1))
}

// moments gives each who waits a virtual moment of its own, so that never two things can happen at once.
type moments struct {
	chance chance
	start  time.Time
	mu     sync.Mutex
	taken  map[time.Duration]bool
}

func newMoments(c chance) *moments {
	return &moments{chance: c, start: time.Now(), taken: map[time.Duration]bool{}}
}

// elapsed is the virtual time since the world began.
func (m *moments) elapsed() time.Duration { return time.Since(m.start) }

// after gives the free moment that is about d from now.
func (m *moments) after(d time.Duration) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.elapsed()
	at := now + max(d, 1)
	for m.taken[at] {
		at++
	}
	m.taken[at] = true
	return at - now
}

// wait waits about d.
func (m *moments) wait(d time.Duration) { time.Sleep(m.after(d)) }

// step waits a moment that is drawn from what waits, and the time.
func (m *moments) step(what string) {
	m.wait(between(m.chance.of(fmt.Sprint("step ", what, m.elapsed())), time.Microsecond, time.Millisecond))
}
