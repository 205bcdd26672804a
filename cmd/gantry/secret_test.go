package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadSecret: what editors put around a value does not belong to it.
func TestReadSecret(t *testing.T) {
	for text, want := range map[string]string{
		"abc":                 "abc",
		"abc\n":               "abc",
		"abc\r\n":             "abc",
		" a b \n":             " a b ",
		"a\nb\n":              "a\nb",
		"\ufeffabc\r\n":       "abc",
		"a\ufeffbc":           "a\ufeffbc",
		"\ufefftenant+id:s\n": "tenant+id:s",
	} {
		app, _ := newApp(t, t.TempDir(), false)
		file := filepath.Join(t.TempDir(), "value")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := app.secretFrom(file); err != nil || got != want {
			t.Errorf("%q in a file is read as %q, %v", text, got, err)
		}
		app.In = strings.NewReader(text)
		if got, err := app.askSecret("Value"); err != nil || got != want {
			t.Errorf("%q from standard input is read as %q, %v", text, got, err)
		}
	}
	app, _ := newApp(t, t.TempDir(), false)
	app.In = strings.NewReader("\ufeff\r\n")
	if got, err := app.askSecret("Value"); err == nil {
		t.Errorf("a byte order mark alone is taken as %q", got)
	}
}
