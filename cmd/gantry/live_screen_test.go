package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

// fakeTerminal understands what screen writes: text, line breaks, cursor up, clearing.
type fakeTerminal struct {
	width, height int
	rows          [][]rune // all that were ever written, scrolled ones first
	top           int      // first visible row
	row, col      int
}

var sequence = regexp.MustCompile(`^\x1b\[([?0-9;]*)([A-Za-z])`)

func (f *fakeTerminal) Write(text []byte) (int, error) {
	rest := string(text)
	for rest != "" {
		if m := sequence.FindStringSubmatch(rest); m != nil {
			f.escape(m[1], m[2])
			rest = rest[len(m[0]):]
			continue
		}
		r := []rune(rest)[0]
		rest = rest[len(string(r)):]
		f.put(r)
	}
	return len(text), nil
}

func (f *fakeTerminal) at(row int) *[]rune {
	for len(f.rows) <= row {
		f.rows = append(f.rows, nil)
	}
	return &f.rows[row]
}

func (f *fakeTerminal) put(r rune) {
	switch r {
	case '\r':
		f.col = 0
	case '\n':
		f.row, f.col = f.row+1, 0
		f.at(f.row)
		f.top = max(f.top, f.row-f.height+1)
	default:
		line := f.at(f.row)
		for len(*line) <= f.col {
			*line = append(*line, ' ')
		}
		(*line)[f.col] = r
		f.col++
	}
}

func (f *fakeTerminal) escape(arg, kind string) {
	switch kind {
	case "A":
		n, _ := strconv.Atoi(arg)
		f.row = max(f.row-n, f.top)
	case "K":
		line := f.at(f.row)
		*line = (*line)[:min(f.col, len(*line))]
	case "J":
		line := f.at(f.row)
		*line = (*line)[:min(f.col, len(*line))]
		for i := f.row + 1; i < len(f.rows); i++ {
			f.rows[i] = nil
		}
	}
}

func (f *fakeTerminal) text() string {
	var lines []string
	for _, row := range f.rows {
		lines = append(lines, strings.TrimRight(string(row), " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// Whatever frames are drawn, the terminal shows what was there before, the lines said, and the last frame.
func TestScreenLeavesTheLastFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terminal := &fakeTerminal{width: 40, height: 10}
		s := screen{out: terminal, size: func() (int, int) { return terminal.width, terminal.height }}
		fmt.Fprint(terminal, "before\n")
		want := []string{"before"}
		var last []string
		for range rapid.IntRange(1, 12).Draw(t, "frames") {
			if rapid.IntRange(0, 4).Draw(t, "say") == 0 {
				s.above("said")
				want = append(want, "said")
				continue
			}
			last = rapid.SliceOfN(rapid.StringMatching(`[a-z]{0,30}x`), 0, 9).Draw(t, "lines")
			s.draw(last)
		}
		if got := terminal.text(); got != strings.Join(append(want, last...), "\n") {
			t.Fatalf("shows\n%s\nwant\n%s\n%s", got, strings.Join(want, "\n"), strings.Join(last, "\n"))
		}
	})
}

func TestScreenCountsBrokenLines(t *testing.T) {
	s := screen{drawn: []string{strings.Repeat("a", 60), "b", strings.Repeat("c", 61)}, width: 80}
	for width, want := range map[int]int{80: 3, 60: 4, 30: 2 + 1 + 3} {
		if got := s.rows(width); got != want {
			t.Errorf("at %d columns %d rows, want %d", width, got, want)
		}
	}
	if ansi.StringWidth(beginFrame+endFrame+clearBelow+clearRight) != 0 {
		t.Error("control sequences have a width")
	}
}
