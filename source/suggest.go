package source

import (
	"slices"
	"strconv"
	"strings"
)

// listable is how many known words a hint may list when none of them is near.
const listable = 10

// Suggest gives the known word that was most likely meant, or "" when none is near enough. Case and
// the difference between '-', ' ' and '_' do not count; two neighbouring letters swapped count as one
// slip. A word that is the beginning, or the part behind the last dot, of a known one is near as well
// (desc: description, get_ticket: halo.get_ticket).
func Suggest(word string, known []string) string {
	folded := fold(word)
	if len(folded) == 0 || len(folded) > 200 {
		return ""
	}
	best, bestDistance := "", min((len(folded)+1)/3, 3)+1
	for _, candidate := range known {
		if d := distance(folded, fold(candidate), bestDistance); d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	if best != "" {
		return best
	}
	return partOf(folded, known)
}

// partOf finds the one known word of which word is the beginning or the last dotted part.
func partOf(word string, known []string) string {
	found := ""
	for _, candidate := range known {
		c := fold(candidate)
		if !strings.HasSuffix(c, "."+word) && (len(word) < 3 || !strings.HasPrefix(c, word)) {
			continue
		}
		if found != "" {
			return ""
		}
		found = candidate
	}
	return found
}

// DidYouMean gives the hint for an unknown word: `did you mean "x"?`, or the known words where they are
// few, or "".
func DidYouMean(word string, known []string) string {
	if s := Suggest(word, known); s != "" {
		return "did you mean " + strconv.Quote(s) + "?"
	}
	switch {
	case len(known) == 0 || len(known) > listable:
		return ""
	case len(known) == 1:
		return "only " + known[0] + " is known here"
	default:
		sorted := slices.Sorted(slices.Values(known))
		return "known here: " + strings.Join(sorted, ", ")
	}
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return '_'
		}
		return r
	}, strings.ToLower(s))
}

// distance is the optimal string alignment distance (insert, delete, replace, swap neighbours), or
// limit when it is at least that.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if diff := len(x) - len(y); diff >= limit || -diff >= limit {
		return limit
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], limit)
}
