package source

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// restAt gives what stands in the text at a place, from there to the end of the line.
func restAt(text string, pos Pos) string {
	line := []rune(strings.Split(text, "\n")[pos.Line-1])
	if pos.Column > len(line) {
		return ""
	}
	return string(line[pos.Column-1:])
}

func words(extra string) *rapid.Generator[string] {
	return rapid.StringOfN(rapid.RuneFrom([]rune("abcXYZ01{}$.=é日😀"+extra)), 1, 8, -1)
}

// written is a scalar as it stands in a file: the text of the value and, for each rune of the value,
// what must stand where At says it is ("" where nothing is claimed: folded breaks).
type written struct {
	yaml  string
	value strings.Builder
	marks []string
}

func (w *written) add(value, source string) {
	for range value {
		w.marks = append(w.marks, source)
	}
	w.value.WriteString(value)
}

func (w *written) addAsIs(value string) {
	for _, r := range value {
		w.marks = append(w.marks, string(r))
	}
	w.value.WriteString(value)
}

func drawPlain(t *rapid.T) *written {
	w := &written{}
	lines := rapid.SliceOfN(words("'\"#"), 1, 4).Draw(t, "lines")
	for i, line := range lines {
		line = "v" + line // a plain value must not begin like something else
		blank := rapid.IntRange(0, 2).Draw(t, "blank")
		if i > 0 {
			w.yaml += strings.Repeat("\n", blank+1) + "      "
			if blank == 0 {
				w.add(" ", "")
			} else {
				w.add(strings.Repeat("\n", blank), "")
			}
		}
		w.yaml += line
		w.addAsIs(line)
	}
	return w
}

func drawQuoted(t *rapid.T, quote string, escapes map[string]string) *written {
	w := &written{yaml: quote}
	for range rapid.IntRange(0, 8).Draw(t, "parts") {
		if rapid.Bool().Draw(t, "escape") && len(escapes) > 0 {
			value := rapid.SampledFrom(keys(escapes)).Draw(t, "value")
			w.yaml += escapes[value]
			w.add(value, escapes[value])
			continue
		}
		if rapid.IntRange(0, 4).Draw(t, "fold") == 0 && w.value.Len() > 0 && !strings.HasSuffix(w.yaml, "\\t") {
			w.yaml += "\n    "
			w.add(" ", "")
		}
		word := rapid.StringOfN(rapid.RuneFrom([]rune("abc{}#:é日😀")), 1, 6, -1).Draw(t, "word")
		w.yaml += word
		w.addAsIs(word)
	}
	w.yaml += quote
	return w
}

func keys(m map[string]string) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	// rapid needs the same order each time
	for i := range all {
		for j := i + 1; j < len(all); j++ {
			if all[j] < all[i] {
				all[i], all[j] = all[j], all[i]
			}
		}
	}
	return all
}

func drawLiteral(t *rapid.T) *written {
	w := &written{yaml: "|"}
	chomp := rapid.SampledFrom([]string{"", "-", "+"}).Draw(t, "chomp")
	w.yaml += chomp
	lines := rapid.SliceOfN(words("'\"#: \\"), 1, 5).Draw(t, "lines")
	for i, line := range lines {
		line = "v" + strings.TrimRight(line, " ")
		if i > 0 {
			w.add("\n", "")
			line = strings.Repeat(" ", rapid.IntRange(0, 2).Draw(t, "deeper")) + line
			for range rapid.IntRange(0, 2).Draw(t, "blank") {
				w.yaml += "\n"
				w.add("\n", "")
			}
		}
		w.yaml += "\n    " + line
		w.addAsIs(line)
	}
	trailing := rapid.IntRange(0, 2).Draw(t, "trailing")
	w.yaml += strings.Repeat("\n", trailing)
	if chomp != "-" {
		w.add("\n", "")
	}
	if chomp == "+" {
		w.add(strings.Repeat("\n", trailing), "")
	}
	return w
}

func drawFolded(t *rapid.T) *written {
	w := &written{yaml: ">-"}
	deeper := false
	for i, line := range rapid.SliceOfN(words("'\"#:\\"), 1, 5).Draw(t, "lines") {
		indent := ""
		if i > 0 {
			indent = rapid.SampledFrom([]string{"", "  "}).Draw(t, "indent")
			blank := rapid.IntRange(0, 2).Draw(t, "blank")
			w.yaml += strings.Repeat("\n", blank)
			switch {
			case indent != "" || deeper:
				w.add(strings.Repeat("\n", blank+1), "")
			case blank > 0:
				w.add(strings.Repeat("\n", blank), "")
			default:
				w.add(" ", "")
			}
		}
		deeper = indent != ""
		w.yaml += "\n    " + indent + "v" + line
		w.addAsIs(indent + "v" + line)
	}
	return w
}

// At must point at the very rune, whatever the style does to the text.
func TestAtPointsAtTheRune(t *testing.T) {
	double := map[string]string{"\n": `\n`, "\t": `\t`, `"`: `\"`, `\`: `\\`, "é": `\u00e9`, "😀": `\U0001F600`, "\u00a0": `\_`, "😁": `\ud83d\ude01`}
	styles := map[string]func(*rapid.T) *written{
		"plain":   drawPlain,
		"single":  func(t *rapid.T) *written { return drawQuoted(t, "'", map[string]string{"'": "''"}) },
		"double":  func(t *rapid.T) *written { return drawQuoted(t, `"`, double) },
		"literal": drawLiteral,
		"folded":  drawFolded,
	}
	for name, draw := range styles {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			w := draw(t)
			before := rapid.SampledFrom([]string{"", "a: 1\n", "日: é\n", "# é\n"}).Draw(t, "before")
			after := rapid.SampledFrom([]string{"", "\n", "\n  z: end\n"}).Draw(t, "after")
			if name == "literal" && after == "" {
				after = "\n"
			}
			text := before + "map:\n  ké: " + w.yaml + after
			breaks := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "breaks")
			n, ds := Parse("f", []byte(strings.ReplaceAll(text, "\n", breaks)))
			if ds.HasErrors() {
				t.Fatalf("%q: %v", text, ds)
			}
			w.verify(t, text, n.Lookup("map").Lookup("ké"))
		}))
	}
}

func (w *written) verify(t *rapid.T, text string, n *Node) {
	value := w.value.String()
	if n.Value != value {
		t.Fatalf("%q\n gives %q\nwanted %q", text, n.Value, value)
	}
	i := 0
	for offset, r := range value {
		if mark := w.marks[i]; mark != "" && !strings.HasPrefix(restAt(text, n.At(offset)), mark) {
			t.Fatalf("%q: rune %q at %d should stand at %s", text, r, offset, n.At(offset))
		}
		i++
	}
}

func TestAtWithoutFile(t *testing.T) {
	if got := FromData("text").At(2); got != (Pos{}) {
		t.Errorf("got %v", got)
	}
	n, _ := Parse("f", []byte("a: 12"))
	if got := fmt.Sprint(n.Lookup("a").At(1)); got != "f:1:4" {
		t.Errorf("got %v", got)
	}
	var none *Node
	if got := none.At(1); got != (Pos{}) {
		t.Errorf("got %v", got)
	}
}
