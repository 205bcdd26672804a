package source

import "testing"

func TestOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"Grüße, 世界":           "Grüße, 世界",
		"a\nb\tc\r":           "a b c ",
		"\x1b[2Jcleared\x07":  "[2Jcleared",
		"\u202eturned\u2066":  "turned",
		"\u0085next\u009bcsi": "nextcsi",
		"two\u2028lines":      "two lines",
		"Con\u200btoso\ufeff": "Contoso",
		"می\u200cخواهم":       "می\u200cخواهم",
	} {
		if got := OneLine(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestLatin(t *testing.T) {
	for name, want := range map[string]string{
		"plain_1": "plain_1", "Größe": "Grosse", "Ærø": "AEro", "Łódź": "Lodz", "Đorđe": "Dorde", "naïve": "naive", "İı": "Ii", "世": "世", "한": "한", "": "",
	} {
		if got := Latin(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestShellWord(t *testing.T) {
	for text, want := range map[string]string{"": "''", "halo-1": "halo-1", "it's $(mine)": `'it'\''s $(mine)'`, "a b": "'a b'", "`x`": "'`x`'"} {
		if got := ShellWord(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
