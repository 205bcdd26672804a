package main

import (
	"strings"
	"testing"
)

func TestReadShowsTheLastFrame(t *testing.T) {
	recording := "Script started on a day\n" +
		"\x1b[?25l\r⠋ run\x1b[K\r\n└─ \x1b[2mtask\x1b[0m\x1b[K\r\n\x1b[J" +
		"\x1b[2A\r\x1b[32m✓\x1b[0m run\x1b[K\r\n└─ \x1b[32m✓\x1b[0m task\x1b[K\r\n\x1b[J\r\n\x1b[32mdone\x1b[0m\r\n\r\n" +
		"Script done on a day\n"
	var got []string
	lines := read(recording)
	for _, line := range lines {
		got = append(got, textOf(line))
	}
	if want := "✓ run|└─ ✓ task||done"; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
	if lines[0][0].look.colour != 32 || lines[0][2].look != (look{}) {
		t.Errorf("the colours are wrong: %+v", lines[0])
	}
}

func TestDrawEscapes(t *testing.T) {
	var b strings.Builder
	draw(&b, "a < b", [][]cell{plainCells(`"x" & <y>`)})
	if svg := b.String(); !strings.Contains(svg, "&quot;x&quot; &amp; &lt;y&gt;") || strings.Contains(svg, "<y>") {
		t.Error(svg)
	}
}
