package assist

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzAssist: whatever the text and wherever the cursor, every question is answered without a panic and in bounded time,
// and what is answered lies in the text.
func FuzzAssist(f *testing.F) {
	files, _ := filepath.Glob("testdata/*/*")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for i, one := range strings.Split(string(text), "\n== ") {
			f.Add(strings.ReplaceAll(one, cursor, ""), 2+i%5, 3+i)
		}
	}
	a := newAssistant(f)
	f.Fuzz(func(t *testing.T, text string, line, column int) {
		start := time.Now()
		c := a.Complete("w", text, line, column)
		if c.Items == nil || c.From.Line < 1 || c.From.Column < 1 {
			t.Errorf("%+v", c)
		}
		h := a.Hover("w", text, line, column)
		if h.Title != "" && (h.Line < 1 || h.EndColumn < h.Column) {
			t.Errorf("%+v", h)
		}
		all := newLines(text)
		for _, d := range a.Check("w", text).Diagnostics {
			for _, fix := range d.Fixes {
				for _, e := range fix.Edits {
					if e.Line < 1 || e.EndLine > len(all) || e.EndColumn > 1+utf8.RuneCountInString(all.line(e.EndLine)) || e.Column > e.EndColumn {
						t.Errorf("%+v of %q", e, text)
					}
				}
			}
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("took %s", took)
		}
	})
}

// Every place of every text of testdata has an answer.
func TestEveryPlace(t *testing.T) {
	a := newAssistant(t)
	each(t, "outline/*.yaml", func(t *testing.T, _, text string) {
		for _, breaks := range []string{"\n", "\r\n"} {
			for i, line := range newLines(text) {
				for column := 1; column <= len(line)+1; column += 3 {
					a.Complete("w", strings.ReplaceAll(text, "\n", breaks), i+1, column)
					a.Hover("w", strings.ReplaceAll(text, "\n", breaks), i+1, column)
				}
			}
		}
	})
}
