package orgs

import (
	"strings"
	"unicode/utf8"

	"gantry/fault"
	"gantry/schema"
)

// Spreadsheets run a cell that begins with one of these as a formula
// (https://owasp.org/www-community/attacks/CSV_Injection).
const formulaStarts = "=+-@\t\r＝＋－＠"

// GuardCell writes a text so that no spreadsheet takes it for a formula: with an apostrophe before it, which
// UnguardCell takes away again.
func GuardCell(text string) string {
	if startsFormula(text) {
		return "'" + text
	}
	return text
}

// UnguardCell is the reverse of GuardCell.
func UnguardCell(cell string) string {
	if strings.HasPrefix(cell, "'") && startsFormula(cell) {
		return cell[1:]
	}
	return cell
}

// startsFormula looks behind apostrophes, too: a text that looks guarded is guarded once more.
func startsFormula(text string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, "'"))
	return r != utf8.RuneError && strings.ContainsRune(formulaStarts, r)
}

// splitTags reads tags that are separated by semicolons or commas; one with such a character in it stands
// in double quotes.
func splitTags(cell string) ([]string, error) {
	tags := []string{}
	var tag strings.Builder
	quoted, wasQuoted := false, false
	end := func() {
		text := tag.String()
		if !wasQuoted {
			text = strings.TrimSpace(text)
		}
		if text != "" {
			tags = append(tags, text)
		}
		tag.Reset()
		wasQuoted = false
	}
	runes := []rune(cell)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case quoted && r == '"' && i+1 < len(runes) && runes[i+1] == '"':
			tag.WriteRune('"')
			i++
		case quoted && r == '"':
			quoted = false
		case quoted:
			tag.WriteRune(r)
		case r == '"' && strings.TrimSpace(tag.String()) == "" && !wasQuoted:
			tag.Reset()
			quoted, wasQuoted = true, true
		case r == ',' || r == ';':
			end()
		case wasQuoted && r == ' ': // between the closing quote and the separator
		default:
			tag.WriteRune(r)
		}
	}
	if quoted {
		return nil, invalid("A quote in the tags is not closed.").WithHint("tags are separated by semicolons; one with a semicolon or comma in it stands in double quotes")
	}
	end()
	return tags, nil
}

// joinTags is the reverse of splitTags.
func joinTags(tags []string) string {
	written := make([]string, len(tags))
	for i, tag := range tags {
		written[i] = tag
		if strings.ContainsAny(tag, `",;`) {
			written[i] = `"` + strings.ReplaceAll(tag, `"`, `""`) + `"`
		}
	}
	return strings.Join(written, ";")
}

// readEnabled reads what spreadsheets and other programs write for true and false.
func readEnabled(cell string) (bool, error) {
	switch strings.ToLower(cell) {
	case "true", "yes", "1", "wahr", "vrai":
		return true, nil
	case "false", "no", "0", "falsch", "faux":
		return false, nil
	}
	return false, invalid("%q is neither true nor false.", shortened(cell)).WithHint("write true or false in the column enabled")
}

// FromText reads a variable's value of a type from a text as people type it.
func FromText(name, kind, text string) (any, error) {
	value, err := schemaType(kind).FromText(text)
	if err != nil {
		return nil, fault.Wrap(err, fault.InvalidInput, "The variable %s %s.", name, err)
	}
	return value, nil
}

// cellOf writes a value so that FromText reads it; ok tells whether that is so.
func cellOf(name, kind string, value any) (cell string, ok bool) {
	text, isText := value.(string)
	value = plainNumber(value)
	if !isText {
		encoded, err := schema.Encode(value)
		if err != nil {
			return "", false
		}
		text = string(encoded)
	}
	again, err := FromText(name, kind, text)
	again = plainNumber(again)
	if err != nil || text == "" || strings.Contains(text, "\r") || !sameData(again, value) {
		return "", false
	}
	if isText {
		return GuardCell(text), true
	}
	return text, true
}
