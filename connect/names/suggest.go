package names

import (
	"cmp"
	"runtime"
	"slices"
)

// suggest finds, for names without a match, those of the other side that may be meant.
func (m *matching) suggest() {
	unmatched := func(s *side, i int) bool { return s.rows[i].Match < 0 }
	c := m.compare(m.left.which(unmatched), m.right.which(unmatched))
	left, right := c.shortlists()
	m.left.write(c.left, left)
	m.right.write(c.right, right)
}

func (s *side) write(names []ready, lists []shortlist) {
	for i, name := range names {
		if !name.asks {
			continue // it names those that it cannot be told from
		}
		row, list := &s.rows[name.at], lists[i]
		row.Candidates, row.More = list.best, list.all-len(list.best)
		if !row.Ambiguous && list.all > 0 {
			row.Rung = Suggestion
		}
	}
}

func (c comparing) shortlists() (left, right []shortlist) {
	left, right = make([]shortlist, len(c.left)), make([]shortlist, len(c.right))
	parts := make([][]shortlist, runtime.GOMAXPROCS(0))
	c.inParts(len(parts), func(part, from, to int) {
		parts[part] = make([]shortlist, len(c.right))
		for i := from; i < to; i++ {
			for j := range c.right {
				a, b := &c.left[i], &c.right[j]
				if !a.asks && !b.asks {
					continue
				}
				if sure := a.suggests(b); sure > 0 {
					left[i].add(Candidate{b.at, Suggestion, sure})
					parts[part][j].add(Candidate{a.at, Suggestion, sure})
				}
			}
		}
	})
	for _, part := range parts {
		for j, found := range part {
			right[j].join(found)
		}
	}
	return left, right
}

// suggests gives with which confidence one name may be suggested for the other, 0 for not at all. Names
// with different numbers never are: branches and houses are numbered to be told apart.
func (r *ready) suggests(other *ready) float64 {
	a, b := r.key, other.key
	if a.numbers != b.numbers && a.numbers != "" && b.numbers != "" {
		return 0
	}
	sure := 0.0
	if like := r.likeness(&other.quick, suggestScore); like >= suggestScore {
		sure = like
	}
	if words := r.overlap(&other.quick, suggestTokens); words >= suggestTokens {
		sure = max(sure, 0.9*words) // words added or in another order say less than letters
	}
	return min(sure, mostSuggestion)
}

// shortlist keeps the best candidates and counts all.
type shortlist struct {
	best []Candidate
	all  int
}

func (s *shortlist) add(c Candidate) {
	s.all++
	s.keep(c)
}

func (s *shortlist) keep(c Candidate) {
	at, _ := slices.BinarySearchFunc(s.best, c, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Index, b.Index))
	})
	if at >= MaxCandidates {
		return
	}
	s.best = slices.Insert(s.best, at, c)
	s.best = s.best[:min(len(s.best), MaxCandidates)]
}

func (s *shortlist) join(other shortlist) {
	s.all += other.all
	for _, c := range other.best {
		s.keep(c)
	}
}
