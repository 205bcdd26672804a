package expr

import (
	"regexp"
	"strings"
)

var memberName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

var inLiteral = strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

// Member writes the expression of a member of what another expression gives: client.name, or client['full name'] where
// the name cannot stand after a dot. The member of "" is the name.
func Member(of, name string) string {
	switch {
	case memberName.MatchString(name) && !reserved[name] && of == "":
		return name
	case memberName.MatchString(name) && !reserved[name]:
		return of + "." + name
	}
	return of + "['" + inLiteral.Replace(name) + "']"
}
