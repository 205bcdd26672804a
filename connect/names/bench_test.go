package names_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gantry/connect/names"
)

var (
	towns  = strings.Fields("Northwind Lakeside Harbour Riverside Greenfield Oakwood Maple Stonebridge Kingsway Westgate Fairview Summit Silverline Bluewater Redstone Ashford Brookfield Clearwater Eastgate Foxglove")
	crafts = strings.Fields("Dental Legal Accounting Plumbing Logistics Media Motors Foods Bakery Pharmacy Surveyors Architects Joinery Electrical Roofing Textiles Printing Farms Brewing Optics")
	kinds  = []string{"Ltd", "Limited", "LLC", "Inc.", "GmbH", "Group", "Partners", "& Sons", "Services", ""}
)

// population makes n names of companies, and how other people wrote them: a fifth with another legal form or
// in capitals, a tenth misspelt, a tenth with a word more, a twentieth somebody else.
func population(n int, r *rand.Rand) (left, right []string) {
	for i := range n {
		name := fmt.Sprintf("%s%s %s %s", towns[r.IntN(len(towns))], strings.ToLower(towns[r.IntN(len(towns))]), crafts[r.IntN(len(crafts))], kinds[r.IntN(len(kinds))])
		left = append(left, name)
		other := name
		switch r.IntN(20) {
		case 0, 1:
			other = strings.ToUpper(name)
		case 2, 3:
			other = strings.TrimSpace(strings.TrimSuffix(name, "Ltd")) + " Limited"
		case 4, 5:
			at := 2 + r.IntN(len(name)-3)
			other = name[:at] + name[at+1:]
		case 6, 7:
			other = name + " " + towns[r.IntN(len(towns))]
		case 8:
			other = fmt.Sprintf("%s %s %d", crafts[r.IntN(len(crafts))], towns[r.IntN(len(towns))], i)
		}
		right = append(right, other)
	}
	r.Shuffle(len(right), func(i, j int) { right[i], right[j] = right[j], right[i] })
	return left, right
}

// strangers makes names of which none is another: each pair has to be looked at.
func strangers(n int, r *rand.Rand) []string {
	var all []string
	for range n {
		all = append(all, fmt.Sprintf("%s %s %c%c%c", towns[r.IntN(len(towns))], crafts[r.IntN(len(crafts))], 'A'+r.IntN(26), 'A'+r.IntN(26), 'A'+r.IntN(26)))
	}
	return all
}

func random() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

func BenchmarkMatch(b *testing.B) {
	left, right := population(2000, random())
	b.Run("population 2000x2000", func(b *testing.B) {
		for b.Loop() {
			names.Match(left, right)
		}
	})
	r := random()
	here, there := strangers(2000, r), strangers(2000, r)
	b.Run("strangers 2000x2000", func(b *testing.B) {
		for b.Loop() {
			names.Match(here, there)
		}
	})
}

// TestFast holds the promise of the handbook, 2,000 by 2,000 within two seconds whatever the names are, with
// room for a machine that does other things as well; the benchmark tells what a quiet one takes.
func TestFast(t *testing.T) {
	const n = howMany
	r := random()
	left, right := population(n, r)
	equal, numbered := make([]string, n), make([]string, n)
	words, long, chinese := make([]string, n), make([]string, n), make([]string, n)
	for i := range n {
		equal[i], numbered[i] = "Contoso", fmt.Sprintf("Contoso Branch %d", i)
		words[i] = "Contoso " + letters(r, 12)
		long[i] = letters(r, 60)
		for range 8 {
			chinese[i] += string(rune(0x4e00 + r.IntN(300)))
		}
	}
	for name, lists := range map[string][2][]string{
		"population": {left, right}, "strangers": {strangers(n, r), strangers(n, r)}, "equal": {equal, equal},
		"numbered": {numbered, left}, "one word in common": {words, shuffled(words, r)}, "one word and nothing else": {words[:n/2], words[n/2:]},
		"long": {long, shuffled(long, r)}, "chinese": {chinese, shuffled(chinese, r)}, "long strangers": {long[:n/2], long[n/2:]},
	} {
		began := time.Now()
		names.Match(lists[0], lists[1])
		took := time.Since(began)
		t.Logf("%s: %s", name, took.Round(time.Millisecond))
		if bound := 8 * time.Second; took > bound {
			t.Errorf("%s: %s, bound %s", name, took, bound)
		}
	}
}

func letters(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(byte('a' + r.IntN(26)))
	}
	return b.String()
}

func shuffled(all []string, r *rand.Rand) []string {
	all = append([]string{}, all...)
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}
