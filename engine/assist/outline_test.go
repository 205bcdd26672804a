package assist

import (
	"encoding/json"
	"strings"
	"testing"
)

// Each testdata/outline/NAME.yaml has its outline beside it.
func TestOutline(t *testing.T) {
	each(t, "outline/*.yaml", func(t *testing.T, file, text string) {
		report := newAssistant(t).Check("w", text)
		got, err := json.MarshalIndent(report.Outline, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, strings.TrimSuffix(file, ".yaml")+".json", string(got)+"\n")
		for _, d := range report.Diagnostics {
			if d.End.Line < d.Pos.Line || d.End.Line == d.Pos.Line && d.End.Column < d.Pos.Column {
				t.Errorf("%v ends at %v", d.Diagnostic, d.End)
			}
		}
	})
}

func TestNoOutline(t *testing.T) {
	for _, text := range []string{"", "{", "a: [", "\xff"} {
		report := newAssistant(t).Check("w", text)
		if report.Outline != nil || report.Workflow != nil || len(report.Diagnostics) == 0 {
			t.Errorf("%q: %+v", text, report)
		}
	}
}
