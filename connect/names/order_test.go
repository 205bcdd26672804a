package names

import (
	"testing"

	"pgregory.net/rapid"
)

// In which order the names come makes no difference: each is matched with the same one, or is as ambiguous.
func TestOrderMakesNoDifference(t *testing.T) {
	name := rapid.SampledFrom([]string{"Contoso", "contoso", "CONTOSO", "Contoso Ltd", "Contoso Limited", "Con toso", "Contosso", "Contosoo", "Contoso GmbH",
		"Contoso (UK)", "Contoso (France)", "Contoso 1", "Contoso I", "Contoso 2", "Northwind t/a Contoso", "Northwind", "Northwind Ltd t/a Contosso", "Müller", "Mueller",
		"Muller", "Müller Ltd", "Mueller GmbH", "Northwind Dental Ltd", "Northwind Dentall", "Nortwind Dental", "Northwind Dental"})
	rapid.Check(t, func(t *rapid.T) {
		left := rapid.SliceOfN(name, 0, 10).Draw(t, "left")
		right := rapid.SliceOfN(name, 0, 10).Draw(t, "right")
		order := func(n int, label string) []int {
			all := make([]int, n)
			for i := range all {
				all[i] = i
			}
			return rapid.Permutation(all).Draw(t, label)
		}
		toLeft, toRight := order(len(left), "to left"), order(len(right), "to right")
		movedLeft, movedRight := make([]string, len(left)), make([]string, len(right))
		for i, to := range toLeft {
			movedLeft[to] = left[i]
		}
		for i, to := range toRight {
			movedRight[to] = right[i]
		}
		result, moved := Match(left, right), Match(movedLeft, movedRight)
		for i, row := range result.Left {
			other := moved.Left[toLeft[i]]
			want := -1
			if row.Match >= 0 {
				want = toRight[row.Match]
			}
			if other.Match != want || other.Ambiguous != row.Ambiguous || other.Rung != row.Rung || other.Confidence != row.Confidence {
				t.Fatalf("%q: %+v, in another order %+v", left[i], row, other)
			}
		}
	})
}
