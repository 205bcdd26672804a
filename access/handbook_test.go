package access_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"gantry/access"
)

// TestHandbookHasTheTable compares the handbook's table of roles with the one that counts.
func TestHandbookHasTheTable(t *testing.T) {
	page, err := os.ReadFile("../docs/access.md")
	must(t, err)
	rows := 0
	for line := range strings.Lines(string(page)) {
		if strings.HasPrefix(line, "| `") {
			rows++
		}
	}
	for _, rule := range access.Table() {
		if row := fmt.Sprintf("| `%s` | %s | %s |\n", rule.Scope, rule.Least, rule.What); !strings.Contains(string(page), row) {
			t.Errorf("docs/access.md has not got %s", row)
		}
	}
	if rows != len(access.Table()) {
		t.Errorf("docs/access.md has %d rows, the table %d", rows, len(access.Table()))
	}
}
