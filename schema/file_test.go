package schema

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestFilesInText(t *testing.T) {
	file := parsed(t, "{type: string, format: file, max_mib: 1}")
	base := strings.Repeat("A", 1<<20)
	for name, c := range map[string]struct{ text, problem string }{
		"plain":              {"aGVsbG8=", ""},
		"with line breaks":   {"aGVs\r\nbG8=", ""},
		"a data address":     {"data:text/plain;base64,aGVsbG8=", ""},
		"capital letters":    {"DATA:image/PNG;BASE64,aGVsbG8=", ""},
		"empty":              {"", ""},
		"an empty address":   {"data:;base64,", ""},
		"exactly the bound":  {base64.StdEncoding.EncodeToString([]byte(base)), ""},
		"one byte more":      {base64.StdEncoding.EncodeToString([]byte(base + "ABC")), "at most 1 MiB, this one has 1.0 MiB"},
		"twice the bound":    {base64.StdEncoding.EncodeToString([]byte(base + base)), "at most 1 MiB, this one has 2.0 MiB"},
		"a web address":      {"https://example.com/a.png", "must be a file in base64"},
		"percent encoded":    {"data:text/plain,hello", "must be a file in base64"},
		"no comma":           {"data:text/plain;base64", "must be a file in base64"},
		"cut off in a group": {"aGVsbG8", "must be a file in base64"},
	} {
		problems := file.Check(c.text)
		switch {
		case c.problem == "" && len(problems) > 0:
			t.Errorf("%s: %v", name, problems)
		case c.problem != "" && (len(problems) == 0 || !strings.Contains(problems[0].String(), c.problem)):
			t.Errorf("%s: %v, want %q", name, problems, c.problem)
		}
	}
}
