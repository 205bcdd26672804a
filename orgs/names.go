package orgs

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gantry/source"
)

// Limits of what people name, in characters.
const (
	maxSlug     = 63
	maxName     = 255
	maxTag      = 50
	maxTags     = 50
	maxVariable = 64
	maxExternal = 255
)

// Slug is an organisation's short name as it stands in commands and files: lower-case letters, digits and
// hyphens, beginning and ending with a letter or digit, at most 63 characters.
type Slug string

var slugPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// ParseSlug reads a slug from outside. The error proposes one where the text can be made into one.
func ParseSlug(text string) (Slug, error) {
	if slugPattern.MatchString(text) && len(text) <= maxSlug {
		return Slug(text), nil
	}
	err := invalid("%q is not a slug: it takes lower-case letters, digits and hyphens, begins and ends with a letter or digit, and has at most %d characters.",
		shortened(text), maxSlug)
	if proposal := SlugOf(text); proposal != "" && len(proposal) <= maxSlug {
		err.WithHint("for example %s", proposal)
	}
	return "", err
}

// SlugOf makes a slug of a name: "O'Rourke & Müller Ltd." is orourke-muller-ltd. It gives "" where nothing
// of the name can stand in one, and may be longer than a slug.
func SlugOf(name string) string {
	joined := strings.NewReplacer("'", "", "’", "").Replace(source.Latin(name))
	words := strings.FieldsFunc(strings.ToLower(joined), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, "-")
}

// checkText refuses what would be unreadable or deceptive in a list or a log: nothing, too much, control
// characters, line breaks, characters that turn the direction of writing.
func checkText(what, text string, longest int) error {
	switch {
	case !utf8.ValidString(text):
		return invalid("The %s is not valid UTF-8 text.", what)
	case strings.TrimSpace(text) == "":
		return invalid("The %s is empty.", what)
	case strings.TrimSpace(text) != text:
		return invalid("The %s %q begins or ends with a space.", what, shortened(text)).WithHint("remove the space")
	case utf8.RuneCountInString(text) > longest:
		return invalid("The %s %q is too long: at most %d characters.", what, shortened(text), longest)
	}
	for _, r := range text {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return invalid("The %s %q has a control character (U+%04X).", what, shortened(text), r).WithHint("remove it")
		}
	}
	return nil
}

// shortened keeps a wrong text from flooding the message about it.
func shortened(text string) string {
	const longest = 60
	if utf8.RuneCountInString(text) <= longest {
		return text
	}
	return string([]rune(text)[:longest]) + "…"
}

// checkIdentifier is for names that expressions write after a dot.
func checkIdentifier(what, name string) error {
	for i, r := range name {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			name = "" // not usable; told below
			break
		}
	}
	switch name {
	case "":
		return invalid("The %s must be of letters, digits and underscores, and not begin with a digit.", what).
			WithHint("expressions write it as org.vars.<name>")
	case "true", "false", "null", "in":
		return invalid("The %s cannot be %q: that is a word of expressions.", what, name)
	}
	if len(name) > maxVariable {
		return invalid("The %s %q is too long: at most %d characters.", what, shortened(name), maxVariable)
	}
	return nil
}

// checkIntegration is for ids of integrations: the folder's name.
func checkIntegration(id string) error {
	for i, r := range id {
		if (r < 'a' || r > 'z') && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			id = ""
			break
		}
	}
	if id == "" || len(id) > maxVariable {
		return invalid("An integration's id is of lower-case letters, digits and underscores, and begins with a letter.").
			WithHint("`gantry actions list` shows the integrations there are")
	}
	return nil
}

func checkTags(tags []string) error {
	if len(tags) > maxTags {
		return invalid("An organisation has at most %d tags.", maxTags)
	}
	for _, tag := range tags {
		if err := checkText("tag", tag, maxTag); err != nil {
			return err
		}
	}
	return nil
}
