package access

import (
	"strings"

	"gantry/fault"
	"gantry/source"
)

// Role is what somebody may do over an organisation and everything below it. Each includes the one before.
// The zero value is no role.
type Role int

// The roles, from the least to the most.
const (
	// Viewer reads runs, triggers, workflows, organisations and variables, never secrets.
	Viewer Role = iota + 1
	// Operator also starts, cancels and resumes runs, and fires triggers.
	Operator
	// Author also changes workflows and plain variables, switches triggers, and renews webhook addresses.
	Author
	// Admin also changes organisations, secrets, integrations, mappings, users and tokens, and reads the audit log.
	Admin
)

var roleNames = []string{"none", "viewer", "operator", "author", "admin"}

// Roles gives all roles, from the least to the most.
func Roles() []Role { return []Role{Viewer, Operator, Author, Admin} }

// String gives the role's name as people write it; "none" for what is no role.
func (r Role) String() string {
	if r < Viewer || r > Admin {
		return roleNames[0]
	}
	return roleNames[r]
}

// ParseRole reads a role's name: viewer, operator, author or admin.
func ParseRole(name string) (Role, error) {
	for _, role := range Roles() {
		if name == role.String() {
			return role, nil
		}
	}
	names := roleNames[1:]
	f := fault.New(fault.InvalidInput, "%q is not a role: it is one of %s.", source.OneLine(shortened(name)), strings.Join(names, ", "))
	return 0, f.WithHint("%s", source.DidYouMean(name, names))
}

// MarshalText writes the role's name.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the role's name.
func (r *Role) UnmarshalText(text []byte) error {
	role, err := ParseRole(string(text))
	if err != nil {
		return err
	}
	*r = role
	return nil
}
