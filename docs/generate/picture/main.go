// Command picture turns what a terminal showed into an SVG: the colours and weights of the text, in a window.
// It reads a recording (`script -qec COMMAND FILE`) from standard input; the title is the command:
//
//	script -qec "gantry run test-halo-integration --sandbox" run.raw
//	go run ./docs/generate/picture "gantry run test-halo-integration --sandbox" < run.raw > docs/images/run.svg
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: picture COMMAND < RECORDING > SVG")
		os.Exit(2)
	}
	recording, err := io.ReadAll(os.Stdin)
	if err == nil {
		out := bufio.NewWriter(os.Stdout)
		draw(out, os.Args[1], read(string(recording)))
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

// The look of the window, in pixels and colours.
const (
	width, lineHeight = 9.0, 20.0
	left, top, bar    = 20.0, 24.0, 34.0
	background        = "#16181d"
	foreground        = "#d7dae0"
)

// colours are those of SGR 30 to 37.
var colours = map[int]string{31: "#f47067", 32: "#6bc46d", 33: "#daaa3f", 34: "#6cb6ff", 35: "#dcbdfb", 36: "#56d4dd"}

func draw(w io.Writer, command string, lines [][]cell) {
	columns := len([]rune(command)) + 2
	for _, line := range lines {
		columns = max(columns, len(line))
	}
	wide := left*2 + width*float64(columns)
	high := bar + top*2 + lineHeight*float64(len(lines)+1)
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-label="%s">`+"\n",
		wide, high, wide, high, escape("A terminal: "+command))
	fmt.Fprintf(w, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", background)
	for i, colour := range []string{"#f47067", "#daaa3f", "#6bc46d"} {
		fmt.Fprintf(w, `<circle cx="%d" cy="18" r="6" fill="%s"/>`+"\n", 22+i*20, colour)
	}
	fmt.Fprintf(w, `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="15" fill="%s" xml:space="preserve">`+"\n", foreground)
	text(w, bar+top, append([]cell{{r: '$', look: look{dim: true}}, {r: ' '}}, plainCells(command)...))
	for i, line := range lines {
		text(w, bar+top+lineHeight*float64(i+1), line)
	}
	fmt.Fprint(w, "</g>\n</svg>\n")
}

func plainCells(s string) []cell {
	var line []cell
	for _, r := range s {
		line = append(line, cell{r: r})
	}
	return line
}

// text writes a line as runs of one look. Each says its length, so that the columns stand whatever the font.
func text(w io.Writer, y float64, line []cell) {
	for start := 0; start < len(line); {
		end := start
		var b strings.Builder
		for end < len(line) && line[end].look == line[start].look {
			b.WriteRune(line[end].r)
			end++
		}
		if strings.TrimSpace(b.String()) != "" {
			fmt.Fprintf(w, `<text x="%.1f" y="%.1f" textLength="%.1f"%s>%s</text>`+"\n",
				left+width*float64(start), y, width*float64(end-start), line[start].look.attributes(), escape(b.String()))
		}
		start = end
	}
}

func (l look) attributes() string {
	var b strings.Builder
	if colour, known := colours[l.colour]; known {
		fmt.Fprintf(&b, ` fill="%s"`, colour)
	}
	if l.bold {
		b.WriteString(` font-weight="bold"`)
	}
	if l.dim {
		b.WriteString(` opacity="0.6"`)
	}
	return b.String()
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}
