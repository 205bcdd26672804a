package orgs_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/orgs"
)

// TestLastTests: the last test of an instance is kept, and goes with the instance.
func TestLastTests(t *testing.T) {
	b := setup(t)
	in, err := b.AddInstance(ctx, b.msp.ID, "halo", "main", map[string]any{"tenant": "x"}, nil, true)
	must(t, err)
	must(t, b.RecordTest(ctx, in.ID, true, "Connection successful"))
	must(t, b.RecordTest(ctx, in.ID, false, "HaloPSA refused the login"))
	must(t, b.RecordTest(ctx, "gone", true, "nobody's"))
	tests, err := b.LastTests(ctx)
	must(t, err)
	if len(tests) != 1 || tests[in.ID].OK || tests[in.ID].Message != "HaloPSA refused the login" || !tests[in.ID].At().Equal(start) {
		t.Errorf("%+v", tests)
	}
	for integration, want := range map[string]int{"": 1, "halo": 1, "other": 0} {
		all, err := b.AllInstances(ctx, integration)
		must(t, err)
		if len(all) != want || want == 1 && !cmp.Equal(all[0], in) {
			t.Errorf("%q: %+v", integration, all)
		}
	}
	must(t, b.RemoveInstance(ctx, b.msp.ID, "halo", "main", false))
	if tests, err = b.LastTests(ctx); err != nil || len(tests) != 0 {
		t.Error(tests, err)
	}
}

// TestVariableTimes: when variables were set is known for an organisation and those above it.
func TestVariableTimes(t *testing.T) {
	b := setup(t)
	b.set(t, b.msp, "team", orgs.TypeString, "Blue")
	b.set(t, b.contoso, "key", orgs.TypeSecret, "hidden")
	b.set(t, b.northwind, "other", orgs.TypeString, "not above")
	times, err := b.VariableTimes(ctx, b.contosoLabs.ID)
	must(t, err)
	want := map[orgs.VariableKey]time.Time{{OrganisationID: b.msp.ID, Name: "team"}: start, {OrganisationID: b.contoso.ID, Name: "key"}: start}
	if diff := cmp.Diff(want, times); diff != "" {
		t.Error(diff)
	}
}
