package names

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed forms.txt
var formsText string

//go:embed countries.txt
var countriesText string

// lexicon is what the lists of this package say. Keys are folded.
type lexicon struct {
	trailing, leading map[string]string // legal form: the first of its family
	longest           int               // words of the longest form
	countries         map[string]string // country: its first name
}

var words = sync.OnceValue(func() lexicon {
	l := lexicon{trailing: map[string]string{}, leading: map[string]string{}, countries: map[string]string{}}
	for line := range dataLines(formsText) {
		into := l.trailing
		if rest, leads := strings.CutPrefix(line, "^"); leads {
			into, line = l.leading, rest
		}
		forms := strings.Split(line, ",")
		for _, form := range forms {
			form = strings.TrimSpace(form)
			into[form] = l.family(forms[0])
			l.longest = max(l.longest, strings.Count(form, " ")+1)
		}
	}
	for line := range dataLines(countriesText) {
		all := strings.Split(line, ",")
		for _, country := range all {
			l.countries[strings.TrimSpace(country)] = all[0]
		}
	}
	return l
})

// family gives the family of a form, so that the form before a name means what it means behind it.
func (l lexicon) family(form string) string {
	if known, ok := l.trailing[form]; ok {
		return known
	}
	return form
}

func dataLines(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if line != "" && line[0] != '#' && !yield(line) {
				return
			}
		}
	}
}

// tradingAs are the words between what a company is called in the register and what people call it.
var tradingAs = [][]string{{"trading", "as"}, {"t", "a"}, {"t", "as"}, {"dba"}, {"d", "b", "a"}, {"doing", "business", "as"}, {"also", "known", "as"}, {"aka"}}

// conjunctions are words for and; between other words they are the same name.
var conjunctions = map[string]bool{"und": true, "et": true, "og": true, "och": true, "y": true, "en": true, "и": true}

// unspaced are legal forms of languages that put no space before or behind them.
var unspaced = []struct{ form, family string }{
	{"股份有限公司", "股份有限公司"}, {"有限责任公司", "有限公司"}, {"有限責任公司", "有限公司"}, {"有限公司", "有限公司"},
	{"株式会社", "kk"}, {"合同会社", "gk"}, {"有限会社", "yk"}, {"주식회사", "주식회사"}, {"유한회사", "유한회사"},
}
