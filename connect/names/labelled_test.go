package names_test

import (
	"os"
	"testing"

	"gantry/connect/names"
	"gantry/source"
)

type labelled struct {
	left, right string
	rung        string // expected; none for no candidate at all
	same        bool
}

func readLabelled(t *testing.T) []labelled {
	t.Helper()
	text, err := os.ReadFile("testdata/labelled.yaml")
	if err != nil {
		t.Fatal(err)
	}
	root, ds := source.Parse("labelled.yaml", text)
	if ds.HasErrors() {
		t.Fatal(ds.Err())
	}
	var all []labelled
	for label, byRung := range root.Data().(map[string]any) {
		for rung, pairs := range byRung.(map[string]any) {
			for _, p := range pairs.([]any) {
				pair := p.([]any)
				all = append(all, labelled{pair[0].(string), pair[1].(string), rung, label == "same"})
			}
		}
	}
	return all
}

// Each pair by itself reaches the rung that the list says, from either side. No two companies match.
func TestLabelled(t *testing.T) {
	all := readLabelled(t)
	if len(all) < 200 {
		t.Fatalf("only %d pairs", len(all))
	}
	right, wrong, same := 0, 0, 0
	for _, p := range all {
		for _, turned := range []bool{false, true} {
			left, other := p.left, p.right
			if turned {
				left, other = other, left
			}
			row := names.Match([]string{left}, []string{other}).Left[0]
			got := string(row.Rung)
			if got == "" {
				got = "none"
			}
			if got != p.rung {
				t.Errorf("%q and %q: %s (%.3f, %s), want %s", left, other, got, row.Confidence, row.Why, p.rung)
			}
			if (row.Match < 0) == (row.Why == "") {
				t.Errorf("%q and %q: match %d, why %q", left, other, row.Match, row.Why)
			}
			switch {
			case row.Match >= 0 && p.same:
				right++
			case row.Match >= 0:
				wrong++
				t.Errorf("%q matches %q by itself: two companies", left, other)
			}
			if p.same {
				same++
			}
		}
	}
	t.Logf("%d pairs; precision %.3f, recall %.3f", len(all), float64(right)/float64(right+wrong), float64(right)/float64(same))
	if recall := float64(right) / float64(same); recall < 0.88 {
		t.Errorf("recall %.3f", recall)
	}
}

// All names of the list at once, as an MSP's two lists: what matches are names that the list calls the same,
// or that differ in nothing that the ladder may leave out.
func TestLabelledTogether(t *testing.T) {
	var left, right []string
	partner, taken := map[int]int{}, map[string]bool{}
	for _, p := range readLabelled(t) {
		if !p.same || taken[p.left] || taken[p.right] {
			continue
		}
		taken[p.left], taken[p.right] = true, true
		partner[len(left)] = len(right)
		left, right = append(left, p.left), append(right, p.right)
	}
	found, wrong := 0, 0
	for l, row := range names.Match(left, right).Left {
		switch {
		case row.Match < 0:
		case row.Match == partner[l]:
			found++
		default:
			one := names.Match(left[l:l+1], right[row.Match:row.Match+1]).Left[0]
			if one.Rung != row.Rung {
				wrong++
				t.Errorf("%q matches %q (%s), not %q", left[l], right[row.Match], row.Rung, right[partner[l]])
			}
		}
	}
	t.Logf("%d of %d found among all, %d wrong", found, len(left), wrong)
	if found < len(left)*3/4 {
		t.Errorf("only %d of %d found", found, len(left))
	}
}
