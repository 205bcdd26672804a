package names_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/connect/names"
)

func TestLadder(t *testing.T) {
	for name, c := range map[string]struct {
		left, right []string
		want        []string // of left: rung and match, or why not in a word
	}{
		"the surest goes first":         {[]string{"Contoso Ltd", "CONTOSO LTD", "Contoso"}, []string{"Contoso", "Contoso Ltd", "contoso ltd"}, []string{"exact Contoso Ltd", "folded contoso ltd", "exact Contoso"}},
		"two here, one there":           {[]string{"Contoso Ltd", "Contoso GmbH"}, []string{"Contoso"}, []string{"ambiguous suffix Contoso", "ambiguous suffix Contoso"}},
		"one here, two there":           {[]string{"Contoso"}, []string{"Contoso Ltd", "Contoso Inc"}, []string{"ambiguous suffix Contoso Ltd, Contoso Inc"}},
		"the same twice on both sides":  {[]string{"Contoso", "Contoso"}, []string{"Contoso", "Contoso"}, []string{"ambiguous exact Contoso, Contoso", "ambiguous exact Contoso, Contoso"}},
		"a form of its own decides":     {[]string{"Contoso Ltd", "Contoso LLC"}, []string{"Contoso Limited", "Contoso L.L.C."}, []string{"suffix Contoso Limited", "folded Contoso L.L.C."}},
		"what is left over is no match": {[]string{"Contoso Ltd", "Contoso Inc"}, []string{"Contoso Ltd", "Contoso"}, []string{"exact Contoso Ltd", "ambiguous suffix Contoso"}},
		"two as near":                   {[]string{"Northwind Dentall"}, []string{"Northwind Dental", "Northwind Dentals"}, []string{"ambiguous near Northwind Dental, Northwind Dentals"}},
		"near, and nobody else":         {[]string{"Nortwind Dental", "Fabrikam"}, []string{"Northwind Dental", "Litware"}, []string{"near Northwind Dental", "none"}},
		"exact before near":             {[]string{"Northwind Dental", "Nortwind Dental"}, []string{"Northwind Dental"}, []string{"exact Northwind Dental", "none"}},
		"trading as two":                {[]string{"Alpha Ltd t/a Beta"}, []string{"Alpha", "Beta"}, []string{"ambiguous suffix Alpha, Beta"}},
		"numbered":                      {[]string{"Site 1", "Site 2", "Site 3"}, []string{"Site 2", "Site 4"}, []string{"none", "exact Site 2", "none"}},
		"spaces":                        {[]string{"Blue Sky", "Bl uesky"}, []string{"BlueSky"}, []string{"ambiguous squashed BlueSky", "ambiguous squashed BlueSky"}},
		"nothing there":                 {[]string{"Contoso", ""}, nil, []string{"none", "none"}},
		"empty names":                   {[]string{"", " "}, []string{"", "Contoso"}, []string{"none", "none"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, row := range names.Match(c.left, c.right).Left {
				text := "none"
				switch {
				case row.Match >= 0:
					text = string(row.Rung) + " " + c.right[row.Match]
				case row.Ambiguous:
					text = "ambiguous " + string(row.Rung) + " " + candidates(row, c.right)
				case len(row.Candidates) > 0:
					text = "suggestion " + candidates(row, c.right)
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func candidates(row names.Row, right []string) string {
	var all []string
	for _, c := range row.Candidates {
		all = append(all, right[c.Index])
	}
	return strings.Join(all, ", ")
}

func TestWhy(t *testing.T) {
	for _, c := range []struct {
		left, right []string
		want        string
	}{
		{[]string{"Contoso", "Contoso"}, []string{"Contoso"}, "the name is not unique: 2 times here, once there"},
		{[]string{"Contoso GmbH"}, []string{"Contoso AG"}, "alike, but the legal forms differ"},
		{[]string{"Contoso (UK)"}, []string{"Contoso (Ireland)"}, "alike, but the countries differ"},
		{[]string{"Site 1"}, []string{"Site"}, "alike, but only one has the number 1"},
		{[]string{"Smith Plumbing"}, []string{"Smyth Plumbing"}, "alike, but not the same"},
		{[]string{""}, []string{"Smyth Plumbing"}, "the name is empty"},
		{[]string{"Contoso"}, []string{"Fabrikam"}, "no name that is left comes near"},
		{[]string{"Northwind Dentall"}, []string{"Northwind Dental", "Northwind Dentals"}, "almost the same as several names"},
	} {
		if got := names.Match(c.left, c.right).Left[0].Why; got != c.want {
			t.Errorf("%q: %q, want %q", c.left, got, c.want)
		}
	}
}

func TestManyEqualNames(t *testing.T) {
	all := make([]string, 2000)
	for i := range all {
		all[i] = "Contoso"
	}
	for _, row := range names.Match(all, all).Left {
		if !row.Ambiguous || len(row.Candidates) != names.MaxCandidates || row.More != 2000-names.MaxCandidates {
			t.Fatalf("%+v", row)
		}
	}
}

func TestVeryLongNames(t *testing.T) {
	long := strings.Repeat("northwind dental ", 20_000)
	result := names.Match([]string{long, long + "x", "a"}, []string{strings.ToUpper(long), fmt.Sprint(long, "ltd y"), "b"})
	if row := result.Left[0]; row.Rung != names.Folded || row.Match != 0 {
		t.Errorf("%s %d", row.Rung, row.Match)
	}
	if result.Left[1].Match >= 0 {
		t.Error("long names are compared for equality only")
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("Contoso Ltd", "The Contoso (UK) t/a X")
	f.Add("S.à r.l.", "株式会社")
	f.Add("((", "\xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		row := names.Match([]string{a}, []string{b}).Left[0]
		if a == b && strings.TrimSpace(a) != "" && row.Rung != names.Exact {
			t.Errorf("%q is not itself: %+v", a, row)
		}
	})
}
