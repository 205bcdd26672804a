package api

import (
	"testing"

	"gantry/access"
	"gantry/fault/faulttest"
)

// TestListAllInstances: instances of all organisations are listed with how their last tests went, to each caller those
// of the organisations that they see.
func TestListAllInstances(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	in, err := w.orgs.AddInstance(ctx, w.contoso.ID, "halo", "Contoso's", map[string]any{"resource_server": "x"}, map[string]string{"client_secret": "hidden"}, true)
	faulttest.Must(t, err)
	faulttest.Must(t, w.orgs.RecordTest(ctx, in.ID, false, "HaloPSA refused the login"))
	_, contoso := w.program("contoso-viewer", access.Viewer, w.contoso)
	_, other := w.program("northwind-viewer", access.Viewer, w.northwind)
	seen := func(caller *access.Caller) []Instance {
		t.Helper()
		all := must[ListAllInstancesOut](t)(ListAllInstances.Call(ctx, w.as(caller), &ListAllInstancesIn{Integration: "halo"})).Body.Instances
		var own []Instance
		for _, one := range all {
			if one.ID == in.ID {
				own = append(own, one)
			}
		}
		return own
	}
	for name, caller := range map[string]*access.Caller{"the MSP": local, "a viewer of it": contoso} {
		if got := seen(caller); len(got) != 1 || got[0].Tested == nil || got[0].Tested.OK || got[0].Tested.Message != "HaloPSA refused the login" || got[0].Organisation != "contoso" {
			t.Errorf("%s sees %+v", name, got)
		}
	}
	if got := seen(other); len(got) != 0 {
		t.Errorf("somebody of another organisation sees %+v", got)
	}
	_, err = ListAllInstances.Call(ctx, w.as(local), &ListAllInstancesIn{Integration: "nope"})
	refused(t, err, "missing", "there is no integration")
}
