package source

import (
	"math"
	"strconv"
	"strings"
)

// resolvePlain gives plain text its type by YAML 1.2's core schema: null, true and false in three
// spellings each, whole numbers (also 0x and 0o) and numbers. All else is text: yes, no, on, off, dates,
// 1_000. What cannot be kept exactly or is not JSON (beyond 64 bits, .inf, .nan) is refused.
func (b *builder) resolvePlain(node *Node, value string) {
	switch value {
	case "", "~", "null", "Null", "NULL":
		node.Kind = Null
		return
	case "true", "True", "TRUE":
		node.Kind, node.Value = Bool, true
		return
	case "false", "False", "FALSE":
		node.Kind, node.Value = Bool, false
		return
	}
	node.Kind, node.Value = String, value
	if c := value[0]; c != '+' && c != '-' && c != '.' && (c < '0' || c > '9') {
		return
	}
	switch {
	case isWhole(value):
		b.resolveInt(node, value)
	case isReal(value):
		b.resolveFloat(node, value)
	case isNotFinite(value):
		d := b.ds.Errorf(node.Pos, "not-a-number", "%s is not a number that JSON has", value)
		d.Hint = "put it in quotes if it is text"
	}
}

func (b *builder) resolveInt(node *Node, value string) {
	digits, base := strings.TrimPrefix(value, "+"), 10
	if len(value) > 2 && value[0] == '0' && value[1] == 'x' {
		digits, base = value[2:], 16
	} else if len(value) > 2 && value[0] == '0' && value[1] == 'o' {
		digits, base = value[2:], 8
	}
	i, err := strconv.ParseInt(digits, base, 64)
	if err != nil {
		d := b.ds.Errorf(node.Pos, "number-too-large", "%s is beyond 64 bits (±9223372036854775807)", value)
		d.Hint = `put it in quotes to keep it as text: "` + value + `"`
		return
	}
	if bare := strings.TrimLeft(digits, "-"); base == 10 && len(bare) > 1 && bare[0] == '0' {
		d := b.ds.Warnf(node.Pos, "leading-zero", "%s is read as the number %d", value, i)
		d.Hint = `put it in quotes to keep the leading zero: "` + value + `"`
	}
	node.Kind, node.Value = Int, i
}

func (b *builder) resolveFloat(node *Node, value string) {
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(f, 0) {
		d := b.ds.Errorf(node.Pos, "number-too-large", "%s is too large for a number", value)
		d.Hint = `put it in quotes to keep it as text: "` + value + `"`
		return
	}
	node.Kind, node.Value = Float, f
}

func isWhole(s string) bool {
	switch {
	case strings.HasPrefix(s, "0x"):
		return len(s) > 2 && strings.Trim(s[2:], "0123456789abcdefABCDEF") == ""
	case strings.HasPrefix(s, "0o"):
		return len(s) > 2 && strings.Trim(s[2:], "01234567") == ""
	}
	digits := unsigned(s)
	return digits != "" && onlyDigits(digits)
}

// isReal matches [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
func isReal(s string) bool {
	s = unsigned(s)
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		exponent := unsigned(s[i+1:])
		if exponent == "" || !onlyDigits(exponent) {
			return false
		}
		s = s[:i]
	}
	whole, fraction, _ := strings.Cut(s, ".")
	return onlyDigits(whole) && onlyDigits(fraction) && whole+fraction != ""
}

func isNotFinite(s string) bool {
	switch strings.ToLower(unsigned(s)) {
	case ".inf", ".nan":
		return true
	}
	return false
}

func unsigned(s string) string {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		return s[1:]
	}
	return s
}

func onlyDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }
