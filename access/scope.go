package access

import (
	"slices"
	"strings"

	"gantry/fault"
	"gantry/source"
)

// Scope is a kind of thing and whether it is read or changed. API tokens are limited to scopes; people have all
// that their role gives.
type Scope string

// The scopes.
const (
	RunsRead           Scope = "runs:read"
	RunsWrite          Scope = "runs:write"
	TriggersRead       Scope = "triggers:read"
	TriggersFire       Scope = "triggers:fire"
	TriggersWrite      Scope = "triggers:write"
	WorkflowsRead      Scope = "workflows:read"
	WorkflowsWrite     Scope = "workflows:write"
	OrganisationsRead  Scope = "organisations:read"
	OrganisationsWrite Scope = "organisations:write"
	VariablesRead      Scope = "variables:read"
	VariablesWrite     Scope = "variables:write"
	SecretsWrite       Scope = "secrets:write"
	IntegrationsRead   Scope = "integrations:read"
	IntegrationsCall   Scope = "integrations:call"
	IntegrationsWrite  Scope = "integrations:write"
	KeysWrite          Scope = "keys:write"
	BackupsWrite       Scope = "backups:write"
	UsersRead          Scope = "users:read"
	UsersWrite         Scope = "users:write"
	AuditRead          Scope = "audit:read"
	SettingsRead       Scope = "settings:read"

	// AllScopes stands in a token for every scope that its owner's role gives.
	AllScopes Scope = "all"
)

// ScopeRule is a line of the table of roles and scopes.
type ScopeRule struct {
	Scope Scope
	Least Role   // the least role that may use it
	What  string // what it is for, as the handbook says it
}

// Table is the one place that says which role may do what. Caller.May refuses whatever it does not name, and the
// handbook's table is compared with it.
func Table() []ScopeRule {
	return []ScopeRule{
		{RunsRead, Viewer, "see runs, their tasks, outputs and errors"},
		{RunsWrite, Operator, "start, cancel, pause, resume, resolve and rerun runs"},
		{TriggersRead, Viewer, "see triggers, when they fire next, and their last events"},
		{TriggersFire, Operator, "fire a trigger by hand"},
		{TriggersWrite, Author, "switch triggers on and off, renew webhook addresses"},
		{WorkflowsRead, Viewer, "see workflows, crates and the catalogue of actions"},
		{WorkflowsWrite, Author, "change workflows"},
		{OrganisationsRead, Viewer, "see organisations"},
		{OrganisationsWrite, Admin, "add, change, move and remove organisations"},
		{VariablesRead, Viewer, "see variables; of secrets only that they are there"},
		{VariablesWrite, Author, "set and remove variables that are not secret"},
		{SecretsWrite, Admin, "set and remove secrets; nobody can read them"},
		{IntegrationsRead, Viewer, "see instances of integrations and mappings, without their secrets"},
		{IntegrationsCall, Author, "call one action by hand"},
		{IntegrationsWrite, Admin, "add, change, try and remove instances and mappings"},
		{KeysWrite, Admin, "renew the master key"},
		{BackupsWrite, Admin, "make a backup of everything, and fetch it"},
		{UsersRead, Admin, "see users, what was granted to them, their sessions and tokens"},
		{UsersWrite, Admin, "add, change and remove users, grants and tokens"},
		{AuditRead, Admin, "read the audit log"},
		{SettingsRead, Admin, "see the server's settings, without secrets"},
	}
}

var leastRole = func() map[Scope]Role {
	least := map[Scope]Role{}
	for _, rule := range Table() {
		least[rule.Scope] = rule.Least
	}
	return least
}()

// LeastRole gives the least role that may use a scope; known is false for what is no scope.
func LeastRole(scope Scope) (least Role, known bool) {
	least, known = leastRole[scope]
	return least, known
}

// ParseScopes reads the scopes of a token: names of the table, or "all" alone. They come back sorted, each once.
func ParseScopes(names []string) ([]Scope, error) {
	if len(names) == 0 {
		return nil, invalid("A token needs at least one scope.").WithHint("for example runs:read, or all")
	}
	var scopes []Scope
	for _, name := range names {
		scope := Scope(name)
		if _, known := leastRole[scope]; !known && scope != AllScopes {
			return nil, unknownScope(name)
		}
		scopes = append(scopes, scope)
	}
	slices.Sort(scopes)
	scopes = slices.Compact(scopes)
	if slices.Contains(scopes, AllScopes) && len(scopes) > 1 {
		return nil, invalid("The scope all stands alone: it includes the others.")
	}
	return scopes, nil
}

func unknownScope(name string) error {
	var names []string
	for _, rule := range Table() {
		names = append(names, string(rule.Scope))
	}
	hint := source.DidYouMean(name, names)
	if hint == "" {
		hint = "one of " + strings.Join(names, ", ") + ", or all"
	}
	return invalid("%q is not a scope.", source.OneLine(shortened(name))).WithHint("%s", hint)
}

func invalid(format string, args ...any) *fault.Error {
	return fault.New(fault.InvalidInput, format, args...)
}
