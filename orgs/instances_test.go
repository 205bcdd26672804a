package orgs_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/fault"
	"gantry/orgs"
)

// defaults gives the names of the organisation's default instances.
func (b *bundle) defaults(t *testing.T, org orgs.Organisation) []string {
	t.Helper()
	list, err := b.Instances(ctx, org.ID)
	must(t, err)
	var names []string
	for _, in := range list {
		if in.Default {
			names = append(names, in.Integration+" "+in.Name)
		}
	}
	return names
}

func TestInstances(t *testing.T) {
	b := setup(t)
	in, err := b.AddInstance(ctx, b.msp.ID, "halo", "Main", map[string]any{"host": "h", "port": int64(1)},
		map[string]string{"client_secret": "s", "api_key": "k"}, false)
	must(t, err)
	want := orgs.Instance{ID: in.ID, OrganisationID: b.msp.ID, Integration: "halo", Name: "Main",
		Config: map[string]any{"host": "h", "port": int64(1)}, SecretFields: []string{"api_key", "client_secret"}, Default: true}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Error(diff)
	}
	list, err := b.Instances(ctx, b.msp.ID)
	must(t, err)
	if diff := cmp.Diff([]orgs.Instance{want}, list); diff != "" {
		t.Error(diff)
	}
	secrets, err := b.InstanceSecrets(ctx, b.msp.ID, in.ID)
	must(t, err)
	if diff := cmp.Diff(map[string]string{"client_secret": "s", "api_key": "k"}, secrets); diff != "" {
		t.Error(diff)
	}
	_, err = b.InstanceSecrets(ctx, b.northwind.ID, in.ID)
	wantFault(t, err, fault.Tenant)

	changed, err := b.UpdateInstance(ctx, b.msp.ID, "halo", "main", map[string]any{"host": "h2", "api_key": "public now"}, map[string]string{"client_secret": "s2"})
	must(t, err)
	want.Config, want.SecretFields = map[string]any{"host": "h2", "api_key": "public now"}, []string{"client_secret"}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Error(diff)
	}
	secrets, err = b.InstanceSecrets(ctx, b.msp.ID, in.ID)
	must(t, err)
	if diff := cmp.Diff(map[string]string{"client_secret": "s2"}, secrets); diff != "" {
		t.Error(diff)
	}
}

func TestOneDefault(t *testing.T) {
	b := setup(t)
	steps := []struct {
		what string
		do   func() error
		want []string
	}{
		{"the first is the default", func() error { b.halo(t, b.msp, "one"); return nil }, []string{"halo one"}},
		{"the second is not", func() error { b.halo(t, b.msp, "two"); return nil }, []string{"halo one"}},
		{"unless it says so", func() error {
			_, err := b.AddInstance(ctx, b.msp.ID, "halo", "three", nil, nil, true)
			return err
		}, []string{"halo three"}},
		{"another integration has its own", func() error {
			_, err := b.AddInstance(ctx, b.msp.ID, "mail", "one", nil, nil, false)
			return err
		}, []string{"halo three", "mail one"}},
		{"it can be given to another", func() error { return b.SetDefault(ctx, b.msp.ID, "halo", "TWO") }, []string{"halo two", "mail one"}},
		{"removing another leaves it", func() error { return b.RemoveInstance(ctx, b.msp.ID, "halo", "three", false) }, []string{"halo two", "mail one"}},
		{"removing it makes the oldest the default", func() error { return b.RemoveInstance(ctx, b.msp.ID, "halo", "two", false) }, []string{"halo one", "mail one"}},
		{"the last may go", func() error { return b.RemoveInstance(ctx, b.msp.ID, "halo", "one", false) }, []string{"mail one"}},
	}
	for _, step := range steps {
		must(t, step.do())
		if diff := cmp.Diff(step.want, b.defaults(t, b.msp)); diff != "" {
			t.Errorf("%s: %s", step.what, diff)
		}
	}
}

