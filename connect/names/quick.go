package names

import (
	"math/bits"
	"slices"
	"unicode/utf8"
)

// quick is a stem made ready for millions of comparisons. What it says equals what jaroWinkler and tokenSet
// say; where those must fall short of a bound, it only says so sooner.
type quick struct {
	text    []rune
	letters []uint8               // the text in the alphabet; nil where it has other characters or is too long
	places  *[alphabet + 1]uint64 // for each letter, where it stands, as bits
	counted [4]uint64             // the letters that stand in it at least once, twice, …, as bits
	beyond  int                   // how many letters that does not count
	words   []string              // sorted, each once
	numbers []numbered            // the words by their numbers
	lengths int                   // runes of all words
}

// numbered is a word, known by its number: the same word has the same in all names.
type numbered struct{ number, length int }

// maxCompared is the length in characters beyond which two names are only compared for equality.
const maxCompared = 255

// alphabet is the letters a to z, the digits and the space; everything else shares one more place.
const alphabet = 37

func newQuick(k *key, vocabulary map[string]int) quick {
	q := quick{text: []rune(k.stem), words: wordSet(k.stem)}
	for _, w := range q.words {
		if _, known := vocabulary[w]; !known {
			vocabulary[w] = len(vocabulary)
		}
		length := utf8.RuneCountInString(w)
		q.numbers = append(q.numbers, numbered{vocabulary[w], length})
		q.lengths += length
	}
	slices.SortFunc(q.numbers, func(a, b numbered) int { return a.number - b.number })
	q.count()
	return q
}

func (q *quick) count() {
	plain := len(q.text) <= 64
	var seen [alphabet + 1]int
	letters, places := make([]uint8, len(q.text)), &[alphabet + 1]uint64{}
	for i, r := range q.text {
		l := letter(r)
		plain = plain && l < alphabet
		if seen[l]++; seen[l] <= len(q.counted) {
			q.counted[seen[l]-1] |= 1 << l
		} else {
			q.beyond++
		}
		letters[i] = l
		places[l] |= 1 << (i & 63)
	}
	if plain {
		q.letters, q.places = letters, places
	}
}

func letter(r rune) uint8 {
	switch {
	case r >= 'a' && r <= 'z':
		return uint8(r - 'a')
	case r >= '0' && r <= '9':
		return uint8(26 + r - '0')
	case r == ' ':
		return 36
	}
	return alphabet
}

// common is at least the number of characters that the two have in common.
func (q *quick) common(other *quick) int {
	n := min(q.beyond, other.beyond)
	for i, letters := range q.counted {
		n += bits.OnesCount64(letters & other.counted[i])
	}
	return n
}

// likeness is the Jaro-Winkler of the two, or 0 where it is certainly below the bound.
func (q *quick) likeness(other *quick, bound float64) float64 {
	a, b := len(q.text), len(other.text)
	if a == 0 || b == 0 || min(a, b) > maxCompared {
		return 0
	}
	prefix := commonPrefix(q.text, other.text)
	if winkler(jaroOf(min(a, b), 0, a, b), prefix) < bound || winkler(jaroOf(q.common(other), 0, a, b), prefix) < bound {
		return 0
	}
	if q.letters == nil || other.letters == nil {
		return jaroWinkler(q.text, other.text)
	}
	return winkler(q.jaro(other), prefix)
}

// jaro is the function of that name, with the places of each letter as bits of one word.
func (q *quick) jaro(other *quick) float64 {
	window := jaroWindow(len(q.letters), len(other.letters))
	var inA, inB uint64
	for i, l := range q.letters {
		near := ^uint64(0) << max(0, i-window)
		if beyond := i + window + 1; beyond < 64 {
			near &= 1<<beyond - 1
		}
		if free := other.places[l] & near &^ inB; free != 0 {
			inA |= 1 << i
			inB |= free & -free
		}
	}
	matches, outOfOrder := bits.OnesCount64(inA), 0
	for inA != 0 {
		if q.letters[bits.TrailingZeros64(inA)] != other.letters[bits.TrailingZeros64(inB)] {
			outOfOrder++
		}
		inA, inB = inA&(inA-1), inB&(inB-1)
	}
	return jaroOf(matches, outOfOrder, len(q.letters), len(other.letters))
}

// overlap is the TokenSet of the two, or 0 where it is certainly below the bound.
func (q *quick) overlap(other *quick, bound float64) float64 {
	if len(q.words) == 0 || len(other.words) == 0 || min(len(q.text), len(other.text)) > maxCompared {
		return 0
	}
	shared, letters := q.shared(other)
	if shared > 0 && (shared == len(q.words) || shared == len(other.words)) {
		return 1
	}
	a, b := q.lengths+len(q.words)-1, other.lengths+len(other.words)-1
	most := 2 * float64(min(q.common(other), a, b)) / float64(a+b)
	if shared > 0 {
		all := letters + shared - 1
		most = max(most, 2*float64(all)/float64(all+min(a, b)))
	}
	if most < bound {
		return 0
	}
	return tokenSet(q.words, other.words)
}

// shared is how many words the two have in common, and how many characters those have together.
func (q *quick) shared(other *quick) (words, letters int) {
	for i, j := 0, 0; i < len(q.numbers) && j < len(other.numbers); {
		switch a, b := q.numbers[i], other.numbers[j]; {
		case a.number == b.number:
			words, letters = words+1, letters+a.length
			i, j = i+1, j+1
		case a.number < b.number:
			i++
		default:
			j++
		}
	}
	return words, letters
}
