package project

import (
	"strings"
	"testing"
)

func TestChangedKeys(t *testing.T) {
	for _, c := range []struct{ was, is, want string }{
		{"", "", ""},
		{"server: {listen: ':1', url: 'https://a'}", "server: {listen: ':2', url: 'https://a'}", "server.listen"},
		{"data: x", "msp: {slug: a}", "data msp.slug"},
		{"data: x # one", "data: x # two", ""},
		{"", "queue: {limit: 5}", "queue.limit"},
		{"data: x", "data: [", SettingsFile},
	} {
		if got := strings.Join(changedKeys([]byte(c.was), []byte(c.is)), " "); got != c.want {
			t.Errorf("%q to %q: %q, want %q", c.was, c.is, got, c.want)
		}
	}
}
