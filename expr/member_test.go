package expr

import "testing"

func TestMember(t *testing.T) {
	for _, c := range []struct{ of, name, want string }{
		{"", "clients", "clients"},
		{"clients[3]", "name", "clients[3].name"},
		{"client", "full name", "client['full name']"},
		{"client", "in", "client['in']"},
		{"", "it's\na \\", `['it\'s\na \\']`},
	} {
		if got := Member(c.of, c.name); got != c.want {
			t.Errorf("Member(%q, %q) = %s, want %s", c.of, c.name, got, c.want)
		}
	}
}