func TestInstancesRefuse(t *testing.T) {
	b := setup(t)
	b.halo(t, b.msp, "Main")
	add := func(integration, name string, config map[string]any, secrets map[string]string) error {
		_, err := b.AddInstance(ctx, b.msp.ID, integration, name, config, secrets, false)
		return err
	}
	wantFault(t, add("halo", "main", nil, nil), fault.Exists, "Main")
	wantFault(t, add("../halo", "x", nil, nil), fault.InvalidInput, "lower-case")
	wantFault(t, add("halo", "a\tb", nil, nil), fault.InvalidInput, "U+0009")
	wantFault(t, add("halo", "x", map[string]any{"a": 1}, nil), fault.InvalidInput)
	wantFault(t, add("halo", "x", map[string]any{"a": "b"}, map[string]string{"a": "b"}), fault.InvalidInput, "both")
	wantFault(t, add("halo", "x", nil, map[string]string{"a": ""}), fault.InvalidInput, "empty")
	wantFault(t, b.RemoveInstance(ctx, b.msp.ID, "halo", "Mian", false), fault.Missing, `did you mean "Main"`)
	wantFault(t, b.SetDefault(ctx, b.northwind.ID, "halo", "Main"), fault.Missing, "gantry integrations list --org northwind-dental")
	_, err := b.UpdateInstance(ctx, b.northwind.ID, "halo", "Main", nil, nil)
	wantFault(t, err, fault.Missing)
	_, err = b.Instance(ctx, b.northwind.ID, "halo", "Main")
	wantFault(t, err, fault.Missing)
}

func TestMappings(t *testing.T) {
	b := setup(t)
	main := b.halo(t, b.msp, "main")
	foreign := b.halo(t, b.contoso, "contoso's own")
	must(t, b.SetMapping(ctx, b.northwind.ID, "halo", main.ID, "12", "Northwind Dental Ltd"))
	must(t, b.SetMapping(ctx, b.northwind.ID, "halo", main.ID, "13", "Northwind Dental Inc"))
	must(t, b.SetMapping(ctx, b.northwind.ID, "mail", "", "a", ""))
	id, name, ok, err := b.Mapping(ctx, b.northwind.ID, "halo")
	if err != nil || !ok || id != "13" || name != "Northwind Dental Inc" {
		t.Errorf("%q %q %v %v", id, name, ok, err)
	}
	if _, _, ok, err := b.Mapping(ctx, b.contoso.ID, "halo"); ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	all, err := b.Mappings(ctx, b.northwind.ID)
	must(t, err)
	want := []orgs.MappingTo{{Integration: "halo", InstanceID: main.ID, ExternalID: "13", ExternalName: "Northwind Dental Inc", Updated: start.UnixMicro()},
		{Integration: "mail", ExternalID: "a", Updated: start.UnixMicro()}}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
	wantFault(t, b.SetMapping(ctx, b.northwind.ID, "halo", foreign.ID, "1", "x"), fault.Tenant, "above it")
	wantFault(t, b.SetMapping(ctx, b.northwind.ID, "mail", main.ID, "1", "x"), fault.Tenant)
	wantFault(t, b.SetMapping(ctx, b.northwind.ID, "halo", main.ID, "", "x"), fault.InvalidInput, "empty")
	wantFault(t, b.SetMapping(ctx, b.northwind.ID, "halo", main.ID, "1", "a\nb"), fault.InvalidInput)
	wantFault(t, b.SetMapping(ctx, b.northwind.ID, "Halo", main.ID, "1", "x"), fault.InvalidInput)
	must(t, b.SetMapping(ctx, b.contosoLabs.ID, "halo", foreign.ID, "1", "an ancestor's instance"))
	must(t, b.RemoveInstance(ctx, b.msp.ID, "halo", "main", true))
	if _, _, ok, err := b.Mapping(ctx, b.northwind.ID, "halo"); ok || err != nil {
		t.Error("the mapping is there without its instance", err)
	}
	must(t, b.RemoveMapping(ctx, b.northwind.ID, "mail"))
	wantFault(t, b.RemoveMapping(ctx, b.northwind.ID, "halo"), fault.Missing, "not mapped")
}
