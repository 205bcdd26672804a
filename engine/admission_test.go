package engine

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestAdmissionLaws: whatever comes, ends, is cancelled or paused, no limit is ever exceeded, the room is
// kept, nobody waits who could go, and none is begun twice or forgotten.
func TestAdmissionLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		room := Room{Runs: rapid.IntRange(1, 4).Draw(rt, "runs"), Own: 1}
		w := &admissionWorld{rt: rt, room: room, most: map[string]int{"x": 1, "y": 2, "z": 3}}
		w.a = newAdmission(room, func(s *seat) { w.begun(s) })
		org := rapid.SampledFrom([]string{"a", "b", "c"})
		keys := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"x", "y", "z"}), 0, 3, rapid.ID[string])
		rt.Repeat(map[string]func(*rapid.T){
			"arrive":  func(rt *rapid.T) { w.arrive(org.Draw(rt, "org"), keys.Draw(rt, "keys")) },
			"end":     func(rt *rapid.T) { w.end(w.pick(rt, w.going)) },
			"rest":    func(rt *rapid.T) { w.rest(w.pick(rt, w.going)) },
			"cancel":  func(rt *rapid.T) { w.cancel(w.pick(rt, w.waiting)) },
			"pause":   func(rt *rapid.T) { w.pause(w.pick(rt, w.waiting)) },
			"unpause": func(rt *rapid.T) { w.unpause(w.pick(rt, w.paused)) },
			"":        func(*rapid.T) { w.check() },
		})
		w.drain()
	})
}

type admissionWorld struct {
	rt                     *rapid.T
	a                      *admission
	room                   Room
	most                   map[string]int
	count                  int
	going, waiting, paused []*seat
	resting                map[*seat]bool
}

func (w *admissionWorld) pick(rt *rapid.T, from []*seat) *seat {
	if len(from) == 0 {
		rt.Skip("there is none")
	}
	return from[rapid.IntRange(0, len(from)-1).Draw(rt, "which")]
}

func without(list []*seat, s *seat) []*seat {
	return slices.DeleteFunc(slices.Clone(list), func(other *seat) bool { return other == s })
}

func (w *admissionWorld) arrive(org string, keys []string) {
	var limits []Limit
	for _, k := range keys {
		limits = append(limits, Limit{Key: k, Most: w.most[k]})
	}
	w.count++
	s := w.a.newSeat(fmt.Sprint("run", w.count), org, limits)
	in, err := w.a.arrive(s)
	if err != nil {
		w.rt.Fatal(err)
	}
	if in {
		w.going = append(w.going, s)
		return
	}
	w.waiting = append(w.waiting, s)
	w.a.kept(s)
}

func (w *admissionWorld) begun(s *seat) {
	if !slices.Contains(w.waiting, s) {
		w.rt.Fatalf("%s was begun and did not wait", s.run)
	}
	w.waiting = without(w.waiting, s)
	w.going = append(w.going, s)
	w.a.begun(s)
}

func (w *admissionWorld) end(s *seat) {
	w.going = without(w.going, s)
	if !w.resting[s] {
		s.give()
	}
	delete(w.resting, s)
	w.a.leave(s)
}

// rest lets a run wait for a time, or go on from that.
func (w *admissionWorld) rest(s *seat) {
	if w.resting == nil {
		w.resting = map[*seat]bool{}
	}
	if w.resting[s] {
		delete(w.resting, s)
		s.take()
		return
	}
	w.resting[s] = true
	s.give()
}

func (w *admissionWorld) cancel(s *seat) {
	w.waiting = without(w.waiting, s)
	if !w.a.setAside(s) {
		w.rt.Fatalf("%s cannot be cancelled", s.run)
	}
	w.a.drop(s)
}

func (w *admissionWorld) pause(s *seat) {
	w.waiting, w.paused = without(w.waiting, s), append(w.paused, s)
	w.a.setAside(s)
	w.a.pause(s, true)
}

func (w *admissionWorld) unpause(s *seat) {
	w.waiting, w.paused = append(w.waiting, s), without(w.paused, s)
	w.a.pause(s, false)
	w.a.again(s)
}

func (w *admissionWorld) check() {
	counts, inside, busy := map[string]int{}, map[string]int{}, 0
	for _, s := range w.going {
		for _, l := range s.limits {
			counts[l.Key]++
		}
		if !w.resting[s] {
			inside[s.organisation]++
			busy++
		}
	}
	for key, n := range counts {
		if n > w.most[key] {
			w.rt.Fatalf("%d go of limit %s", n, key)
		}
	}
	if got := w.a.inside; got != busy {
		w.rt.Fatalf("%d have room, %d go", got, busy)
	}
	for _, s := range w.waiting {
		free := inside[s.organisation] < w.room.Own || busy < w.room.Runs
		for _, l := range s.limits {
			free = free && counts[l.Key] < l.Most
		}
		if free {
			w.rt.Fatalf("%s waits for nothing: %v %v", s.run, counts, inside)
		}
	}
	if state := w.a.state(); state.Total != len(w.waiting)+len(w.paused) {
		w.rt.Fatalf("%d are queued, want %d", state.Total, len(w.waiting)+len(w.paused))
	}
}

// drain ends everything and looks that all begin and nothing is left behind.
func (w *admissionWorld) drain() {
	for len(w.paused) > 0 {
		w.unpause(w.paused[0])
	}
	for len(w.going) > 0 {
		w.end(w.going[0])
	}
	if len(w.waiting) > 0 || len(w.a.limits) > 0 || w.a.inside != 0 || len(w.a.queued) > 0 || len(w.a.queuedOf) > 0 {
		w.rt.Fatalf("left behind: %d waiting, limits %v, %d inside, %d queued", len(w.waiting), w.a.limits, w.a.inside, len(w.a.queued))
	}
}
