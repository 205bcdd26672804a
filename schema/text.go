package schema

import (
	"encoding/base64"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// text checks the limits of text.
func (w *walker) text(t *Type, s string) {
	if !w.check {
		return
	}
	if t.MinLength != nil && utf8.RuneCountInString(s) < *t.MinLength {
		if s == "" {
			w.problem("must not be empty")
		} else {
			w.problem("must have at least %d characters", *t.MinLength)
		}
	}
	if t.MaxLength != nil && utf8.RuneCountInString(s) > *t.MaxLength {
		w.problem("must have at most %d characters", *t.MaxLength)
	}
	if t.Pattern != "" {
		if re, err := compiled(t.Pattern); err == nil && !re.MatchString(s) {
			w.problem("does not fit the pattern %s", t.Pattern)
		}
	}
	w.fileSize(t, s)
	if f, known := formats[t.Format]; known && f.fits != nil && s != "" && !f.fits(s) {
		w.problem("must be %s", f.words)
	}
}

// patterns keeps compiled patterns: they come from declarations, of which there are few.
var patterns sync.Map // string -> *regexp.Regexp

func compiled(pattern string) (*regexp.Regexp, error) {
	if re, ok := patterns.Load(pattern); ok {
		return re.(*regexp.Regexp), nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	patterns.Store(pattern, re)
	return re, nil
}

// format is a form of text. Empty text fits every format: whether it may be empty is min_length's matter.
type format struct {
	words string
	fits  func(string) bool // nil: a hint for editors and forms only
	json  string            // its name in JSON Schema, "" where there is none
}

var formats = map[string]format{
	"date-time": {"a date and time such as 2026-01-31T09:00:00Z", isDateTime, "date-time"},
	"date":      {"a date such as 2026-01-31", isDate, "date"},
	"email":     {"an e-mail address", isEmail, "email"},
	"uri":       {"an address such as https://example.com", isURI, "uri"},
	"duration":  {`a duration such as "30s", "5m", "8h" or "30d"`, isDuration, ""},
	"base64":    {"base64", isBase64, ""},
	"file":      {"a file in base64, plain or as a data: address", isFile, ""},
	"html":      {"HTML", nil, ""},
	"multiline": {"text of several lines", nil, ""},
}

func isDateTime(s string) bool {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == strings.TrimSpace(s)
}

func isURI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme != "" && (u.Host != "" || u.Opaque != "" || u.Path != "")
}

func isDuration(s string) bool {
	_, err := ParseDuration(s)
	return err == nil
}

func isBase64(s string) bool {
	_, err := base64.StdEncoding.DecodeString(s)
	return err == nil
}
