package access_test

import (
	"testing"

	"gantry/access"
)

func TestNobodyMayAnything(t *testing.T) {
	for name, c := range map[string]*access.Caller{"nil": nil, "zero": {}, "stranger": {Kind: access.ByNone}, "user without grants": {Kind: access.ByUser},
		"token without scopes": {Kind: access.ByToken}, "unknown kind": {Kind: "admin"}} {
		for _, rule := range access.Table() {
			for _, role := range append(access.Roles(), 0) {
				if c.May(role, rule.Scope, []string{"a"}) || c.MayAnywhere(role, rule.Scope) {
					t.Errorf("%s may %s as %s", name, rule.Scope, role)
				}
			}
		}
	}
}

func TestLocalMayEverythingThatThereIs(t *testing.T) {
	for _, rule := range access.Table() {
		if !local.May(rule.Least, rule.Scope, []string{"a"}) || !local.MayAnywhere(access.Admin, rule.Scope) {
			t.Errorf("the local caller may not %s", rule.Scope)
		}
	}
	for _, c := range []struct {
		role  access.Role
		scope access.Scope
		path  []string
	}{{0, access.RunsRead, []string{"a"}}, {5, access.RunsRead, []string{"a"}}, {access.Viewer, "", []string{"a"}},
		{access.Viewer, "nonsense", []string{"a"}}, {access.Viewer, access.AllScopes, []string{"a"}}, {access.Viewer, access.RunsRead, nil}} {
		if local.May(c.role, c.scope, c.path) {
			t.Errorf("allowed: %v", c)
		}
	}
}

// TestTable walks every role through every scope.
func TestTable(t *testing.T) {
	b := setup(t)
	for _, have := range access.Roles() {
		b.user(t, have.String()+"@example.com", have, b.contoso)
		c, _ := b.signIn(t, have.String()+"@example.com")
		for _, rule := range access.Table() {
			for _, asked := range access.Roles() {
				want := have >= asked && have >= rule.Least
				if got := b.may(t, c, asked, rule.Scope, b.labs); got != want {
					t.Errorf("%s asked for %s %s below: %v", have, asked, rule.Scope, got)
				}
				if b.may(t, c, asked, rule.Scope, b.northern) || b.may(t, c, asked, rule.Scope, b.msp) {
					t.Errorf("%s reaches %s beside or above", have, rule.Scope)
				}
			}
		}
	}
}

func TestParseRoleAndScopes(t *testing.T) {
	for _, role := range access.Roles() {
		got, err := access.ParseRole(role.String())
		must(t, err)
		if got != role {
			t.Errorf("%s became %s", role, got)
		}
	}
	_, err := access.ParseRole("admn")
	wantFault(t, err, "invalid_input", "admin")
	_, err = access.ParseRole("none")
	wantFault(t, err, "invalid_input")
	_, err = access.ParseScopes([]string{"runs:raed"})
	wantFault(t, err, "invalid_input", "runs:read")
	_, err = access.ParseScopes(nil)
	wantFault(t, err, "invalid_input", "at least one")
	_, err = access.ParseScopes([]string{"all", "runs:read"})
	wantFault(t, err, "invalid_input", "alone")
	got, err := access.ParseScopes([]string{"triggers:read", "runs:read", "runs:read"})
	must(t, err)
	if len(got) != 2 || got[0] != access.RunsRead {
		t.Errorf("scopes %v", got)
	}
}
