package halo

import (
	"html"
	"regexp"
	"strings"
)

var (
	lineTags = regexp.MustCompile(`(?i)<\s*(br|/p|/div|/li|/tr)\b[^>]*>`)
	anyTag   = regexp.MustCompile(`<[^>]*>`)
)

// plainText is what Halo keeps of an HTML note for people who read text.
func plainText(text string) string {
	text = anyTag.ReplaceAllString(lineTags.ReplaceAllString(text, "\n"), "")
	return strings.TrimSpace(html.UnescapeString(text))
}

// htmlText is a plain note as HTML.
func htmlText(text string) string {
	return "<p>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") + "</p>"
}
