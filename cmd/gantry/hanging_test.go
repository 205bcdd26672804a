package main

import (
	"strings"
	"testing"
)

func TestHanging(t *testing.T) {
	for name, c := range map[string]struct {
		width            int
		head, text, want string
	}{
		"a file":             {0, "  id  ", strings.Repeat("long ", 30), "  id  " + strings.TrimRight(strings.Repeat("long ", 30), " ") + "\n"},
		"a terminal":         {32, "  id  ", "the number of the ticket within Halo", "  id  the number of the ticket\n      within Halo\n"},
		"a head too wide":    {32, "  new_approvalprocess  ", "the one to start when it is written", "  new_approvalprocess\n      the one to start when it\n      is written\n"},
		"nothing to say":     {32, "  new_approvalprocess  ", "", "  new_approvalprocess\n"},
		"nothing, in a file": {0, "  id  ", "", "  id\n"},
	} {
		var b strings.Builder
		hanging(&b, c.width, c.head, c.text)
		if b.String() != c.want {
			t.Errorf("%s: %q, want %q", name, b.String(), c.want)
		}
	}
}
