package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// hanging writes a head and a text behind it. On a terminal of that width the text is broken between words, and its
// further lines stand below its first; in files and pipes, of width 0, each stays one line.
func hanging(out io.Writer, width int, head, text string) {
	const least = 24 // narrower columns are not for reading
	lines := []string{text}
	left := ansi.StringWidth(head)
	if width > 0 {
		if width-left < least {
			left = 6
		}
		lines = wrapped(text, width-left)
	}
	if width > 0 && left < ansi.StringWidth(head) && text != "" {
		fmt.Fprintln(out, strings.TrimRight(head, " "))
		head = strings.Repeat(" ", left)
	}
	for i, line := range lines {
		if i > 0 {
			head = strings.Repeat(" ", left)
		}
		fmt.Fprintln(out, strings.TrimRight(head+line, " "))
	}
}
