package assist

import (
	"strings"
	"testing"
)

// Each testdata/hover/NAME.txt holds cases like those of completion: below -- stands what is told of the word at the cursor,
// with the word itself, its type, and what it means.
func TestHover(t *testing.T) {
	each(t, "hover/*.txt", func(t *testing.T, file, text string) {
		golden(t, file, answered(t, text, func(a *Assistant, text string, line, column int) string {
			h := a.Hover("triage/new", text, line, column)
			if h.Title == "" {
				return "nothing\n"
			}
			if h.Line != line || h.EndLine != line || h.Column > column || h.EndColumn < column {
				t.Errorf("%+v is not about %d:%d", h, line, column)
			}
			word := string([]rune(strings.Split(text, "\n")[line-1])[h.Column-1 : h.EndColumn-1])
			return "of " + word + "\n" + h.Title + "\n" + h.Type + "\n" + h.Text + "\n"
		}))
	})
}
