package fair

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"
)

// model is what a gate promises, in the plainest words: who is inside, and who waits in which order.
type model struct {
	room, own int
	inside    map[string]int
	waiting   map[string][]int // by organisation, in the order of coming
}

func (m *model) total() int {
	n := 0
	for _, k := range m.inside {
		n += k
	}
	return n
}

// TestGateLaws: never more inside than the room and each organisation's own; in order within an
// organisation; nobody waits while there is room for them.
func TestGateLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		room, own := rapid.IntRange(1, 6).Draw(rt, "room"), rapid.IntRange(0, 3).Draw(rt, "own")
		g := NewGate(room, own)
		m := &model{room: room, own: own, inside: map[string]int{}, waiting: map[string][]int{}}
		tickets := map[int]*Ticket{}
		next := 0
		org := rapid.SampledFrom([]string{"a", "b", "c"})
		var in []int
		orgOf := map[int]string{}
		entered := func(id int) {
			o := orgOf[id]
			if len(m.waiting[o]) == 0 || m.waiting[o][0] != id {
				rt.Fatalf("%d of %s went in before %v", id, o, m.waiting[o])
			}
			m.waiting[o] = m.waiting[o][1:]
			m.inside[o]++
			in = append(in, id)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"enter": func(rt *rapid.T) {
				id, o := next, org.Draw(rt, "org")
				next++
				orgOf[id] = o
				if ticket := g.Enter(o, func() { entered(id) }); ticket != nil {
					tickets[id] = ticket
					m.waiting[o] = append(m.waiting[o], id)
					return
				}
				m.inside[o]++
				in = append(in, id)
			},
			"leave": func(rt *rapid.T) {
				if len(in) == 0 {
					rt.Skip("nobody is in")
				}
				i := rapid.IntRange(0, len(in)-1).Draw(rt, "who")
				id := in[i]
				in = append(in[:i], in[i+1:]...)
				m.inside[orgOf[id]]--
				g.Leave(orgOf[id])
			},
			"withdraw": func(rt *rapid.T) {
				o := org.Draw(rt, "org")
				if len(m.waiting[o]) == 0 {
					rt.Skip("nobody waits")
				}
				i := rapid.IntRange(0, len(m.waiting[o])-1).Draw(rt, "who")
				id := m.waiting[o][i]
				if !tickets[id].Withdraw() {
					rt.Fatalf("%d could not leave the line", id)
				}
				m.waiting[o] = append(append([]int{}, m.waiting[o][:i]...), m.waiting[o][i+1:]...)
			},
			"": func(rt *rapid.T) {
				beyond, waiting := 0, 0
				for o, n := range m.inside {
					beyond += max(0, n-own)
					waiting += len(m.waiting[o])
				}
				for o, line := range m.waiting {
					if len(line) > 0 && m.inside[o] < own {
						rt.Fatalf("%s waits with %d of its own %d inside", o, m.inside[o], own)
					}
					if len(line) > 0 && m.total() < room {
						rt.Fatalf("%s waits although there is room: %d of %d", o, m.total(), room)
					}
				}
				if beyond > room {
					rt.Fatalf("%d inside beyond their own, the room is %d", beyond, room)
				}
				if g.Inside() != m.total() {
					rt.Fatalf("%d inside, want %d", g.Inside(), m.total())
				}
			},
		})
	})
}

// TestLineLaws: with nobody coming any more, k served of one organisation mean at most k+1 of any other that
// waited, and Ahead foretells who is served when.
func TestLineLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var l Line[int]
		org := rapid.SampledFrom([]string{"a", "b", "c", "d"})
		for i := range rapid.IntRange(0, 30).Draw(rt, "before") {
			if rapid.Bool().Draw(rt, "serve") && l.First() != nil {
				l.Serve(l.First())
			}
			l.Join(org.Draw(rt, "org"), i)
		}
		own := org.Draw(rt, "own")
		ahead, mine := l.Ahead(own), l.LenOf(own)
		l.Join(own, -1)
		counts := map[string]int{}
		for n := 0; ; n++ {
			p := l.First()
			o := p.queue.organisation
			if l.Serve(p) == -1 {
				if n != ahead {
					rt.Fatalf("%d were served before, Ahead said %d", n, ahead)
				}
				break
			}
			counts[o]++
		}
		for o, n := range counts {
			if n > mine+1 {
				rt.Fatalf("%d of %s were served before the %d. of %s", n, o, mine+1, own)
			}
		}
	})
}

func TestWaitersComeInOneByOne(t *testing.T) {
	g := NewGate(2, 0)
	var inside, most atomic.Int32
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			org := fmt.Sprint("org", i%7)
			if err := g.Wait(context.Background(), org); err != nil {
				t.Error(err)
			}
			n := inside.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			inside.Add(-1)
			g.Leave(org)
		})
	}
	all.Wait()
	if most.Load() > 2 || g.Inside() != 0 || g.Waiting() != 0 {
		t.Errorf("%d were inside at once; left are %d inside, %d waiting", most.Load(), g.Inside(), g.Waiting())
	}
}

func TestWhoGivesUpLeavesNoTrace(t *testing.T) {
	g := NewGate(1, 0)
	g.Force("a")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := g.Wait(ctx, "b"); err == nil {
		t.Error("somebody went in who had given up")
	}
	g.Leave("a")
	if !g.TryEnter("c") {
		t.Error("the gate is not free")
	}
}
