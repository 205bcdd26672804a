package expr

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

var textFunctions = []function{
	{signs: []string{"text.upper() -> text"}, doc: "Writes the text in capital letters.",
		examples: []string{`'Größe 1'.upper() => "GRÖSSE 1"`},
		run:      func(a args) (any, error) { return cases.Upper(language.Und).String(a.text(0)), nil }},
	{signs: []string{"text.lower() -> text"}, doc: "Writes the text in small letters.",
		examples: []string{`'ÄRGER'.lower() => "ärger"`},
		run:      func(a args) (any, error) { return strings.ToLower(a.text(0)), nil }},
	{signs: []string{"text.title() -> text"}, doc: "Begins each word with a capital letter and writes the rest small.",
		examples: []string{`'new STARTER form'.title() => "New Starter Form"`, `"o'brien".title() => "O'brien"`},
		run:      func(a args) (any, error) { return titleCase(a.text(0)), nil }},
	{signs: []string{"text.capitalise() -> text"}, doc: "Begins the text with a capital letter and leaves the rest as it is.",
		examples: []string{`'printer ABC'.capitalise() => "Printer ABC"`, `''.capitalise() => ""`},
		run: func(a args) (any, error) {
			r, size := utf8.DecodeRuneInString(a.text(0))
			if size == 0 {
				return "", nil
			}
			return string(unicode.ToTitle(r)) + a.text(0)[size:], nil
		}},
	{signs: []string{"text.truncate(length: integer, ending?: text) -> text"},
		doc:      "Cuts the text so that it has at most so many characters, the ending (… unless said) included.",
		examples: []string{`'A very long summary'.truncate(10) => "A very lo…"`, `'short'.truncate(10) => "short"`, `'abcdef'.truncate(5, '...') => "ab..."`},
		run:      func(a args) (any, error) { return truncate(a.text(0), a.integer(1), a.textOr(2, "…")), nil }},
	{signs: []string{"text.pad_left(length: integer, fill?: text) -> text"}, doc: "Puts spaces (or the fill) before the text until it has so many characters.",
		examples: []string{`'7'.pad_left(3, '0') => "007"`, `'abc'.pad_left(2) => "abc"`},
		run: func(a args) (any, error) {
			fill, err := padding(a)
			return fill + a.text(0), err
		}},
	{signs: []string{"text.pad_right(length: integer, fill?: text) -> text"}, doc: "Puts spaces (or the fill) behind the text until it has so many characters.",
		examples: []string{`'ab'.pad_right(4, '.') => "ab.."`},
		run: func(a args) (any, error) {
			fill, err := padding(a)
			return a.text(0) + fill, err
		}},
	{signs: []string{"text.wrap_text(width: integer) -> text"}, doc: "Breaks lines at spaces so that none is longer than so many characters, where words allow it.",
		examples: []string{`'the printer on floor two'.wrap_text(12) => "the printer\non floor two"`},
		run:      func(a args) (any, error) { return wrapText(a.text(0), a.integer(1)), nil }},
	{signs: []string{"text.slug(separator?: text) -> text"}, doc: "Makes a name for addresses and files: small letters and digits of ASCII, with a hyphen (or the separator) between words.",
		examples: []string{`'Café Müller & Co.'.slug() => "cafe-muller-co"`, `'New User'.slug('_') => "new_user"`},
		run:      func(a args) (any, error) { return slug(a.text(0), a.textOr(1, "-")), nil }},
	{signs: []string{"text.to_ascii() -> text"}, doc: "Writes letters without their accents and drops what is not ASCII.",
		examples: []string{`'Żółć Ærø straße'.to_ascii() => "Zolc AEro strasse"`},
		run:      func(a args) (any, error) { return toASCII(a.text(0)), nil }},
	{signs: []string{"text.strip_prefix(prefix: text) -> text"}, doc: "Takes the prefix away, if the text begins with it.",
		examples: []string{`'RE: printer'.strip_prefix('RE: ') => "printer"`, `'printer'.strip_prefix('RE: ') => "printer"`},
		run:      func(a args) (any, error) { return strings.TrimPrefix(a.text(0), a.text(1)), nil }},
	{signs: []string{"text.strip_suffix(suffix: text) -> text"}, doc: "Takes the suffix away, if the text ends with it.",
		examples: []string{`'report.pdf'.strip_suffix('.pdf') => "report"`},
		run:      func(a args) (any, error) { return strings.TrimSuffix(a.text(0), a.text(1)), nil }},
	{signs: []string{"text.squeeze() -> text"}, doc: "Trims the text and puts one space for each run of white space.",
		examples: []string{`'  a   b\n c '.squeeze() => "a b c"`},
		run:      func(a args) (any, error) { return strings.Join(strings.Fields(a.text(0)), " "), nil }},
	{signs: []string{"text.lines() -> list of text"}, doc: "Cuts the text into its lines.",
		examples: []string{`'a\r\nb\n'.lines() => ["a","b"]`, `''.lines() => []`},
		run: func(a args) (any, error) {
			text := strings.TrimSuffix(strings.ReplaceAll(a.text(0), "\r\n", "\n"), "\n")
			if text == "" {
				return []any{}, nil
			}
			return anys(strings.Split(text, "\n")), nil
		}},
	{signs: []string{"text.words() -> list of text"}, doc: "Cuts the text at white space.",
		examples: []string{`' Jane  Q Doe '.words() => ["Jane","Q","Doe"]`},
		run:      func(a args) (any, error) { return anys(strings.Fields(a.text(0))), nil }},
	{signs: []string{"text.before(separator: text) -> text"}, doc: "Gives what stands before the first separator; all of the text if there is none.",
		examples: []string{`'jane@acme.example'.before('@') => "jane"`},
		run: func(a args) (any, error) {
			before, _, _ := strings.Cut(a.text(0), a.text(1))
			return before, nil
		}},
	{signs: []string{"text.after(separator: text) -> text"}, doc: "Gives what stands behind the first separator; nothing if there is none.",
		examples: []string{`'jane@acme.example'.after('@') => "acme.example"`, `'jane'.after('@') => ""`},
		run: func(a args) (any, error) {
			_, after, _ := strings.Cut(a.text(0), a.text(1))
			return after, nil
		}},
	{signs: []string{"text.equals_ignoring_case(other: text) -> boolean"}, doc: "Compares two texts without regard to capital letters.",
		examples: []string{`'VIP'.equals_ignoring_case('vip') => true`},
		run:      func(a args) (any, error) { return strings.EqualFold(a.text(0), a.text(1)), nil }},
	{signs: []string{"text.contains_any(words: list of text) -> boolean"}, doc: "Tells whether one of the words stands in the text, without regard to capital letters.",
		examples: []string{`'Printer is on FIRE'.contains_any(['fire', 'smoke']) => true`, `'ok'.contains_any([]) => false`},
		run: func(a args) (any, error) {
			words, err := texts(a.list(1))
			text := strings.ToLower(a.text(0))
			for _, word := range words {
				if strings.Contains(text, strings.ToLower(word)) {
					return true, err
				}
			}
			return false, err
		}},
	{signs: []string{"text.count_of(part: text) -> integer"}, doc: "Counts how often the part stands in the text.",
		examples: []string{`'a,b,c'.count_of(',') => 2`, `'abc'.count_of('') => 0`},
		run: func(a args) (any, error) {
			if a.text(1) == "" {
				return int64(0), nil
			}
			return int64(strings.Count(a.text(0), a.text(1))), nil
		}},
	{signs: []string{"text.similarity(other: text) -> number"},
		doc:      "Says how alike two texts are, from 0 to 1, without regard to capital letters and white space: 1 minus the share of characters that must change.",
		examples: []string{`'Northwind Dental'.similarity('northwind  dental') => 1`, `'kitten'.similarity('sitting') => 0.571`},
		run:      func(a args) (any, error) { return similarity(a.text(0), a.text(1)) }},
}

