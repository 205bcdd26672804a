// Package faulttest checks faults in tests.
package faulttest

import (
	"strings"
	"testing"

	"gantry/fault"
)

// Must ends the test when there is an error.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Want checks the code of a fault, and that its message and hint say each of the words.
func Want(t testing.TB, err error, code fault.Code, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want code %s", code)
	}
	f := fault.From(err)
	if f.Code != code {
		t.Fatalf("code %s, want %s: %v", f.Code, code, err)
	}
	for _, word := range words {
		if !strings.Contains(f.Error(), word) {
			t.Errorf("%q does not say %q", f.Error(), word)
		}
	}
}
