package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// screen redraws a block of lines at the bottom of a terminal's output, each frame in one write, so that
// nothing flickers. What was written above the block stays. The cursor rests below the block, at the left.
type screen struct {
	out   io.Writer
	size  func() (width, height int)
	drawn []string // as the terminal shows them
	width int      // when they were drawn
}

// Escape sequences: a synchronised update is shown as one by terminals that know of it, the others ignore it.
const (
	beginFrame = "\x1b[?2026h\x1b[?25l"
	endFrame   = "\x1b[?25h\x1b[?2026l"
	clearRight = "\x1b[K"
	clearBelow = "\x1b[J"
)

// draw replaces the block. Lines must not be wider than the terminal.
func (s *screen) draw(lines []string) {
	width, _ := s.size()
	var b strings.Builder
	b.WriteString(beginFrame + "\r")
	if up := s.rows(width); up > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", up)
	}
	for i, line := range lines {
		if width == s.width && i < len(s.drawn) && s.drawn[i] == line {
			b.WriteString("\n") // it stands there already
			continue
		}
		b.WriteString(line + clearRight + "\n")
	}
	b.WriteString(clearBelow + endFrame)
	_, _ = io.WriteString(s.out, b.String()) // a terminal that is gone is no reason to stop the run
	s.drawn, s.width = lines, width
}

// above writes lines that stay, over the block, which moves down.
func (s *screen) above(text string) {
	drawn := s.drawn
	s.draw(nil)
	_, _ = io.WriteString(s.out, text+"\n")
	s.draw(drawn)
}

// rows is how many rows the block takes: in a terminal that has become narrower its lines are broken.
func (s *screen) rows(width int) int {
	rows := 0
	for _, line := range s.drawn {
		rows++
		if w := ansi.StringWidth(line); w > width && width > 0 {
			rows += (w - 1) / width
		}
	}
	return rows
}
