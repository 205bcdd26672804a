package names

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// group is all names with one key.
type group struct {
	left, right []int
	unclear     bool // several have the key
}

// equal is a rung at which names match that have the same key and are the only ones with it. Where names
// that are matched already count as well (all), a key that loses information cannot match what is left over
// of several that it does not tell apart.
func (m *matching) equal(rung Rung, all bool, keysOf func(*key) []string) {
	groups := map[string]*group{}
	m.left.gather(groups, all, keysOf, func(g *group) *[]int { return &g.left })
	m.right.gather(groups, all, keysOf, func(g *group) *[]int { return &g.right })
	partners := m.pair(groups, rung, keysOf)
	for l := range m.left.keys {
		switch found := partners[l]; {
		case len(found) == 1 && m.left.open(l) && m.right.open(found[0]):
			m.match(l, found[0], rung, confidence[rung])
		case len(found) > 1:
			m.ambiguous(&group{left: []int{l}, right: found}, rung)
		}
	}
}

func (s *side) gather(groups map[string]*group, all bool, keysOf func(*key) []string, of func(*group) *[]int) {
	for i := range s.keys {
		if !all && !s.open(i) {
			continue
		}
		for _, text := range slices.Compact(keysOf(&s.keys[i])) {
			if text == "" {
				continue
			}
			g := groups[text]
			if g == nil {
				g = &group{}
				groups[text] = g
			}
			*of(g) = append(*of(g), i)
		}
	}
}

// pair gives for each name on the left those it is unique with. A name that trades under another one may have
// two such; whoever is wanted by two goes to none. What is ambiguous is only marked when all have been looked
// at, so that it makes no difference who comes first.
func (m *matching) pair(groups map[string]*group, rung Rung, keysOf func(*key) []string) map[int][]int {
	partners, wanted := map[int][]int{}, map[int][]int{}
	var unclear []*group
	for l := range m.left.keys {
		if !m.left.open(l) {
			continue
		}
		for _, text := range slices.Compact(keysOf(&m.left.keys[l])) {
			g := groups[text]
			if g == nil || !slices.ContainsFunc(g.right, m.right.open) {
				continue
			}
			if len(g.left) > 1 || len(g.right) > 1 {
				if !g.unclear {
					g.unclear, unclear = true, append(unclear, g)
				}
				continue
			}
			r := g.right[0]
			if !slices.Contains(partners[l], r) && m.same(rung, l, r) {
				partners[l], wanted[r] = append(partners[l], r), append(wanted[r], l)
			}
		}
	}
	for _, g := range unclear {
		m.ambiguous(g, rung)
	}
	for _, r := range slices.Sorted(maps.Keys(wanted)) {
		if len(wanted[r]) > 1 {
			m.ambiguous(&group{left: wanted[r], right: []int{r}}, rung)
		}
	}
	return partners
}

// same guards the rungs that leave something of the name out: it must not be what tells the two apart.
func (m *matching) same(rung Rung, l, r int) bool {
	return rung == Exact || rung == Folded || compatible(&m.left.keys[l], &m.right.keys[r])
}

// ambiguous takes all open names of the group out of the ladder.
func (m *matching) ambiguous(g *group, rung Rung) {
	left := slices.DeleteFunc(slices.Clone(g.left), func(l int) bool { return m.left.rows[l].Match >= 0 })
	right := slices.DeleteFunc(slices.Clone(g.right), func(r int) bool { return m.right.rows[r].Match >= 0 })
	mark := func(s *side, mine, others []int, here, there int) {
		why := fmt.Sprintf("%s: %s here, %s there", sameness[rung], times(here), times(there))
		for _, i := range mine {
			if !s.open(i) {
				continue
			}
			row := Row{Match: -1, Rung: rung, Ambiguous: true, Why: why, More: max(0, len(others)-MaxCandidates)}
			for _, other := range others[:len(others)-row.More] {
				row.Candidates = append(row.Candidates, Candidate{other, rung, confidence[rung]})
			}
			s.rows[i] = row
		}
	}
	mark(&m.left, left, right, len(g.left), len(g.right))
	mark(&m.right, right, left, len(g.right), len(g.left))
}

var sameness = map[Rung]string{
	Exact:    "the name is not unique",
	Folded:   "the name is not unique but for case, accents and punctuation",
	Suffix:   "the name is not unique without its legal form",
	Squashed: "the name is not unique without spaces and legal form",
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// qualified is the text with what was cut off of it in one form for all its spellings.
func (k *key) qualified(text string) string {
	if text == "" {
		return ""
	}
	return text + "\x00" + strings.Join(k.forms, " ") + "\x00" + k.country
}
