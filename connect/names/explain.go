package names

import "fmt"

// explain says of each name without a match why it has none.
func (m *matching) explain() {
	m.left.explain(&m.right)
	m.right.explain(&m.left)
}

func (s *side) explain(other *side) {
	for i := range s.rows {
		row := &s.rows[i]
		switch {
		case row.Match >= 0 || row.Why != "":
		case s.keys[i].raw == "":
			row.Why = "the name is empty"
		case len(row.Candidates) == 0:
			row.Why = "no name that is left comes near"
		default:
			row.Why = whyNot(&s.keys[i], &other.keys[row.Candidates[0].Index])
		}
	}
}

// whyNot says what keeps the likest candidate from being a match.
func whyNot(a, b *key) string {
	switch {
	case contrary(a.forms, b.forms):
		return "alike, but the legal forms differ"
	case countriesDiffer(a, b):
		return "alike, but the countries differ"
	case a.numbers != b.numbers:
		return fmt.Sprintf("alike, but only one has the number %s", a.numbers+b.numbers)
	}
	return "alike, but not the same"
}
