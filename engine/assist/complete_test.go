package assist

import (
	"fmt"
	"strings"
	"testing"
)

// cursor marks the place in the texts of testdata.
const cursor = "█"

// Each testdata/complete/NAME.txt holds cases: a title behind ==, a text with the cursor as █, and below -- what can be
// written there: label, kind, detail, and behind => what is inserted where that is not the label. At most 14 are listed.
func TestComplete(t *testing.T) {
	each(t, "complete/*.txt", func(t *testing.T, file, text string) {
		golden(t, file, answered(t, text, func(a *Assistant, text string, line, column int) string {
			c := a.Complete("triage/new", text, line, column)
			var out strings.Builder
			if from := strings.Split(text, "\n")[line-1]; c.From.Line == line {
				word := []rune(from)[c.From.Column-1 : column-1]
				fmt.Fprintf(&out, "in place of %q\n", string(word))
			}
			for i, item := range c.Items {
				if i == 14 {
					fmt.Fprintf(&out, "… and %d more\n", len(c.Items)-i)
					break
				}
				fmt.Fprintf(&out, "%s (%s) %s", item.Label, item.Kind, item.Detail)
				if item.Insert != item.Label {
					fmt.Fprintf(&out, " => %q", item.Insert)
				}
				out.WriteString("\n")
			}
			return out.String()
		}))
	})
}

// answered writes the cases of a file anew, with the answers that are given now.
func answered(t *testing.T, file string, answer func(a *Assistant, text string, line, column int) string) string {
	t.Helper()
	var out strings.Builder
	head, rest, _ := strings.Cut(file, "== ")
	out.WriteString(head)
	for _, one := range strings.Split("\n"+rest, "\n== ") {
		title, body, _ := strings.Cut(strings.TrimPrefix(one, "\n"), "\n")
		text, _, ok := strings.Cut(body, "\n--\n")
		before, after, marked := strings.Cut(text, cursor)
		if !ok || !marked {
			t.Fatalf("%q has no %s or no --", title, cursor)
		}
		lines := strings.Split(before, "\n")
		line, column := len(lines), 1+len([]rune(lines[len(lines)-1]))
		a := newAssistant(t)
		got := answer(a, before+after, line, column)
		fmt.Fprintf(&out, "== %s\n%s\n--\n%s\n", title, text, got)
	}
	return strings.TrimRight(out.String(), "\n") + "\n"
}