func titleCase(s string) string {
	var b strings.Builder
	inWord := false
	for _, r := range strings.ToLower(s) {
		if !inWord && unicode.IsLetter(r) {
			r = unicode.ToTitle(r)
		}
		inWord = unicode.IsLetter(r) || unicode.IsDigit(r) || inWord && (r == '\'' || r == '’')
		b.WriteRune(r)
	}
	return b.String()
}

func truncate(s string, length int, ending string) string {
	runes := []rune(s)
	if length = max(length, 0); len(runes) <= length {
		return s
	}
	tail := []rune(ending)
	if len(tail) >= length {
		return string(tail[:length])
	}
	return string(runes[:length-len(tail)]) + ending
}

func padding(a args) (string, error) {
	fill := a.textOr(2, " ")
	missing := a.integer(1) - utf8.RuneCountInString(a.text(0))
	switch {
	case missing <= 0 || fill == "":
		return "", nil
	case missing > maxListLength:
		return "", dataErrorf("", "the length %d is too large", a.integer(1))
	}
	runes := []rune(strings.Repeat(fill, missing/utf8.RuneCountInString(fill)+1))
	return string(runes[:missing]), nil
}

func wrapText(s string, width int) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = wrapLine(line, max(width, 1))
	}
	return strings.Join(lines, "\n")
}

func wrapLine(line string, width int) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(line) {
		length := utf8.RuneCountInString(word)
		switch {
		case column == 0:
		case column+1+length > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += length
	}
	return b.String()
}

func slug(s, separator string) string {
	words := strings.FieldsFunc(strings.ToLower(toASCII(s)), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, separator)
}

// asciiLetters are letters that Unicode does not take apart into a base and an accent.
var asciiLetters = strings.NewReplacer("ß", "ss", "ẞ", "SS", "Æ", "AE", "æ", "ae", "Ø", "O", "ø", "o", "Œ", "OE", "œ", "oe",
	"Ł", "L", "ł", "l", "Đ", "D", "đ", "d", "Ð", "D", "ð", "d", "Þ", "TH", "þ", "th", "ı", "i",
	"’", "'", "‘", "'", "“", `"`, "”", `"`, "–", "-", "—", "-", "…", "...", "\u00a0", " ")

func toASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return -1
		}
		return r
	}, norm.NFKD.String(asciiLetters.Replace(s)))
}

// maxCompared bounds similarity, whose work is the product of both lengths.
const maxCompared = 2000

func similarity(a, b string) (any, error) {
	left := []rune(strings.ToLower(strings.Join(strings.Fields(a), " ")))
	right := []rune(strings.ToLower(strings.Join(strings.Fields(b), " ")))
	if len(left) > maxCompared || len(right) > maxCompared {
		return nil, dataErrorf("compare the first characters: .truncate(200)", "texts of more than %d characters cannot be compared for similarity", maxCompared)
	}
	longest := max(len(left), len(right))
	if longest == 0 {
		return 1.0, nil
	}
	return float64(1000*(longest-editDistance(left, right))/longest) / 1000, nil
}

func editDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, ra := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, rb := range b {
			cost := diagonal
			if ra != rb {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
