package orgs_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

func applied(t *testing.T, b *bundle, text string, o orgs.ApplyOptions) (orgs.Plan, error) {
	t.Helper()
	file, ds := orgs.ParseFile("orgs.yaml", []byte(text))
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	o.Secret = func(string) (string, error) { return "clear", nil }
	return b.Apply(ctx, file, o)
}

func wantDiagnostic(t *testing.T, err error, words string) {
	t.Helper()
	ds, ok := errors.AsType[source.Diagnostics](err)
	if !ok || !slices.ContainsFunc(ds, func(d source.Diagnostic) bool { return strings.Contains(d.Message, words) }) {
		t.Fatalf("%v does not say %q", err, words)
	}
}

// A variable whose secret is to be kept, and that is none, stays what it is; so nobody below it can have it
// as a secret.
func TestApplyKeepsOneTypeWhereASecretIsKept(t *testing.T) {
	b := setup(t)
	b.set(t, b.contoso, "v", orgs.TypeString, "text")
	_, err := applied(t, b, `
organisations:
  - {slug: contoso, variables: {v: {secret: keep}}}
  - {slug: contoso-labs, variables: {v: {secret: {from: env:V}}}}
`, orgs.ApplyOptions{})
	wantDiagnostic(t, err, "Contoso has the variable v as string")
}

// What was readable and becomes a secret is not shown once more in the plan.
func TestPlanHidesWhatBecomesASecret(t *testing.T) {
	b := setup(t)
	b.set(t, b.contoso, "password", orgs.TypeString, "hunter2")
	plan, err := applied(t, b, "organisations:\n  - {slug: contoso, variables: {password: {secret: {from: env:V}, retype: true}}}\n", orgs.ApplyOptions{DryRun: true})
	must(t, err)
	if len(plan.Changes) != 1 || strings.Contains(plan.Changes[0].Detail, "hunter2") {
		t.Errorf("%+v", plan.Changes)
	}
}

// Where an instance goes, what is mapped under it goes too, and the plan shows it; what the file maps stays.
func TestPruneUnmapsWhatWasUnderAnInstance(t *testing.T) {
	b := setup(t)
	in := b.halo(t, b.msp, "main")
	must(t, b.SetMapping(ctx, b.northwind.ID, "halo", in.ID, "12", "Northwind"))
	must(t, b.SetMapping(ctx, b.contoso.ID, "halo", "", "13", ""))
	const rest = "\n  - {slug: contoso-labs}\n"
	text := "organisations:\n  - {slug: acme-msp, instances: [{integration: halo, name: other}]}\n  - {slug: northwind-dental}\n  - {slug: contoso, mappings: {halo: 13}}" + rest
	plan, err := applied(t, b, text, orgs.ApplyOptions{Prune: true})
	must(t, err)
	unmapped := orgs.Change{Action: orgs.ActionRemove, Kind: orgs.OfMapping, Organisation: "northwind-dental", Name: "halo", Detail: "12 (Northwind)"}
	if plan.Removals() != 2 || !slices.Contains(plan.Changes, unmapped) {
		t.Errorf("%+v", plan.Changes)
	}
	if plan, err = applied(t, b, text, orgs.ApplyOptions{Prune: true}); err != nil || len(plan.Changes) != 0 {
		t.Errorf("once more: %+v (%v)", plan.Changes, err)
	}
	_, err = applied(t, b, "organisations:\n  - {slug: acme-msp, instances: []}\n  - {slug: northwind-dental}\n  - {slug: contoso}"+rest, orgs.ApplyOptions{Prune: true})
	must(t, err)
	for _, org := range []orgs.Organisation{b.northwind, b.contoso} {
		if all, err := b.Mappings(ctx, org.ID); err != nil || len(all) != 0 {
			t.Errorf("%s is mapped: %+v (%v)", org.Slug, all, err)
		}
	}
}

// The MSP is never disabled, whichever way it is tried.
func TestRootStaysEnabled(t *testing.T) {
	b := setup(t)
	no := false
	_, err := b.Update(ctx, b.msp.ID, orgs.Changes{Enabled: &no})
	wantFault(t, err, fault.Conflict, "cannot be disabled")
	_, err = applied(t, b, "organisations:\n  - {slug: acme-msp, enabled: false}\n", orgs.ApplyOptions{})
	wantDiagnostic(t, err, "cannot be disabled")
	report, err := b.Import(ctx, []byte("slug,enabled\nacme-msp,false\n"), orgs.ImportOptions{Update: true})
	must(t, err)
	if report.Count(orgs.RowFailed) != 1 {
		t.Errorf("%+v", report.Rows)
	}
	must(t, b.CheckRuns(ctx, b.msp.ID))
}
