package names

import (
	"runtime"
	"sync"
)

// best is the likest name of the other side, and how like the next one is.
type best struct {
	index       int
	score, next float64
}

func (b *best) offer(index int, score float64) {
	switch {
	case score > b.score || score == b.score && score > 0 && index < b.index:
		b.index, b.score, b.next = index, score, max(b.score, b.next)
	case score > b.next:
		b.next = score
	}
}

// near is the last rung: names that differ by a slip of spelling, each the likest of the other, and nothing
// else close to either.
func (m *matching) near() {
	c := m.compare(m.left.which((*side).open), m.right.which((*side).open))
	left, right := c.likest()
	for i, to := range left {
		if to.score < nearScore {
			continue
		}
		back := right[to.index]
		alone := back.index == i && to.score-max(to.next, back.next) >= nearMargin
		if alone && slip(c.left[i].key, c.right[to.index].key) {
			m.match(c.left[i].at, c.right[to.index].at, Near, min(to.score, mostNear))
		}
	}
	m.left.tooClose(c.left, left, c.right, right)
	m.right.tooClose(c.right, right, c.left, left)
}

// tooClose marks the names whose likest one is near, but not the only one that is, from here or from there.
func (s *side) tooClose(mine []ready, likest []best, others []ready, back []best) {
	for i, to := range likest {
		if to.score < nearScore || !s.open(mine[i].at) || back[to.index].score != to.score || !slip(mine[i].key, others[to.index].key) {
			continue
		}
		s.rows[mine[i].at] = Row{Match: -1, Rung: Near, Ambiguous: true, Why: "almost the same as several names"}
	}
}

// which gives the names with something in them to compare that hold.
func (s *side) which(holds func(*side, int) bool) []int {
	var rest []int
	for i := range s.rows {
		if s.keys[i].stem != "" && holds(s, i) {
			rest = append(rest, i)
		}
	}
	return rest
}

// comparing is the names of which each pair is looked at.
type comparing struct{ left, right []ready }

// ready is a name made ready for that.
type ready struct {
	quick
	key *key
	at  int // the name's index on its side
	// asks tells that candidates are wanted for it; a name that is ambiguous is only a candidate itself.
	asks bool
}

func (m *matching) compare(left, right []int) comparing {
	vocabulary := map[string]int{}
	return comparing{m.left.ready(left, vocabulary), m.right.ready(right, vocabulary)}
}

func (s *side) ready(of []int, vocabulary map[string]int) []ready {
	all := make([]ready, len(of))
	for i, at := range of {
		all[i] = ready{newQuick(&s.keys[at], vocabulary), &s.keys[at], at, s.open(at) || s.rows[at].Rung == Near}
	}
	return all
}

// likest gives for each name of both sides the likest one of the other. Scores too low to matter are
// nothing.
func (c comparing) likest() (left, right []best) {
	const matters = nearScore - nearMargin - 0.001
	left, right = make([]best, len(c.left)), make([]best, len(c.right))
	parts := make([][]best, runtime.GOMAXPROCS(0))
	c.inParts(len(parts), func(part, from, to int) {
		parts[part] = make([]best, len(c.right))
		for i := from; i < to; i++ {
			for j := range c.right {
				a, b := &c.left[i], &c.right[j]
				if !compatible(a.key, b.key) {
					continue
				}
				if score := a.likeness(&b.quick, matters); score >= matters {
					left[i].offer(j, score)
					parts[part][j].offer(i, score)
				}
			}
		}
	})
	for _, part := range parts {
		for j, found := range part {
			right[j].offer(found.index, found.score)
			right[j].next = max(right[j].next, found.next)
		}
	}
	return left, right
}

// inParts works on the left names in so many parts at a time.
func (c comparing) inParts(parts int, work func(part, from, to int)) {
	var wait sync.WaitGroup
	for p := range parts {
		wait.Go(func() { work(p, len(c.left)*p/parts, len(c.left)*(p+1)/parts) })
	}
	wait.Wait()
}
