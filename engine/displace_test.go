package engine

import "testing"

// TestWhoIsDisplacedBeforeItCanBeTold: it is told as soon as it can be, and counts no more meanwhile.
func TestWhoIsDisplacedBeforeItCanBeTold(t *testing.T) {
	a := newAdmission(Room{Runs: 1, Own: 1}, func(*seat) {})
	limit := []Limit{{Key: "x", Most: 1, WhenFull: CancelRunning}}
	going, waits, newest := a.newSeat("going", "a", limit), a.newSeat("waits", "a", limit), a.newSeat("newest", "a", limit)
	for _, s := range []*seat{going, waits, newest} {
		if _, err := a.arrive(s); err != nil {
			t.Fatal(err)
		}
	}
	a.kept(newest)
	if victims := a.displaced(newest); len(victims) != 0 {
		t.Errorf("%d were to be told that nobody knows yet", len(victims))
	}
	if a.setAside(waits) {
		t.Error("a run that is not on disk yet was set aside")
	}
	if a.introduce(going) != "newest" || a.kept(waits) != "newest" {
		t.Error("they are not told")
	}
}

// TestNobodyArrivesAtAClosedDoor: it would wait for ever.
func TestNobodyArrivesAtAClosedDoor(t *testing.T) {
	a := newAdmission(Room{Runs: 1, Own: 1}, func(*seat) {})
	s := a.newSeat("run", "a", nil)
	a.close()
	if in, err := a.arrive(s); in || err == nil {
		t.Error("it was let in")
	}
	<-a.next(s)
}

// TestManyWaitForASharedLimit: 10,000 runs of 1,000 organisations go one after the other; each end costs little.
func TestManyWaitForASharedLimit(t *testing.T) {
	const organisations, many = 1000, 10_000
	var going []*seat
	a := newAdmission(Room{Runs: 8, Own: 1}, func(s *seat) { going = append(going, s) })
	limit := []Limit{{Key: "x", Most: 2}}
	for n := range many {
		s := a.newSeat(string(rune(n)), string(rune(n%organisations)), limit)
		in, err := a.arrive(s)
		if err != nil {
			t.Fatal(err)
		}
		if in {
			going = append(going, s)
			continue
		}
		a.kept(s)
	}
	last := map[string]int64{}
	for n := range many {
		if len(going) <= n {
			t.Fatalf("nobody goes after %d", n)
		}
		s := going[n]
		if s.arrival < last[s.organisation] {
			t.Fatal("a later run of an organisation went first")
		}
		last[s.organisation] = s.arrival
		a.begun(s)
		s.give()
		a.leave(s)
	}
}
