package orgs_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/orgs"
)

// save maps organisations as people do, and refuses what they are refused.
func (b *bundle) save(t testing.TB, org orgs.Organisation, in orgs.Instance, id string, shared bool) {
	t.Helper()
	problems, err := b.SaveMappings(ctx, []orgs.MappingChange{change(org, in.ID, id, "Client "+id)}, shared, false)
	must(t, err)
	if len(problems) > 0 {
		t.Fatal(problems[0].Fault)
	}
}

// mappedTo gives the id that an organisation is mapped to, "" for none.
func (b *bundle) mappedTo(t testing.TB, org orgs.Organisation) string {
	t.Helper()
	id, _, _, err := b.Mapping(ctx, org.ID, "halo")
	must(t, err)
	return id
}

func TestRestoreLeavesOutWhatIsAnothersByNow(t *testing.T) {
	b := setup(t)
	main, second := b.halo(t, b.msp, "main"), b.halo(t, b.msp, "second")
	b.save(t, b.contoso, main, "13", false)
	b.save(t, b.contosoLabs, main, "14", false)
	_, err := b.RemoveTree(ctx, b.contoso.ID)
	must(t, err)
	b.save(t, b.northwind, main, "14", false)
	other := b.create(t, "other", "Other", "")
	b.save(t, other, second, "13", false) // of another Halo: somebody else

	restored, err := b.Restore(ctx, b.contoso.ID)
	must(t, err)
	if len(restored.Organisations) != 2 || len(restored.LeftOut) != 1 {
		t.Fatalf("%+v", restored)
	}
	left := restored.LeftOut[0]
	if left.Organisation.Slug != "contoso-labs" || left.Holder.Slug != "northwind-dental" || left.Mapping.ExternalID != "14" || left.Instance != "" {
		t.Errorf("%+v", left)
	}
	if got := []string{b.mappedTo(t, b.contoso), b.mappedTo(t, b.contosoLabs), b.mappedTo(t, b.northwind)}; !cmp.Equal(got, []string{"13", "", "14"}) {
		t.Error(got)
	}
}

func TestRestoreNamesTheInstanceWhereItIsNotTheDefault(t *testing.T) {
	b := setup(t)
	b.halo(t, b.msp, "main")
	second := b.halo(t, b.msp, "second")
	b.save(t, b.contosoLabs, second, "14", false)
	must(t, b.Remove(ctx, b.contosoLabs.ID))
	b.save(t, b.northwind, second, "14", false)
	restored, err := b.Restore(ctx, b.contosoLabs.ID)
	must(t, err)
	if len(restored.LeftOut) != 1 || restored.LeftOut[0].Instance != "second" || restored.LeftOut[0].Owner != "acme-msp" {
		t.Errorf("%+v", restored.LeftOut)
	}
}

// What two had on purpose they have again, whichever of them had been the first.
func TestRestoreBringsBackWhatWasShared(t *testing.T) {
	for _, first := range []bool{true, false} {
		b := setup(t)
		main := b.halo(t, b.msp, "main")
		b.save(t, b.contosoLabs, main, "14", !first)
		b.save(t, b.northwind, main, "14", true)
		if !first {
			must(t, b.RemoveMapping(ctx, b.contosoLabs.ID, "halo"))
			b.save(t, b.contosoLabs, main, "14", true)
		}
		must(t, b.Remove(ctx, b.contosoLabs.ID))
		restored(t, b, b.contosoLabs)
		if got := b.mappedTo(t, b.contosoLabs); got != "14" {
			t.Errorf("it is mapped to %q", got)
		}
	}
}

// That the one who had it meanwhile is gone as well does not make it theirs together.
func TestRestoreOneAfterTheOther(t *testing.T) {
	b := setup(t)
	main := b.halo(t, b.msp, "main")
	b.save(t, b.contosoLabs, main, "14", true) // allowed, but nobody else has it
	must(t, b.Remove(ctx, b.contosoLabs.ID))
	b.save(t, b.northwind, main, "14", false)
	must(t, b.Remove(ctx, b.northwind.ID))
	restored(t, b, b.contosoLabs)
	all, err := b.Restore(ctx, b.northwind.ID)
	must(t, err)
	if len(all.LeftOut) != 1 || b.mappedTo(t, b.northwind) != "" {
		t.Errorf("%+v", all)
	}
}

