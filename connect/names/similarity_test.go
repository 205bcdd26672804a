package names_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gantry/connect/names"
)

// Published values: Winkler's own examples, and CSP Portal's pair.
func TestJaroWinkler(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"martha", "marhta", 0.961}, {"dixon", "dicksonx", 0.813}, {"dwayne", "duane", 0.840}, {"csp tech", "csp technology", 0.914},
		{"jones", "johnson", 0.832}, {"abroms", "abrams", 0.922}, {"same", "same", 1}, {"", "", 0}, {"a", "", 0}, {"a", "b", 0}, {"a", "a", 1},
		{"ab", "ba", 0}, {"ромашка", "ромашка", 1},
	} {
		if got := names.JaroWinkler(c.a, c.b); math.Abs(got-c.want) > 0.0006 {
			t.Errorf("%q, %q: %.4f, want %.3f", c.a, c.b, got, c.want)
		}
	}
}

func TestTokenSet(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"fuzzy was a bear", "fuzzy fuzzy was a bear", 1}, {"dental northwind", "northwind dental", 1}, {"fabrikam", "fabrikam residences", 1},
		{"", "", 0}, {"a", "", 0}, {"abc", "xyz", 0}, {"new york mets", "new york yankees", 2 * 8 / float64(8+13)},
	} {
		if got := names.TokenSet(c.a, c.b); math.Abs(got-c.want) > 0.0006 {
			t.Errorf("%q, %q: %.4f, want %.3f", c.a, c.b, got, c.want)
		}
	}
}

// slowJaroWinkler is written from the definition, with none of what makes the other fast.
func slowJaroWinkler(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	var inX, inY []rune
	used := map[int]bool{}
	window := int(math.Floor(math.Max(float64(len(x)), float64(len(y)))/2)) - 1
	for i, r := range x {
		for j, s := range y {
			if r == s && !used[j] && math.Abs(float64(i-j)) <= math.Max(float64(window), 0) {
				used[j] = true
				inX = append(inX, r)
				break
			}
		}
	}
	for j, s := range y {
		if used[j] {
			inY = append(inY, s)
		}
	}
	if len(inX) == 0 {
		return 0
	}
	wrong := 0.0
	for i := range inX {
		if inX[i] != inY[i] {
			wrong++
		}
	}
	m, t := float64(len(inX)), math.Floor(wrong/2)
	jaro := (m/float64(len(x)) + m/float64(len(y)) + (m-t)/m) / 3
	prefix := 0
	for prefix < 4 && prefix < len(x) && prefix < len(y) && x[prefix] == y[prefix] {
		prefix++
	}
	return jaro + float64(prefix)*0.1*(1-jaro)
}

// slowTokenSet compares all three texts by a table of longest common subsequences.
func slowTokenSet(a, b string) float64 {
	set := func(text string) map[string]bool {
		all := map[string]bool{}
		for _, w := range strings.Fields(text) {
			all[w] = true
		}
		return all
	}
	inA, inB := set(a), set(b)
	var both, left, right []string
	for w := range inA {
		if inB[w] {
			both = append(both, w)
		} else {
			left = append(left, w)
		}
	}
	for w := range inB {
		if !inA[w] {
			right = append(right, w)
		}
	}
	slices.Sort(both)
	slices.Sort(left)
	slices.Sort(right)
	join := func(lists ...[]string) string { return strings.Join(slices.Concat(lists...), " ") }
	c, l, r := join(both), join(both, left), join(both, right)
	return max(slowRatio(c, l), slowRatio(c, r), slowRatio(l, r))
}

func slowRatio(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	table := make([][]int, len(x)+1)
	for i := range table {
		table[i] = make([]int, len(y)+1)
	}
	for i := range x {
		for j := range y {
			if x[i] == y[j] {
				table[i+1][j+1] = table[i][j] + 1
			} else {
				table[i+1][j+1] = max(table[i][j+1], table[i+1][j])
			}
		}
	}
	return 2 * float64(table[len(x)][len(y)]) / float64(len(x)+len(y))
}

func TestMeasuresAgainstTheirDefinition(t *testing.T) {
	texts := rapid.OneOf(rapid.StringMatching(`[a-d ]{0,12}`), rapid.StringMatching(`[a-z0-9 ]{0,30}`), rapid.StringMatching(`[abа-г ]{0,90}`), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		a, b := texts.Draw(t, "a"), texts.Draw(t, "b")
		if got, want := names.JaroWinkler(a, b), slowJaroWinkler(a, b); math.Abs(got-want) > 1e-12 {
			t.Errorf("JaroWinkler(%q, %q) = %v, want %v", a, b, got, want)
		}
		if got, want := names.TokenSet(a, b), slowTokenSet(a, b); math.Abs(got-want) > 1e-12 {
			t.Errorf("TokenSet(%q, %q) = %v, want %v", a, b, got, want)
		}
	})
}
