package orgs_test

import (
	"testing"

	"gantry/fault"
	"gantry/orgs"
)

func TestRenameInstance(t *testing.T) {
	b := setup(t)
	main := b.halo(t, b.msp, "main")
	b.halo(t, b.msp, "other")
	must(t, b.SetMapping(ctx, b.contoso.ID, "halo", main.ID, "12", "Contoso"))

	renamed, err := b.RenameInstance(ctx, b.msp.ID, "halo", "MAIN", "Main")
	must(t, err)
	if renamed.ID != main.ID || renamed.Name != "Main" || !renamed.Default {
		t.Errorf("renamed to %+v", renamed)
	}
	in, err := b.Resolve(ctx, b.contoso, "halo", "HaloPSA", orgs.Lent{Task: &orgs.Override{Use: orgs.UseMapping, Fallback: orgs.FallbackFailTask}})
	if must(t, err); in.Name != "Main" {
		t.Errorf("the mapping leads to %s", in.Name)
	}
	secrets, err := b.InstanceSecrets(ctx, b.msp.ID, main.ID)
	if must(t, err); secrets["client_secret"] != "clear-main" {
		t.Errorf("secrets %v", secrets)
	}
	_, err = b.RenameInstance(ctx, b.msp.ID, "halo", "Main", "OTHER")
	wantFault(t, err, fault.Exists, `"other"`, "another name")
	_, err = b.RenameInstance(ctx, b.msp.ID, "halo", "Main", " ")
	wantFault(t, err, fault.InvalidInput)
	_, err = b.RenameInstance(ctx, b.msp.ID, "halo", "Mian", "x")
	wantFault(t, err, fault.Missing, `did you mean "Main"`)
	_, err = b.RenameInstance(ctx, b.contoso.ID, "halo", "Main", "x")
	wantFault(t, err, fault.Missing, "Contoso")
}

func TestClearDefault(t *testing.T) {
	b := setup(t)
	b.halo(t, b.msp, "main")
	must(t, b.ClearDefault(ctx, b.msp.ID, "halo"))
	_, err := b.Resolve(ctx, b.msp, "halo", "HaloPSA", orgs.Lent{})
	wantFault(t, err, fault.NotInstalled, "HaloPSA integration is not installed for Acme MSP")
	in, err := b.Resolve(ctx, b.contoso, "halo", "HaloPSA", orgs.Lent{Task: &orgs.Override{Use: orgs.UseInstance, Name: "main"}})
	if must(t, err); in.Name != "main" || in.Default {
		t.Errorf("by name: %+v", in)
	}
	wantFault(t, b.ClearDefault(ctx, b.msp.ID, "halo"), fault.Missing, "no default instance")
	must(t, b.SetDefault(ctx, b.msp.ID, "halo", "main"))
	_, err = b.Resolve(ctx, b.msp, "halo", "HaloPSA", orgs.Lent{})
	must(t, err)
}

func TestRemoveAnInstanceInUse(t *testing.T) {
	b := setup(t)
	b.halo(t, b.msp, "main")
	second := b.halo(t, b.msp, "second")
	must(t, b.SetMapping(ctx, b.contoso.ID, "halo", second.ID, "12", "Contoso"))
	must(t, b.SetMapping(ctx, b.northwind.ID, "halo", "", "13", "Northwind"))

	wantFault(t, b.RemoveInstance(ctx, b.msp.ID, "halo", "second", false), fault.Conflict, "1 organisation is mapped under it (contoso)", "--force")
	must(t, b.RemoveInstance(ctx, b.msp.ID, "halo", "second", true))
	if _, err := b.InstanceSecrets(ctx, b.msp.ID, second.ID); err == nil {
		t.Error("the secrets are still there")
	}
	// What is mapped without a named instance means the MSP's default, and 13 in another Halo is another client.
	b.halo(t, b.msp, "third")
	wantFault(t, b.RemoveInstance(ctx, b.msp.ID, "halo", "main", false), fault.Conflict, "northwind-dental")
	must(t, b.RemoveInstance(ctx, b.msp.ID, "halo", "main", true))
	for _, org := range []orgs.Organisation{b.contoso, b.northwind} {
		_, _, mapped, err := b.Mapping(ctx, org.ID, "halo")
		if must(t, err); mapped {
			t.Errorf("%s is still mapped", org.Name)
		}
		_, err = b.Resolve(ctx, org, "halo", "HaloPSA", orgs.Lent{Task: &orgs.Override{Use: orgs.UseMapping}})
		wantFault(t, err, fault.NotInstalled, "not installed for "+org.Name, "is not mapped")
	}
}
