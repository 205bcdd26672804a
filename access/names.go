package access

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"

	"gantry/source"
)

// Limits of what people name, in characters.
const (
	maxLogin     = 254 // the longest e-mail address (RFC 5321)
	maxName      = 255
	maxTokenName = 100
)

// tidyLogin reads what somebody signs in with, an e-mail address or a short name, by the rules for user names of
// RFC 8265: compatibility forms are folded, and what is unreadable or invisible is refused. key is the form in which
// logins are compared, whatever their case.
func tidyLogin(text string) (login, key string, err error) {
	if utf8.RuneCountInString(text) > maxLogin || len(text) > 4*maxLogin {
		return "", "", invalid("The login %q is too long: at most %d characters.", source.OneLine(shortened(text)), maxLogin)
	}
	login, err = precis.UsernameCasePreserved.String(text)
	if err == nil {
		key, err = precis.UsernameCaseMapped.CompareKey(login)
	}
	if err != nil || login == "" || key == "" {
		return "", "", invalid("%q cannot be a login: it takes letters, digits and marks as in an e-mail address, without spaces.",
			source.OneLine(shortened(text))).WithHint("for example kim@example.com, or kim")
	}
	if strings.HasPrefix(login, "-") || mixesScripts(key) {
		return "", "", invalid("%q cannot be a login: it begins with a hyphen, or mixes letters of several scripts that look alike.",
			source.OneLine(shortened(text))).WithHint("for example kim@example.com, or kim")
	}
	return login, key, nil
}

// lookAlike are the scripts whose letters are taken for each other's.
var lookAlike = []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek}

func mixesScripts(text string) bool {
	seen := map[*unicode.RangeTable]bool{}
	for _, r := range text {
		for _, script := range lookAlike {
			if unicode.Is(script, r) {
				seen[script] = true
			}
		}
	}
	return len(seen) > 1
}

// tidyName checks what people read as a name, of a user or a token, and gives it composed (NFC).
func tidyName(what, text string, longest int) (string, error) {
	if !utf8.ValidString(text) {
		return "", invalid("The name of the %s is not valid UTF-8 text.", what)
	}
	text = strings.TrimSpace(norm.NFC.String(text))
	if text == "" {
		return "", invalid("The name of the %s is empty.", what)
	}
	if utf8.RuneCountInString(text) > longest {
		return "", invalid("The name of the %s is too long: at most %d characters.", what, longest)
	}
	for _, r := range text {
		if source.Deceives(r) {
			return "", invalid("The name of the %s has a control character or an invisible one (U+%04X).", what, r).WithHint("remove it")
		}
	}
	return text, nil
}
