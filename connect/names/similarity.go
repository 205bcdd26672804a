package names

import (
	"math/bits"
	"slices"
	"strings"
)

// JaroWinkler tells how alike two texts are, 0 to 1, by their common characters in about the same order
// and with weight on a common beginning: Winkler 1990, prefix of at most 4 characters with weight 0.1.
// JaroWinkler("martha", "marhta") is 0.961. Two empty texts are not alike.
func JaroWinkler(a, b string) float64 { return jaroWinkler([]rune(a), []rune(b)) }

func jaroWinkler(a, b []rune) float64 {
	return winkler(jaro(a, b), commonPrefix(a, b))
}

func winkler(jaro float64, prefix int) float64 { return jaro + 0.1*float64(prefix)*(1-jaro) }

func commonPrefix(a, b []rune) int {
	n := 0
	for n < min(len(a), len(b), 4) && a[n] == b[n] {
		n++
	}
	return n
}

// jaro compares texts of any length and script.
func jaro(a, b []rune) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	window := jaroWindow(len(a), len(b))
	inA, inB := make([]bool, len(a)), make([]bool, len(b))
	matches := 0
	for i, r := range a {
		for j := max(0, i-window); j < min(len(b), i+window+1); j++ {
			if !inB[j] && b[j] == r {
				inA[i], inB[j] = true, true
				matches++
				break
			}
		}
	}
	outOfOrder, j := 0, 0
	for i := range a {
		if !inA[i] {
			continue
		}
		for !inB[j] {
			j++
		}
		if a[i] != b[j] {
			outOfOrder++
		}
		j++
	}
	return jaroOf(matches, outOfOrder, len(a), len(b))
}

func jaroWindow(a, b int) int { return max(0, max(a, b)/2-1) }

// jaroOf is the measure from the counts; outOfOrder counts both of each transposed pair.
func jaroOf(matches, outOfOrder, lengthA, lengthB int) float64 {
	if matches == 0 {
		return 0
	}
	m := float64(matches)
	return (m/float64(lengthA) + m/float64(lengthB) + (m-float64(outOfOrder/2))/m) / 3
}

// TokenSet tells how alike the sets of words of two texts are, 0 to 1, whatever their order: the best of the
// comparisons of common words, common words with the rest of a, and common words with the rest of b, each
// by the longest common subsequence. It is 1 where one has all words of the other.
func TokenSet(a, b string) float64 { return tokenSet(wordSet(a), wordSet(b)) }

func wordSet(text string) []string {
	set := strings.Fields(text)
	slices.Sort(set)
	return slices.Compact(set)
}

func tokenSet(a, b []string) float64 {
	var common, onlyA, onlyB []string
	for _, word := range a {
		if slices.Contains(b, word) {
			common = append(common, word)
		} else {
			onlyA = append(onlyA, word)
		}
	}
	for _, word := range b {
		if !slices.Contains(a, word) {
			onlyB = append(onlyB, word)
		}
	}
	if len(common) > 0 && (len(onlyA) == 0 || len(onlyB) == 0) {
		return 1
	}
	shared := []rune(strings.Join(common, " "))
	withA, withB := []rune(strings.Join(append(slices.Clone(common), onlyA...), " ")), []rune(strings.Join(append(slices.Clone(common), onlyB...), " "))
	return max(ratio(shared, withA), ratio(shared, withB), ratio(withA, withB))
}

// ratio is twice the longest common subsequence over the sum of the lengths.
func ratio(a, b []rune) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	return 2 * float64(longestCommon(a, b)) / float64(len(a)+len(b))
}

// longestCommon is the length of the longest common subsequence.
func longestCommon(a, b []rune) int {
	if len(b) < len(a) {
		a, b = b, a
	}
	if len(a) <= 64 {
		return longestCommonShort(a, b)
	}
	row := make([]int, len(a)+1)
	for _, r := range b {
		before := 0
		for i := range a {
			above := row[i+1]
			if a[i] == r {
				row[i+1] = before + 1
			} else {
				row[i+1] = max(row[i], above)
			}
			before = above
		}
	}
	return row[len(a)]
}

// longestCommonShort keeps the row of the table as bits of one word (Hyyrö 2004).
func longestCommonShort(a, b []rune) int {
	row := ^uint64(0)
	for _, r := range b {
		var at uint64
		for i, x := range a {
			if x == r {
				at |= 1 << i
			}
		}
		u := row & at
		row = (row + u) | (row - u)
	}
	if len(a) < 64 {
		row |= ^uint64(0) << len(a)
	}
	return bits.OnesCount64(^row)
}
