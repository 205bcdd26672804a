package schema

import (
	"strings"
	"testing"
)

func TestSizeIsAboutThatOfJSON(t *testing.T) {
	for _, text := range []string{`null`, `"abc"`, `[1,2,3]`, `{"a": [true, {"b": "` + strings.Repeat("x", 1000) + `"}], "c": 12345}`} {
		v, err := DecodeBytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := Size(v, 1<<20); got > 2*len(text)+10 || got < len(text)/3 {
			t.Errorf("%.40s: %d, is %d", text, got, len(text))
		}
	}
	big := []any{strings.Repeat("x", 100), strings.Repeat("y", 100)}
	if got := Size(big, 50); got <= 50 {
		t.Errorf("a value over the limit gives %d", got)
	}
}
