package halo

import (
	"slices"
	"strings"
)

// scopeAreas are the parts of Halo that have their own read: and edit: scopes.
var scopeAreas = []string{
	"tickets", "calendar", "customers", "crm", "timesheets", "contracts", "suppliers", "items", "projects", "sales", "quotes",
	"sos", "pos", "invoices", "reporting", "software", "softwarelicensing", "kb", "assets",
}

var otherScopes = []string{"all", "all:standard", "admin", ownTimesheets, "access:chat", "access:adpasswordreset", "openid", "offline_access"}

func knownScope(scope string) bool {
	if slices.Contains(otherScopes, scope) {
		return true
	}
	verb, area, _ := strings.Cut(scope, ":")
	return (verb == "read" || verb == "edit") && slices.Contains(scopeAreas, area)
}

// permits tells whether scopes allow reading or editing an area. The empty area is configuration (statuses,
// teams, agents …): whoever is logged in reads it, admins change it.
func permits(scopes []string, area string, edit bool) bool {
	if area == "" && !edit {
		return true
	}
	for _, s := range scopes {
		switch {
		case s == "all", area == "" && s == "admin":
			return true
		case area == "timesheets" && s == ownTimesheets: // narrowed to the agent's own where rows are looked at
			return true
		case area != "" && (s == "all:standard" || s == "edit:"+area || !edit && s == "read:"+area):
			return true
		}
	}
	return false
}

const ownTimesheets = "editMine:timesheets"

// othersTimesheet tells whether a row is another agent's timesheet, which editMine:timesheets alone does not reach.
func (p principal) othersTimesheet(res *resource, r record, edit bool) bool {
	if res.area != "timesheets" || r.int("agent_id") == p.app.AgentID {
		return false
	}
	for _, scopes := range append([][]string{p.scopes}, p.rights...) {
		if !permits(withoutOwn(scopes), res.area, edit) {
			return true
		}
	}
	return false
}

func withoutOwn(scopes []string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return s == ownTimesheets })
}

// grantable tells whether an application set up with the allowed scopes may be given this one.
func grantable(allowed []string, scope string) bool {
	if len(allowed) == 0 || slices.Contains(allowed, scope) || slices.Contains(allowed, "all") {
		return true
	}
	verb, area, _ := strings.Cut(scope, ":")
	return slices.Contains(scopeAreas, area) && permits(withoutOwn(allowed), area, verb == "edit")
}
