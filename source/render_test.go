package source

import (
	"errors"
	"strings"
	"testing"
)

func render(d Diagnostic, line string, colour bool) string {
	var b strings.Builder
	Diagnostics{d}.Render(&b, Texts{"f": []byte(line)}, colour)
	return b.String()
}

func TestRenderMarksThePlace(t *testing.T) {
	d := Diagnostic{Pos: Pos{"f", 1, 5}, End: Pos{"f", 1, 8}, Message: "wrong", Hint: "mend it"}
	for line, want := range map[string]string{
		"key: value": "    1 | key: value\n      |     ^~~\n",
		"a\tb: x y":  "    1 | a    b: x y\n      |        ^~~\n",
		"日本: 値は長い":   "    1 | 日本: 値は長い\n      |       ^~~~~~\n",
		"ae\u0301:x": "    1 | ae\u0301:x\n      |    ^\n",
		"ab":         "    1 | ab\n      |   ^\n",
		"a\x1b[31mb": "    1 | a\ufffd[31mb\n      |     ^~~\n",
	} {
		want = "f:1:5: error: wrong\n" + want + "hint: mend it\n"
		if got := render(d, line, false); got != want {
			t.Errorf("%q\ngot:\n%s\nwant:\n%s", line, got, want)
		}
	}
}

func TestRenderCutsLongLines(t *testing.T) {
	line := strings.Repeat("a", 300) + "X" + strings.Repeat("b", 300)
	got := strings.Split(render(Diagnostic{Pos: Pos{"f", 1, 301}, Message: "wrong"}, line, false), "\n")
	shown, mark := []rune(got[1]), got[2]
	if len(shown) > excerptWidth+12 || shown[strings.Index(mark, "^")] != 'X' {
		t.Error(strings.Join(got, "\n"))
	}
	got = strings.Split(render(Diagnostic{Pos: Pos{"f", 1, 1}, Message: "wrong"}, line, false), "\n")
	if strings.Index(got[2], "^") != 8 || !strings.HasSuffix(got[1], "…") {
		t.Error(strings.Join(got, "\n"))
	}
}

func TestRenderColour(t *testing.T) {
	got := render(Diagnostic{Pos: Pos{"f", 1, 1}, Severity: Warning, Message: "odd", Hint: "look"}, "abc", true)
	want := "\x1b[1mf:1:1:\x1b[0m \x1b[1m\x1b[33mwarning:\x1b[0m odd\n\x1b[2m    1 |\x1b[0m abc\n\x1b[2m      |\x1b[0m \x1b[1m\x1b[33m^\x1b[0m\n\x1b[36mhint:\x1b[0m look\n"
	if got != want {
		t.Errorf("%q", got)
	}
	if got := render(Diagnostic{Message: "no place"}, "", false); got != "error: no place\n" {
		t.Errorf("%q", got)
	}
}

func TestDiagnostics(t *testing.T) {
	var ds Diagnostics
	ds.Warnf(Pos{"b", 1, 1}, "w", "odd")
	if ds.Err() != nil {
		t.Error("a warning is no error")
	}
	ds.Errorf(Pos{"a", 2, 1}, "e", "wrong %d %%", 1).Hint = "mend"
	ds.Errorf(Pos{"a", 1, 9}, "e", "first")
	ds.Sort()
	err := ds.Err()
	if err == nil || err.Error() != "a:1:9: first\na:2:1: wrong 1 % (mend)" {
		t.Errorf("%v", err)
	}
	var again Diagnostics
	if !errors.As(err, &again) || again.Errors() != 2 || again.Warnings() != 1 {
		t.Error(again)
	}
}
