package source

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// OneLine writes a text that came from outside on one line: line breaks become spaces, and what would
// steer a terminal or turn the direction of writing is left out.
func OneLine(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, text)
}

// letters are those of Latin alphabets that are no plain letter with a mark.
var letters = strings.NewReplacer("ß", "ss", "ẞ", "SS", "æ", "ae", "Æ", "AE", "œ", "oe", "Œ", "OE", "ø", "o", "Ø", "O",
	"đ", "d", "Đ", "D", "ð", "d", "Ð", "D", "ł", "l", "Ł", "L", "þ", "th", "Þ", "Th", "ı", "i")

// Latin writes a name with the plain letters A to Z where it has their relatives: "Größe" becomes Grosse.
// Marks on other characters are left out as well.
func Latin(name string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(letters.Replace(name)))
	return norm.NFC.String(bare)
}
