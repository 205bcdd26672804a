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
	plan, err := applied(t, b, "organisations:\n  - {slug: contoso, variables: {password: {secret: {from: env:V}}}}\n", orgs.ApplyOptions{DryRun: true})
	must(t, err)
	if len(plan.Changes) != 1 || strings.Contains(plan.Changes[0].Detail, "hunter2") {
		t.Errorf("%+v", plan.Changes)
	}
}

// The plan that takes an instance away says who is mapped under it, as removing it by hand does.
func TestApplyWarnsOfMappingsUnderAPrunedInstance(t *testing.T) {
	b := setup(t)
	in := b.halo(t, b.msp, "main")
	must(t, b.SetMapping(ctx, b.northwind.ID, "halo", in.ID, "12", "Northwind"))
	plan, err := applied(t, b, `
organisations:
  - {slug: acme-msp, instances: []}
  - {slug: northwind-dental}
  - {slug: contoso}
  - {slug: contoso-labs}
`, orgs.ApplyOptions{Prune: true, DryRun: true})
	must(t, err)
	if len(plan.Warnings) != 1 || !strings.Contains(plan.Warnings[0].Message, "northwind-dental") {
		t.Errorf("%+v, warnings %v", plan.Changes, plan.Warnings)
	}
	plan, err = applied(t, b, `
organisations:
  - {slug: acme-msp, instances: [{integration: halo, name: other}]}
  - {slug: northwind-dental, mappings: {halo: {id: 12, instance: other}}}
  - {slug: contoso}
  - {slug: contoso-labs}
`, orgs.ApplyOptions{Prune: true, DryRun: true})
	must(t, err)
	if len(plan.Warnings) != 0 {
		t.Errorf("%v", plan.Warnings)
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
