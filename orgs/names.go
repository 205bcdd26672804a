package orgs

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

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

// reserved are words that say something else where slugs are written.
var reserved = []string{"all", "any", "default", "false", "inherit", "me", "msp-root", "none", "null", "parent", "root", "self", "this", "true"}

// parseNewSlug is ParseSlug for an organisation that is to get the slug.
func parseNewSlug(text string) (Slug, error) {
	slug, err := ParseSlug(text)
	if err == nil && slices.Contains(reserved, text) {
		return "", invalid("%q cannot be a slug: it is a word with a meaning of its own.", text).WithHint("for example %s-1", text)
	}
	return slug, err
}

// german writes umlauts as German does where it has only plain letters.
var german = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "'", "", "’", "")

// SlugOf makes a slug of a name: "Müller & Söhne GmbH" is mueller-soehne-gmbh, "O'Rourke Ltd." is orourke-ltd.
// It gives "" where nothing of the name can stand in one, and may be longer than a slug.
func SlugOf(name string) string {
	words := strings.FieldsFunc(strings.ToLower(source.Latin(german.Replace(norm.NFC.String(name)))), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, "-")
}

// ProposeSlug makes a slug of a name that is not taken: cut to length, and numbered (-2, -3 …) where it has
// to be. It gives "" where nothing of the name can stand in a slug.
func ProposeSlug(name string, taken func(slug string) bool) string {
	base := SlugOf(name)
	if base == "" {
		return ""
	}
	for n := 1; ; n++ {
		ending := ""
		if n > 1 {
			ending = "-" + strconv.Itoa(n)
		}
		slug := strings.TrimRight(base[:min(len(base), maxSlug-len(ending))], "-") + ending
		if !slices.Contains(reserved, slug) && !taken(slug) {
			return slug
		}
	}
}

// tidyName is checkText for what people read as a name; it gives the name in Unicode's composed form (NFC),
// so that an ä is one ä however it was typed.
func tidyName(what, text string, longest int) (string, error) {
	if utf8.ValidString(text) {
		text = norm.NFC.String(text)
	}
	return text, checkText(what, text, longest)
}

// foldedName is a name as it is compared with another: whatever its case, and however its letters are composed.
func foldedName(name string) string { return strings.ToLower(norm.NFC.String(name)) }

// checkText refuses what would be unreadable or deceptive in a list or a log: nothing, too much, control
// characters, line breaks, characters that turn the direction of writing or that nobody sees.
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
		if source.Deceives(r) {
			return invalid("The %s %q has a control character or an invisible one (U+%04X).", what, shortened(text), r).WithHint("remove it")
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

// tidyTags checks tags and gives them composed (NFC), sorted, each once.
func tidyTags(tags []string) ([]string, error) {
	if len(tags) > maxTags {
		return nil, invalid("An organisation has at most %d tags.", maxTags)
	}
	tidy := make([]string, 0, len(tags))
	for _, tag := range tags {
		tag, err := tidyName("tag", tag, maxTag)
		if err != nil {
			return nil, err
		}
		tidy = append(tidy, tag)
	}
	slices.Sort(tidy)
	return slices.Compact(tidy), nil
}
