// Package names finds out which names of two lists mean the same company. It climbs down a ladder of
// comparisons, from equal texts to near-exact spelling, matches only what is unique on both sides, and says
// of every name at which rung it was matched, how sure that is, or why it was not. It is pure: names in,
// matches out.
package names

// Rung says by which comparison two names were found to be the same.
type Rung string

// The rungs from the top. Each matches only names that none above it did.
const (
	Exact    Rung = "exact"    // the same text
	Folded   Rung = "folded"   // the same but for case, accents, punctuation, and & for and
	Suffix   Rung = "suffix"   // the same without legal form, leading the, bracketed country, or trading-as
	Squashed Rung = "squashed" // the same without spaces, too
	Near     Rung = "near"     // near-exact: a slip of spelling, and nothing else comes close

	// Suggestion is below the ladder: alike, but for a person to decide. Nothing is matched by it.
	Suggestion Rung = "suggestion"
)

// Rungs are those that match by themselves, from the top.
func Rungs() []Rung { return []Rung{Exact, Folded, Suffix, Squashed, Near} }

// The bounds of the last rung and of suggestions.
const (
	nearScore     = 0.95 // Jaro-Winkler of a near-exact match, at least
	nearMargin    = 0.02 // how far it must be ahead of the next best, on both sides
	nearLength    = 4    // characters that both names must have for it
	suggestScore  = 0.85 // Jaro-Winkler of a suggestion, at least
	suggestTokens = 0.95 // or its TokenSet, at least
)

// MaxCandidates is how many candidates a row names; it counts the others.
const MaxCandidates = 5

// Row is what became of one name.
type Row struct {
	// Match is the index of the name on the other side, -1 without.
	Match int
	// Rung is that of the match, or the one at which the name was ambiguous; empty when no name came near.
	Rung Rung
	// Confidence is how sure the match is, 0 to 1; 0 without a match.
	Confidence float64
	// Ambiguous tells that several names fit equally well, here or on the other side.
	Ambiguous bool
	// Why says why there is no match; empty with one.
	Why string
	// Candidates are names of the other side that were not matched and may be meant, the best first, at most
	// MaxCandidates; More is how many others there are.
	Candidates []Candidate
	More       int
}

// Candidate is a name that may be meant.
type Candidate struct {
	Index      int
	Rung       Rung
	Confidence float64 // 0 to 1
}

// Result has a row for each name of both sides, in their order.
type Result struct{ Left, Right []Row }

// confidence of the rungs at which names are equal. Below them it is the measured likeness, never more.
var confidence = map[Rung]float64{Exact: 1, Folded: 0.99, Suffix: 0.98, Squashed: 0.97}

const (
	mostNear       = 0.96
	mostSuggestion = 0.94
)

// Match finds which names of left and right are the same. Names that are not to be matched, such as those
// that a person has matched already, are not to be among them. The same lists give the same result.
func Match(left, right []string) Result {
	m := &matching{left: newSide(left), right: newSide(right)}
	m.equal(Exact, false, func(k *key) []string { return []string{k.raw} })
	m.equal(Folded, false, func(k *key) []string { return []string{k.folded} })
	m.equal(Folded, true, func(k *key) []string { return []string{k.folded, k.german} })
	m.equal(Suffix, false, func(k *key) []string { return []string{k.qualified(k.stem)} })
	m.equal(Suffix, true, func(k *key) []string { return append([]string{k.stem}, k.aliases...) })
	m.equal(Squashed, false, func(k *key) []string { return []string{k.qualified(k.squashed)} })
	m.equal(Squashed, true, func(k *key) []string { return []string{k.squashed} })
	m.near()
	m.suggest()
	m.explain()
	return Result{m.left.rows, m.right.rows}
}

// matching is one call of Match.
type matching struct{ left, right side }

type side struct {
	keys []key
	rows []Row
}

func newSide(all []string) side {
	s := side{make([]key, len(all)), make([]Row, len(all))}
	for i, name := range all {
		s.keys[i] = newKey(name)
		s.rows[i].Match = -1
	}
	return s
}

// open tells whether the ladder has not yet said anything of the name.
func (s *side) open(i int) bool { return s.rows[i].Match < 0 && !s.rows[i].Ambiguous }

func (m *matching) match(l, r int, rung Rung, sure float64) {
	m.left.rows[l] = Row{Match: r, Rung: rung, Confidence: sure}
	m.right.rows[r] = Row{Match: l, Rung: rung, Confidence: sure}
}
