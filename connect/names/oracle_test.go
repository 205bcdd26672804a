package names

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is skipped because it cannot reach a bound must not have reached it: the rows are those of a
// comparison of all pairs by the plain measures.
func TestSkippingChangesNothing(t *testing.T) {
	word := rapid.OneOf(rapid.SampledFrom([]string{"north", "nort", "northwind", "dental", "dentol", "dentaal", "site", "1", "2", "ii", "ltd", "gmbh", "the", "группа", "a", "b", "(uk)", "müller", "mueller"}),
		rapid.StringMatching(`[ab]{1,9}`), rapid.StringMatching(`[a-z]{30,80}`))
	name := rapid.Custom(func(t *rapid.T) string {
		text := ""
		for _, w := range rapid.SliceOfN(word, 0, 4).Draw(t, "words") {
			text += w + " "
		}
		return text
	})
	rapid.Check(t, func(t *rapid.T) {
		left := rapid.SliceOfN(name, 0, 12).Draw(t, "left")
		right := rapid.SliceOfN(name, 0, 12).Draw(t, "right")
		m := &matching{left: newSide(left), right: newSide(right)}
		c := m.compare(m.left.which((*side).open), m.right.which((*side).open))
		gotL, gotR := c.likest()
		wantL, wantR := make([]best, len(c.left)), make([]best, len(c.right))
		for i := range c.left {
			for j := range c.right {
				a, b := &c.left[i], &c.right[j]
				like := jaroWinkler([]rune(a.key.stem), []rune(b.key.stem))
				if compatible(a.key, b.key) && like >= nearScore-nearMargin-0.001 {
					wantL[i].offer(j, like)
					wantR[j].offer(i, like)
				}
				sure := 0.0
				if like >= suggestScore {
					sure = like
				}
				if words := TokenSet(a.key.stem, b.key.stem); words >= suggestTokens {
					sure = max(sure, 0.9*words)
				}
				if n, o := a.key.numbers, b.key.numbers; n != o && n != "" && o != "" {
					sure = 0
				}
				if got := a.suggests(b); math.Abs(got-min(sure, mostSuggestion)) > 1e-12 {
					t.Fatalf("%q for %q: %v, want %v", a.key.stem, b.key.stem, got, sure)
				}
			}
		}
		if !reflect.DeepEqual(gotL, wantL) || !reflect.DeepEqual(gotR, wantR) {
			t.Fatalf("left %v, want %v; right %v, want %v", gotL, wantL, gotR, wantR)
		}
	})
}

// What holds of every result: matches are mutual and one to one, an ambiguous or unmatched name says why, and
// who is which side makes no difference.
func TestLawsOfMatch(t *testing.T) {
	name := rapid.OneOf(rapid.SampledFrom([]string{"", " ", "Contoso", "contoso", "Contoso Ltd", "Contoso Limited", "Con toso", "Contosso", "Contoso GmbH", "Contoso (UK)", "Contoso 1", "Contoso 2",
		"Northwind t/a Contoso", "Northwind", "Müller", "Mueller", "Muller", "Ltd", "The", "株式会社", "Ромашка", "ООО Ромашка"}), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		left := rapid.SliceOfN(name, 0, 10).Draw(t, "left")
		right := rapid.SliceOfN(name, 0, 10).Draw(t, "right")
		result := Match(left, right)
		if !reflect.DeepEqual(result, Match(left, right)) {
			t.Fatal("not the same twice")
		}
		turned := Match(right, left)
		for l, row := range result.Left {
			if row.Match >= 0 && (result.Right[row.Match].Match != l || row.Why != "" || row.Ambiguous || row.Confidence < nearScore || row.Confidence > 1) {
				t.Fatalf("%+v, back %+v", row, result.Right[row.Match])
			}
			if row.Match < 0 && (row.Why == "" || row.Confidence != 0) {
				t.Fatalf("%q: %+v", left[l], row)
			}
			if turned.Right[l].Match != row.Match || turned.Right[l].Ambiguous != row.Ambiguous {
				t.Fatalf("%q: %+v, from the other side %+v", left[l], row, turned.Right[l])
			}
			for _, c := range row.Candidates {
				if result.Right[c.Index].Match >= 0 {
					t.Fatalf("%q: candidate %q is matched", left[l], right[c.Index])
				}
			}
		}
	})
}
