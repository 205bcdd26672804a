package api

import (
	"fmt"
	"testing"

	"gantry/access"
	"gantry/fault"
	"gantry/fault/faulttest"
)

// TestCrates: what ships is there for everybody; its texts are the MSP's, and what others have set up says nothing to a
// client.
func TestCrates(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	_, viewer := w.program("viewer", access.Viewer, w.contoso)
	configured := func(who *access.Caller) string {
		all := must[ListCratesOut](t)(ListCrates.Call(ctx, w.as(who), &struct{}{})).Body.Crates
		if len(all) != 1 || all[0].Name != "ticket-digest" || !all[0].Builtin || len(all[0].Needs) != 1 || all[0].Needs[0].Title != "HaloPSA" {
			t.Fatalf("%+v", all)
		}
		return fmt.Sprint(all[0].Needs[0].Integration, all[0].Needs[0].Configured)
	}
	add := func(org string) {
		_, err := w.orgs.AddInstance(ctx, org, "halo", "default", map[string]any{}, nil, true)
		faulttest.Must(t, err)
	}
	if got := configured(local) + configured(viewer); got != "halofalsehalofalse" {
		t.Error(got)
	}
	add(w.northwind.ID)
	if got := configured(local) + configured(viewer); got != "halotruehalofalse" {
		t.Error(got)
	}
	add(w.labs.ID)
	if got := configured(viewer); got != "halotrue" {
		t.Error(got)
	}
	for _, c := range []struct {
		who   *access.Caller
		texts bool
	}{{local, true}, {viewer, false}} {
		one := must[ShowCrateOut](t)(ShowCrate.Call(ctx, w.as(c.who), &OfCrate{"ticket-digest"})).Body
		if len(one.Parts) != 1 || one.Parts[0].ID != "ticket-digest/digest" || one.Parts[0].Title == "" || one.Parts[0].Broken {
			t.Errorf("%+v", one.Parts)
		}
		if fmt.Sprint(one.Settings.Order) != "[stale_days longest_list]" || one.Settings.Defaults["stale_days"] == nil || one.Settings.Schema["properties"] == nil {
			t.Errorf("%+v", one.Settings)
		}
		if len(one.Files) != 2 || one.Files[0].Name != "crates/ticket-digest/crate.yaml" || one.Files[1].Bytes == 0 || (one.Files[1].Text != "") != c.texts {
			t.Errorf("%+v", one.Files)
		}
	}
	_, err := ShowCrate.Call(ctx, w.as(viewer), &OfCrate{"ticket-digst"})
	refused(t, err, fault.Missing, `did you mean "ticket-digest"?`)
}
