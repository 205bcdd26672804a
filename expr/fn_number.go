package expr

import (
	"math"
	"strconv"
	"strings"
	"time"
)

var numberFunctions = []function{
	{signs: []string{"number.round(digits?: integer) -> number"}, doc: "Rounds to so many digits behind the point (0 unless said), halves away from zero.",
		examples: []string{`(2.345).round(2) => 2.35`, `(2.5).round() => 3`, `7.round(1) => 7`},
		run:      func(a args) (any, error) { return round(a.number(0), a.integerOr(1, 0)), nil }},
	{signs: []string{"number.format_number(digits: integer, separator?: text) -> text"}, doc: "Writes a number with so many digits behind the point and a separator (a comma unless said) between thousands.",
		examples: []string{`(1234567.891).format_number(2) => "1,234,567.89"`, `(1234).format_number(0, ' ') => "1 234"`},
		run:      func(a args) (any, error) { return formatThousands(a.number(0), a.integer(1), a.textOr(2, ",")), nil }},
	{signs: []string{"number.human_bytes() -> text"}, doc: "Writes a number of bytes as people read it, in steps of 1,024.",
		examples: []string{`1536.human_bytes() => "1.5 KiB"`, `(5000000000).human_bytes() => "4.7 GiB"`, `12.human_bytes() => "12 B"`},
		run:      func(a args) (any, error) { return humanBytes(a.number(0)), nil }},
	{signs: []string{"duration.human_duration() -> text", "number.human_duration() -> text"}, doc: "Writes a duration, or a number of seconds, as people read it: its two largest units.",
		examples: []string{`duration('26h3m').human_duration() => "1 day 2 hours"`, `90.human_duration() => "1 minute 30 seconds"`, `0.human_duration() => "0 seconds"`},
		run: func(a args) (any, error) {
			if d, ok := a[0].(time.Duration); ok {
				return humanDuration(d), nil
			}
			return humanDuration(time.Duration(max(min(a.number(0), 9e9), -9e9) * float64(time.Second))), nil
		}},
	{signs: []string{"version_compare(left: text, right: text) -> integer"}, doc: "Compares two versions as Semantic Versioning does: -1, 0 or 1. Any number of parts; a leading v does not count.",
		examples: []string{`version_compare('1.10.0', '1.9') => 1`, `version_compare('v2.0.0-beta.2', '2.0.0') => -1`, `version_compare('1.0', '1.0.0') => 0`},
		run:      func(a args) (any, error) { return int64(compareVersions(a.text(0), a.text(1))), nil }},
	{signs: []string{"text.version_at_least(least: text) -> boolean"}, doc: "Tells whether a version is at least another.",
		examples: []string{`'10.0.19045'.version_at_least('10.0.19041') => true`},
		run:      func(a args) (any, error) { return compareVersions(a.text(0), a.text(1)) >= 0, nil }},
}

func round(f float64, digits int) float64 {
	digits = max(min(digits, 15), -15)
	scale := math.Pow10(digits)
	rounded := math.Round(f*scale) / scale
	// 2.345 is stored as 2.34499…; what people wrote decides.
	if s, err := strconv.ParseFloat(roundDecimal(f, digits), 64); err == nil && digits >= 0 {
		return s
	}
	return rounded
}

// roundDecimal rounds the shortest decimal that stands for f.
func roundDecimal(f float64, digits int) string {
	text := strconv.FormatFloat(f, 'f', -1, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	if len(fraction) <= digits || digits < 0 {
		return text
	}
	keep, up := whole+fraction[:digits], fraction[digits] >= '5'
	if n, err := strconv.ParseInt(keep, 10, 64); err == nil {
		if up && strings.HasPrefix(text, "-") {
			n--
		} else if up {
			n++
		}
		return strconv.FormatInt(n, 10) + "e-" + strconv.Itoa(digits)
	}
	return text
}

func formatThousands(f float64, digits int, separator string) string {
	digits = max(min(digits, 15), 0)
	text := strconv.FormatFloat(round(f, digits), 'f', digits, 64)
	sign, text := cutSign(text)
	whole, fraction, _ := strings.Cut(text, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(separator)
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString("." + fraction)
	}
	return b.String()
}

func cutSign(s string) (sign, rest string) {
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		return "-", rest
	}
	return "", s
}

func humanBytes(n float64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	i := 0
	for math.Abs(n) >= 1024 && i < len(units)-1 {
		n /= 1024
		i++
	}
	return formatNumber(round(n, min(i, 1))) + " " + units[i]
}

func humanDuration(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	units := []struct {
		name   string
		length time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}}
	var parts []string
	for _, u := range units {
		n := d / u.length
		d -= n * u.length
		if n > 0 {
			parts = append(parts, counted(int(n), u.name))
		}
		if len(parts) == 2 || len(parts) == 1 && n == 0 {
			break
		}
	}
	if len(parts) == 0 {
		return "0 seconds"
	}
	return sign + strings.Join(parts, " ")
}

func counted(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return strconv.Itoa(n) + " " + unit + "s"
}

// compareVersions follows Semantic Versioning 2.0.0 section 11, for any number of parts.
func compareVersions(a, b string) int {
	coreA, preA := versionParts(a)
	coreB, preB := versionParts(b)
	for i := range max(len(coreA), len(coreB)) {
		if c := comparePart(partAt(coreA, i, "0"), partAt(coreB, i, "0")); c != 0 {
			return c
		}
	}
	switch {
	case len(preA) == 0 && len(preB) == 0:
		return 0
	case len(preA) == 0:
		return 1
	case len(preB) == 0:
		return -1
	}
	for i := range max(len(preA), len(preB)) {
		if i >= len(preA) {
			return -1
		}
		if i >= len(preB) {
			return 1
		}
		if c := comparePart(preA[i], preB[i]); c != 0 {
			return c
		}
	}
	return 0
}

func versionParts(s string) (core, pre []string) {
	s, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(s), "v"), "V"), "+")
	s, tail, hasPre := strings.Cut(s, "-")
	if hasPre {
		pre = strings.Split(tail, ".")
	}
	return strings.Split(s, "."), pre
}

func partAt(parts []string, i int, otherwise string) string {
	if i < len(parts) {
		return parts[i]
	}
	return otherwise
}

// comparePart compares numbers as numbers, and numbers are less than words.
func comparePart(a, b string) int {
	numberA, numberB := isDigits(a), isDigits(b)
	switch {
	case numberA && numberB:
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return compareStrings(a, b)
	case numberA:
		return -1
	case numberB:
		return 1
	}
	return compareStrings(a, b)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func compareFolded(a, b string) int {
	if c := compareStrings(strings.ToLower(a), strings.ToLower(b)); c != 0 {
		return c
	}
	return compareStrings(a, b)
}
