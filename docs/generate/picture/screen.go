package main

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// cell is one character of the screen and how it looks.
type cell struct {
	r    rune
	look look
}

type look struct {
	colour    int // SGR 31 to 36; 0 is the usual one
	bold, dim bool
}

// screen is a terminal as far as gantry uses one: text, colours, and going back to write lines anew.
type screen struct {
	lines    [][]cell
	row, col int
	look     look
}

var control = regexp.MustCompile(`^\x1b\[([?0-9;]*)([A-Za-z])`)

// read plays a recording and gives what the screen shows at the end.
func read(recording string) [][]cell {
	s := &screen{}
	for _, line := range strings.SplitAfter(recording, "\n") {
		if strings.HasPrefix(line, "Script started on") || strings.HasPrefix(line, "Script done on") {
			continue
		}
		s.play(line)
	}
	blank := func(line []cell) bool { return strings.TrimSpace(textOf(line)) == "" }
	for len(s.lines) > 0 && blank(s.lines[len(s.lines)-1]) {
		s.lines = s.lines[:len(s.lines)-1]
	}
	return s.lines
}

func textOf(line []cell) string {
	var b strings.Builder
	for _, c := range line {
		b.WriteRune(c.r)
	}
	return b.String()
}

func (s *screen) play(text string) {
	for text != "" {
		if m := control.FindStringSubmatch(text); m != nil {
			s.control(m[1], m[2])
			text = text[len(m[0]):]
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		text = text[size:]
		switch {
		case r == '\n':
			s.row++
		case r == '\r':
			s.col = 0
		case r >= ' ':
			s.put(r)
		}
	}
}

func (s *screen) put(r rune) {
	for len(s.lines) <= s.row {
		s.lines = append(s.lines, nil)
	}
	for len(s.lines[s.row]) <= s.col {
		s.lines[s.row] = append(s.lines[s.row], cell{r: ' '})
	}
	s.lines[s.row][s.col] = cell{r, s.look}
	s.col++
}

func (s *screen) control(params, final string) {
	n := 1
	if v, err := strconv.Atoi(params); err == nil {
		n = v
	}
	switch final {
	case "A":
		s.row = max(0, s.row-n)
	case "B":
		s.row += n
	case "C":
		s.col += n
	case "D":
		s.col = max(0, s.col-n)
	case "G":
		s.col = max(0, n-1)
	case "K":
		if s.row < len(s.lines) && s.col < len(s.lines[s.row]) {
			s.lines[s.row] = s.lines[s.row][:s.col]
		}
	case "J":
		if s.row < len(s.lines) {
			s.lines = slices.Delete(s.lines, s.row, len(s.lines))
		}
	case "m":
		s.style(params)
	}
}

func (s *screen) style(params string) {
	for param := range strings.SplitSeq(params, ";") {
		switch n, _ := strconv.Atoi(param); {
		case n == 0:
			s.look = look{}
		case n == 1:
			s.look.bold = true
		case n == 2:
			s.look.dim = true
		case n == 22:
			s.look.bold, s.look.dim = false, false
		case n >= 31 && n <= 36:
			s.look.colour = n
		case n == 39:
			s.look.colour = 0
		}
	}
}
