package main

import (
	"strings"
	"testing"

	"gantry/actions"
)

// On a terminal the actions stand under what they are about.
func TestActionGroups(t *testing.T) {
	var found []*actions.Action
	for _, id := range []string{"core.noop", "halo.get_agent", "halo.list_agents", "halo.list_teams"} {
		a, ok := actions.Builtin().Action(id)
		if !ok {
			t.Fatal(id)
		}
		found = append(found, a)
	}
	var b strings.Builder
	actionGroups(&b, style{}, found)
	want := `core
  core.noop         read    No Operation

halo agents
  halo.get_agent    read    Get Agent
  halo.list_agents  read    List Agents

halo teams
  halo.list_teams   read    List Teams
`
	if noop, _ := actions.Builtin().Action("core.noop"); b.String() != strings.Replace(want, "No Operation", noop.Title, 1) {
		t.Error(b.String())
	}
}
