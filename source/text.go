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
		case r == '\n' || r == '\t' || r == '\r' || unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case Deceives(r):
			return -1
		}
		return r
	}, text)
}

// Deceives tells whether a character in a name would be no part of it that people see: it steers a terminal,
// breaks the line, turns the direction of writing, or is not there to the eye, so that two names look the same.
// The joiners of Persian, Indian scripts and emoji are parts of names.
func Deceives(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control, invisible)
}

// invisible is the soft hyphen, the Mongolian vowel separator, the zero-width space and non-break space, the
// word joiner and its mathematical kin, interlinear marks, and tags.
var invisible = &unicode.RangeTable{
	R16:         []unicode.Range16{{Lo: 0xad, Hi: 0xad, Stride: 1}, {Lo: 0x180e, Hi: 0x180e, Stride: 1}, {Lo: 0x200b, Hi: 0x200b, Stride: 1}, {Lo: 0x2060, Hi: 0x2064, Stride: 1}, {Lo: 0xfeff, Hi: 0xfeff, Stride: 1}, {Lo: 0xfff9, Hi: 0xfffb, Stride: 1}},
	R32:         []unicode.Range32{{Lo: 0xe0001, Hi: 0xe007f, Stride: 1}},
	LatinOffset: 1,
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

// ShellWord writes a text as one word of a shell: quoted where the shell would take it apart or run it.
func ShellWord(text string) string {
	if text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=") == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
