package signature

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// row is how the handbook shows a preset.
func row(p Preset) string {
	proof := "`" + p.Scheme.Header + "`"
	if p.Scheme.Way == Basic {
		proof = "Basic"
	}
	signed := "the secret itself"
	if p.Scheme.Way == HMAC {
		signed = "`" + p.Scheme.Content + "`"
	}
	apart := "the body"
	switch p.Dedupe.By {
	case "header":
		apart = "`" + p.Dedupe.Name + "`"
	case "field":
		apart = "`" + p.Dedupe.Name + "` of the body"
	}
	window := "–"
	if p.Scheme.TimestampHeader != "" {
		window = fmt.Sprintf("%.0f min", p.Scheme.Tolerance.Minutes())
	}
	return fmt.Sprintf("| `%s` | [%s](%s) | %s | %s | %s | %s |", p.Name, p.Title, p.Docs, proof, signed, window, apart)
}

// TestHandbook holds the handbook's table of presets against the data.
func TestHandbook(t *testing.T) {
	text, err := os.ReadFile("../docs/triggers.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Presets() {
		if !strings.Contains(string(text), "\n"+row(p)+"\n") {
			t.Errorf("docs/triggers.md lacks the row\n%s", row(p))
		}
	}
}
