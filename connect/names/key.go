package names

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// key is a name with all that the ladder compares of it.
type key struct {
	raw      string   // without spaces around it
	folded   string   // see fold
	german   string   // folded with ae for ä, and so on; empty where that is the same
	stem     string   // folded, without legal form, leading the and bracketed country
	words    []string // of the stem
	aliases  []string // other stems: of what stands behind trading as, and of german
	forms    []string // families of the legal forms that were cut off, sorted
	country  string   // of the brackets
	numbers  string   // digits and numerals in the name
	squashed string   // the stem without spaces
}

func newKey(name string) key {
	k := key{raw: strings.TrimSpace(name), folded: fold(name)}
	rest, country := cutCountry(name)
	main, alias := cutTradingAs(strings.Fields(fold(rest)))
	k.country = country
	k.words, k.forms = stripForms(main)
	if len(alias) > 0 {
		stem, _ := stripForms(alias)
		k.aliases = append(k.aliases, strings.Join(stem, " "))
	}
	if expanded := umlauts.Replace(norm.NFC.String(rest)); fold(expanded) != fold(rest) {
		k.german = fold(umlauts.Replace(norm.NFC.String(name)))
		main, _ = cutTradingAs(strings.Fields(fold(expanded)))
		stem, _ := stripForms(main)
		k.aliases = append(k.aliases, strings.Join(stem, " "))
	}
	k.stem = strings.Join(k.words, " ")
	k.squashed = strings.Join(k.words, "")
	k.numbers = numbersOf(k.words)
	return k
}

// umlauts are how German writes its letters where they cannot be had.
var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue")

// cutCountry takes a country or region in brackets out of the name, unless nothing would be left.
func cutCountry(name string) (rest, country string) {
	text := norm.NFKD.String(name)
	for _, pair := range []string{"()", "[]"} {
		open := strings.IndexByte(text, pair[0])
		if open < 0 {
			continue
		}
		length := strings.IndexByte(text[open:], pair[1])
		if length < 0 {
			continue
		}
		found, known := words().countries[fold(text[open+1:open+length])]
		without := text[:open] + " " + text[open+length+1:]
		if known && fold(without) != "" {
			return without, found
		}
	}
	return name, ""
}

func cutTradingAs(name []string) (main, alias []string) {
	for at := 1; at < len(name)-1; at++ {
		for _, phrase := range tradingAs {
			beyond := at + len(phrase)
			if beyond < len(name) && slices.Equal(name[at:beyond], phrase) {
				return name[:at], name[beyond:]
			}
		}
	}
	return name, nil
}

// stripForms cuts off legal forms behind and before the name, as often as there are any, and a leading
// the; never the last word that is left.
func stripForms(name []string) (stem, families []string) {
	stem = slices.Clone(name)
	if len(stem) > 1 && stem[0] == "the" {
		stem = stem[1:]
	}
	for more := true; more; {
		var family string
		if stem, family, more = stripForm(stem); more {
			families = append(families, family)
		}
	}
	for i := 1; i < len(stem)-1; i++ {
		if conjunctions[stem[i]] {
			stem[i] = "and"
		}
	}
	slices.Sort(families)
	return stem, slices.Compact(families)
}

func stripForm(stem []string) (rest []string, family string, ok bool) {
	for length := min(words().longest, len(stem)-1); length > 0; length-- {
		start := len(stem) - length
		if family, ok = words().trailing[strings.Join(stem[start:], " ")]; ok {
			if stem[start-1] == "and" && start > 1 { // Smith & Co
				start--
			}
			return stem[:start], family, true
		}
		if family, ok = words().leading[strings.Join(stem[:length], " ")]; ok {
			return stem[length:], family, true
		}
	}
	return stripUnspaced(stem)
}

func stripUnspaced(stem []string) (rest []string, family string, ok bool) {
	if len(stem) == 0 {
		return stem, "", false
	}
	last := len(stem) - 1
	for _, u := range unspaced {
		if cut, found := strings.CutSuffix(stem[last], u.form); found && cut != "" {
			return append(slices.Clone(stem[:last]), cut), u.family, true
		}
		if cut, found := strings.CutPrefix(stem[0], u.form); found && cut != "" {
			return append([]string{cut}, stem[1:]...), u.family, true
		}
	}
	return stem, "", false
}

var romans = map[string]string{"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
	"xi": "11", "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16"}

// numbersOf gives the digits and Roman numerals among the words. Numerals of one letter are numerals only
// behind the name: they may be initials elsewhere.
func numbersOf(name []string) string {
	var found []string
	for i, word := range name {
		if n, roman := romans[word]; roman {
			found = append(found, n)
			continue
		}
		if i > 0 && i == len(name)-1 {
			if at := slices.Index([]string{"i", "v", "x"}, word); at >= 0 {
				found = append(found, []string{"1", "5", "10"}[at])
				continue
			}
		}
		found = append(found, strings.FieldsFunc(word, func(r rune) bool { return !unicode.IsNumber(r) })...)
	}
	return strings.Join(found, " ")
}

// contrary tells whether both lists name something and neither holds all that the other does.
func contrary(a, b []string) bool {
	return len(a) > 0 && len(b) > 0 && !within(a, b) && !within(b, a)
}

func within(a, all []string) bool {
	return !slices.ContainsFunc(a, func(one string) bool { return !slices.Contains(all, one) })
}

// compatible tells that nothing in the names says that they are two: no different numbers, legal forms or
// countries.
func compatible(a, b *key) bool {
	return a.numbers == b.numbers && !contrary(a.forms, b.forms) && !countriesDiffer(a, b)
}

func countriesDiffer(a, b *key) bool {
	return a.country != "" && b.country != "" && a.country != b.country
}
