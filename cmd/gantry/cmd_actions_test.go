package main

import (
	"path"
	"strings"
	"testing"

	"gantry/actions"
	"gantry/api"
)

// On a terminal the actions stand under what they are about.
func TestActionGroups(t *testing.T) {
	var found []api.Action
	for _, id := range []string{"core.noop", "halo.get_agent", "halo.list_agents", "halo.list_teams"} {
		a, ok := actions.Builtin().Action(id)
		if !ok {
			t.Fatal(id)
		}
		group := strings.TrimSuffix(path.Base(a.Pos.File), ".yaml")
		found = append(found, api.Action{ID: a.ID, Title: a.Title, Effect: string(a.Effect), Group: group})
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
