package assist

import (
	"fmt"
	"strings"
	"testing"
)

// Each testdata/fixes/NAME.txt holds cases: a title behind ==, a text, and below -- each mistake with its fixes, and the
// lines that each fix changes, as they are afterwards. What a fix of a word makes must not have that mistake any more.
func TestFixes(t *testing.T) {
	each(t, "fixes/*.txt", func(t *testing.T, file, text string) {
		var out strings.Builder
		head, rest, _ := strings.Cut(text, "== ")
		out.WriteString(head)
		for _, one := range strings.Split("\n"+rest, "\n== ") {
			title, body, _ := strings.Cut(strings.TrimPrefix(one, "\n"), "\n")
			text, _, _ := strings.Cut(body, "\n--\n")
			fmt.Fprintf(&out, "== %s\n%s\n--\n%s\n", title, text, fixed(t, text))
		}
		golden(t, file, strings.TrimRight(out.String(), "\n")+"\n")
	})
}

func fixed(t *testing.T, text string) string {
	var out strings.Builder
	a := newAssistant(t)
	for _, d := range a.Check("w", text).Diagnostics {
		fmt.Fprintf(&out, "%d:%d %s\n", d.Pos.Line, d.Pos.Column, d.Message)
		for _, fix := range d.Fixes {
			after := applied(text, fix.Edits)
			fmt.Fprintf(&out, "  %s\n", fix.Title)
			was := map[string]bool{}
			for _, line := range newLines(text) {
				was[line] = true
			}
			for _, line := range newLines(after) {
				if !was[line] {
					fmt.Fprintf(&out, "    |%s\n", line)
				}
			}
			for _, left := range a.Check("w", after).Diagnostics {
				if left.Code == d.Code && left.Message == d.Message && left.Pos == d.Pos {
					t.Errorf("%s is not mended by %q:\n%s", d.Message, fix.Title, after)
				}
			}
		}
	}
	return out.String()
}

// applied carries out the edits of a fix.
func applied(text string, edits []Edit) string {
	all := newLines(text)
	for _, e := range edits {
		from, to := all.line(e.Line), all.line(e.EndLine)
		line := from[:offset(from, e.Column)] + e.Text + to[offset(to, e.EndColumn):]
		all = append(append(append(lines{}, all[:e.Line-1]...), line), all[e.EndLine:]...)
	}
	return strings.Join(all, "\n")
}
