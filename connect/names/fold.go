package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// relatives are letters that are no plain letter with a mark, with the plain letters that people write
// instead.
var relatives = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "ł", "l", "þ", "th",
	"ı", "i", "ħ", "h", "ŧ", "t", "ŋ", "n", "ə", "e", "&", " and ", " + ", " and ", "+", " plus ")

// fold writes a name as it is compared: compatibility forms resolved, marks dropped, letters in one case,
// "&" as and, apostrophes and invisible characters gone, initials joined ("J.P." is jp), all other
// punctuation a space, and single spaces.
func fold(name string) string {
	text := relatives.Replace(cases.Fold().String(norm.NFKD.String(name)))
	runes := []rune(withoutMarks(norm.NFKD.String(text)))
	var b strings.Builder
	for i, r := range runes {
		switch {
		case isWordRune(r):
			b.WriteRune(r)
		case isApostrophe(r), unicode.Is(unicode.Cf, r), r == '.' && joinsInitials(runes, i), r == '"' && inHebrew(runes, i):
		default:
			b.WriteByte(' ')
		}
	}
	return norm.NFC.String(strings.Join(strings.Fields(b.String()), " "))
}

func isWordRune(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.M) }

func isApostrophe(r rune) bool { return strings.ContainsRune("'’‘`´ʼʹ′״׳", r) }

// inHebrew tells whether the quotation mark stands in for the Hebrew sign inside an abbreviation.
func inHebrew(runes []rune, at int) bool {
	return at > 0 && at+1 < len(runes) && unicode.Is(unicode.Hebrew, runes[at-1]) && unicode.Is(unicode.Hebrew, runes[at+1])
}

// joinsInitials tells whether the dot stands between two single letters, as in S.A. but not in amazon.com.
func joinsInitials(runes []rune, dot int) bool {
	single := func(at, beyond int) bool {
		return at >= 0 && at < len(runes) && isWordRune(runes[at]) &&
			(beyond < 0 || beyond >= len(runes) || !isWordRune(runes[beyond]))
	}
	return single(dot-1, dot-2) && single(dot+1, dot+2)
}

// withoutMarks drops the marks of the scripts in which a name is known without them as well. A Japanese or
// an Indian name without its marks would be another name.
func withoutMarks(decomposed string) string {
	var base rune
	return strings.Map(func(r rune) rune {
		if !unicode.Is(unicode.Mn, r) {
			base = r
			return r
		}
		const breve = '\u0306' // й is no и
		if unicode.In(base, unicode.Latin, unicode.Greek, unicode.Hebrew, unicode.Arabic) ||
			unicode.Is(unicode.Cyrillic, base) && r != breve {
			return -1
		}
		return r
	}, decomposed)
}
