package project

import (
	"strings"
	"testing"
)

func TestPublishingSettings(t *testing.T) {
	for text, want := range map[string]Publishing{
		"":            {},
		"publishing:": {},
		"publishing: {console: true, comment: optional}":  {},
		"publishing: {console: false}":                    {FilesOnly: true},
		"publishing: {comment: required}":                 {NeedsComment: true},
		"publishing: {console: false, comment: required}": {FilesOnly: true, NeedsComment: true},
	} {
		if s, said := settingsOf(t, text, ""); s.Publishing != want || said != "" {
			t.Errorf("%q: %+v %s", text, s.Publishing, said)
		}
	}
	for text, want := range map[string]string{
		"publishing: {consle: true}":   `did you mean "console"?`,
		"publishing: {console: never}": "1:23: error",
		"publishing: {comment: maybe}": "it is optional or required",
		"publishing: false":            "1:13: error",
	} {
		if _, said := settingsOf(t, text, ""); !strings.Contains(said, want) {
			t.Errorf("%q: want %q in\n%s", text, want, said)
		}
	}
}
