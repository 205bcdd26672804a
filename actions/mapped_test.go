package actions

import (
	"strings"
	"testing"

	"gantry/orgs"
)

// Mappings keep text; expressions see what the other system's ids are.
func TestMappedIDs(t *testing.T) {
	c, ds := Load(Builtin(), files("acme/integration.yaml", acme, "acme/things.yaml", things,
		"text/integration.yaml", strings.ReplaceAll(strings.ReplaceAll(acme, "acme", "text"), "id: integer", "id: string"),
		"text/things.yaml", strings.ReplaceAll(things, "acme", "text")), "actions")
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	data := c.Organisation(orgs.Facts{Organisation: orgs.Organisation{ID: "o", Slug: "o"}, Integrations: map[string]orgs.MappedTo{
		"halo": {ID: "12", Name: "Northwind"}, "acme": {ID: "7"}, "text": {ID: "7"}, "gone": {ID: "9"}}})
	mapped := data["integrations"].(map[string]any)
	for integration, want := range map[string]any{"halo": int64(12), "acme": int64(7), "text": "7", "gone": "9"} {
		if got := mapped[integration].(map[string]any)["id"]; got != want {
			t.Errorf("the id in %s is %#v, want %#v", integration, got, want)
		}
	}
	halo, _ := c.Integration("halo")
	if got := halo.MappedID("not-a-number"); got != "not-a-number" {
		t.Errorf("%#v", got)
	}
	if halo.MappedIDType().Kind != "integer" {
		t.Error(halo.MappedIDType())
	}
}