const twoAlike = `organisations:
  - slug: northwind-dental
    mappings: {halo: {id: 14, instance: main}}
  - slug: contoso
    mappings: {halo: {id: "14", instance: main}}
`

func TestApplyRefusesOneEntityForTwo(t *testing.T) {
	b := setup(t)
	main := b.halo(t, b.msp, "main")
	_, err := b.apply(t, twoAlike, orgs.ApplyOptions{})
	if err == nil || !strings.Contains(err.Error(), "orgs.yaml:3:16: Northwind Dental cannot be 14: Contoso (contoso) is already.") ||
		!strings.Contains(err.Error(), `halo: {id: "14", shared: true}`) || b.mappedTo(t, b.contoso) != "" {
		t.Error(err)
	}
	b.save(t, b.contosoLabs, main, "14", false)
	const short = "organisations: [{slug: contoso, mappings: {halo: 14}}]" // the MSP's default instance is the same
	_, err = b.apply(t, short, orgs.ApplyOptions{})
	if err == nil || !strings.Contains(err.Error(), "orgs.yaml:1:44: Contoso cannot be 14: Contoso Labs (contoso-labs) is already.") {
		t.Error(err)
	}
	// it is free when the one that has it goes or becomes another in the same file
	done, err := b.apply(t, "organisations: [{slug: contoso, mappings: {halo: 14}}, {slug: contoso-labs, mappings: {halo: 15}}]", orgs.ApplyOptions{DryRun: true})
	if err != nil || len(done) != 2 {
		t.Error(done, err)
	}
	_, err = b.apply(t, "organisations: [{slug: contoso, mappings: {halo: 14}}, {slug: northwind-dental}]", orgs.ApplyOptions{DryRun: true, Prune: true})
	must(t, err)
}

func TestApplySharesOnPurpose(t *testing.T) {
	b := setup(t)
	b.halo(t, b.msp, "main")
	shared := strings.Replace(twoAlike, `"14", `, `"14", shared: true, `, 1)
	done, err := b.apply(t, shared, orgs.ApplyOptions{})
	must(t, err)
	if diff := cmp.Diff([]string{"create mapping northwind-dental halo: 14", "create mapping contoso halo: 14, shared"}, done); diff != "" {
		t.Error(diff)
	}
	for _, again := range []string{shared, twoAlike, b.export(t)} {
		if done, err := b.apply(t, again, orgs.ApplyOptions{}); err != nil || len(done) > 0 {
			t.Error("applying again:", done, err)
		}
	}
	if !strings.Contains(b.export(t), "        shared: true\n") {
		t.Error(b.export(t))
	}
	all, err := b.AllMappings(ctx, "")
	must(t, err)
	with, err := b.SharedWith(ctx, all)
	must(t, err)
	if diff := cmp.Diff([][]string{{"contoso"}, {"northwind-dental"}}, with); diff != "" {
		t.Error(diff)
	}
}

// A file that brings an organisation back does as restoring by hand does.
func TestApplyRestoresWithoutWhatIsAnothers(t *testing.T) {
	b := setup(t)
	main := b.halo(t, b.msp, "main")
	b.save(t, b.contosoLabs, main, "14", false)
	must(t, b.Remove(ctx, b.contosoLabs.ID))
	b.save(t, b.northwind, main, "14", false)
	_, err := b.apply(t, "organisations: [{slug: contoso-labs, mappings: {halo: {id: 14, name: Client 14, instance: main}}}]", orgs.ApplyOptions{})
	if err == nil || !strings.Contains(err.Error(), "Northwind Dental (northwind-dental) is already") {
		t.Error(err)
	}
	done, err := b.apply(t, "organisations: [{slug: contoso-labs}]", orgs.ApplyOptions{})
	must(t, err)
	want := []string{"restore organisation contoso-labs : Contoso Labs", "remove mapping contoso-labs halo: 14 (Client 14)",
		"warning: Contoso Labs was 14 (Client 14) in halo, which is Northwind Dental (northwind-dental) by now, so it comes back without that mapping"}
	if diff := cmp.Diff(want, done); diff != "" {
		t.Error(diff)
	}
}
