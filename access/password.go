package access

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"

	"gantry/fault"
)

// Bounds of a password, in characters. There are no rules about digits and marks: they make passwords predictable
// (NIST SP 800-63B, 3.1.1.2).
const (
	leastPassword = 12
	mostPassword  = 256
)

// common are words that the commonest passwords are made of, one a line.
//
//go:embed common_passwords.txt
var commonFile string

var common = func() map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(commonFile) {
		if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "#") {
			words[word] = true
		}
	}
	return words
}()

// tidyPassword gives a password in the form in which it is hashed (RFC 8265, OpaqueString), so that an ä is one ä
// however the keyboard makes it.
func tidyPassword(text string) (string, error) {
	if len(text) > 4*mostPassword || utf8.RuneCountInString(text) > mostPassword {
		return "", invalid("The password is too long: at most %d characters.", mostPassword)
	}
	tidy, err := precis.OpaqueString.String(text)
	if err != nil {
		return "", invalid("The password is empty or has control characters.")
	}
	return tidy, nil
}

// newPassword is tidyPassword for one that is being chosen, by somebody with the login and name.
func newPassword(text, login, name string) (string, error) {
	password, err := tidyPassword(text)
	if err != nil {
		return "", err
	}
	switch {
	case utf8.RuneCountInString(password) < leastPassword:
		return "", weak("it has fewer than %d characters", leastPassword)
	case isCommon(password):
		return "", weak("it is one of the first that are tried")
	case ofName(password, login), ofName(password, name):
		return "", weak("it is made of the user's name")
	}
	return password, nil
}

func weak(format string, args ...any) *fault.Error {
	return invalid("The password cannot be taken: "+format+".", args...).
		WithHint("four or more words that do not belong together make a good one")
}

// isCommon tells whether a password is a known one, however it is padded with digits and marks, says the same again
// and again, or only counts up or down.
func isCommon(password string) bool {
	lower := strings.ToLower(password)
	letters := lettersOf(lower)
	return common[lower] || common[letters] || common[repeated(letters)] || common[repeated(lower)] ||
		len([]rune(repeated(lower))) <= 4 || counts(lower)
}

// plainLetters undoes what people write for letters.
var plainLetters = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// lettersOf gives the letters of a password without the digits and marks around them, in which those for letters
// are undone: p@ssw0rd!2024 is password.
func lettersOf(password string) string {
	trimmed := strings.TrimFunc(password, func(r rune) bool { return !unicode.IsLetter(r) })
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, plainLetters.Replace(trimmed))
}

// repeated gives the shortest text of which the whole is a repetition: abcabcab is abc.
func repeated(text string) string {
	runes := []rune(text)
	for n := 1; n < len(runes); n++ {
		again := true
		for i := n; i < len(runes) && again; i++ {
			again = runes[i] == runes[i-n]
		}
		if again {
			return string(runes[:n])
		}
	}
	return text
}

// counts tells whether each character follows the one before, up or down: 123456789012, abcdefghijkl.
func counts(text string) bool {
	runes := []rune(text)
	for _, step := range []rune{1, -1} {
		steady := 0
		for i := 1; i < len(runes); i++ {
			if runes[i]-runes[i-1] == step {
				steady++
			}
		}
		if steady >= len(runes)-2 { // one break: …890, …zab
			return true
		}
	}
	return false
}

// ofName tells whether little of a password is left when the name, or the part of an address before the @, is taken away.
func ofName(password, name string) bool {
	lower := strings.ToLower(password)
	name = strings.ToLower(name)
	local, _, _ := strings.Cut(name, "@")
	for _, part := range []string{name, strings.ReplaceAll(name, " ", ""), local} {
		if utf8.RuneCountInString(part) < 3 || !strings.Contains(lower, part) {
			continue
		}
		if utf8.RuneCountInString(strings.ReplaceAll(lower, part, "")) < leastPassword/2 {
			return true
		}
	}
	return false
}
