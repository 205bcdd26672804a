package orgs_test

import (
	"errors"
	"testing"

	"gantry/fault"
	"gantry/orgs"
)

func TestResolve(t *testing.T) {
	b := setup(t)
	b.halo(t, b.msp, "Main")
	lab := b.halo(t, b.msp, "Lab EU")
	b.halo(t, b.msp, "Lab US")
	b.halo(t, b.contoso, "Contoso own")
	b.halo(t, b.contoso, "Contoso second")
	must(t, b.SetMapping(ctx, b.northwind.ID, "halo", lab.ID, "12", "x"))
	must(t, b.SetMapping(ctx, b.contosoLabs.ID, "halo", "", "13", "x"))

	use := func(use, name, fallback string) *orgs.Override {
		return &orgs.Override{Use: use, Name: name, Fallback: fallback}
	}
	const (
		task = "task fails"
		run  = "run fails"
	)
	for name, c := range map[string]struct {
		org           orgs.Organisation
		task, trigger *orgs.Override
		want          string
	}{
		"own default":                              {org: b.contoso, want: "Contoso own"},
		"the root's own":                           {org: b.msp, want: "Main"},
		"nothing of one's own":                     {org: b.northwind, want: task},
		"an ancestor's is not inherited":           {org: b.contosoLabs, want: task},
		"trigger: default":                         {org: b.northwind, trigger: use("default", "", ""), want: "Main"},
		"trigger before one's own":                 {org: b.contoso, trigger: use("default", "", ""), want: "Main"},
		"task before trigger":                      {org: b.northwind, task: use("instance", "lab us", ""), trigger: use("default", "", ""), want: "Lab US"},
		"task: instance":                           {org: b.contoso, task: use("instance", "Lab EU", ""), want: "Lab EU"},
		"instance: not another organisation's":     {org: b.contoso, task: use("instance", "Contoso own", "fail_task"), want: task},
		"instance unknown, fallback default":       {org: b.northwind, task: use("instance", "Nope", "default"), want: "Main"},
		"instance unknown, no fallback written":    {org: b.northwind, task: use("instance", "Nope", ""), want: task},
		"instance unknown, fail_task":              {org: b.northwind, task: use("instance", "Nope", "fail_task"), want: task},
		"instance unknown, fail_run":               {org: b.northwind, trigger: use("instance", "Nope", "fail_run"), want: run},
		"task's failing is not the trigger's turn": {org: b.northwind, task: use("instance", "Nope", "fail_task"), trigger: use("default", "", ""), want: task},
		"search":                         {org: b.northwind, task: use("search", "eu", "fail_task"), want: "Lab EU"},
		"search: the very name wins":     {org: b.northwind, task: use("search", "MAIN", "fail_task"), want: "Main"},
		"search: several are none":       {org: b.northwind, task: use("search", "lab", "fail_task"), want: task},
		"search: none, fallback default": {org: b.northwind, task: use("search", "asia", "default"), want: "Main"},
		"search: empty finds nothing":    {org: b.northwind, task: use("search", " ", "fail_run"), want: run},
		"mapping":                        {org: b.northwind, task: use("mapping", "", "fail_task"), want: "Lab EU"},
		"mapping under the default":      {org: b.contosoLabs, task: use("mapping", "", "fail_task"), want: "Main"},
		"mapping: not mapped":            {org: b.contoso, task: use("mapping", "", "fail_run"), want: run},
		"mapping: not mapped, default":   {org: b.contoso, task: use("mapping", "", "default"), want: "Main"},
		"the root by search":             {org: b.msp, trigger: use("search", "us", "fail_run"), want: "Lab US"},
	} {
		t.Run(name, func(t *testing.T) {
			in, err := b.Resolve(ctx, c.org, "halo", "HaloPSA", orgs.Lent{Owner: b.msp.ID, Task: c.task, Trigger: c.trigger})
			got := in.Name
			if err != nil {
				wantFault(t, err, fault.NotInstalled, "HaloPSA integration is not installed for "+c.org.Name)
				got = task
				if failed, ok := errors.AsType[*orgs.ResolveError](err); ok && failed.FailRun {
					got = run
				}
			}
			if got != c.want {
				t.Errorf("got %s, want %s (%v)", got, c.want, err)
			}
		})
	}
}

func TestResolveSaysWhatToDo(t *testing.T) {
	b := setup(t)
	_, err := b.Resolve(ctx, b.northwind, "halo", "HaloPSA", orgs.Lent{})
	wantFault(t, err, fault.NotInstalled, "gantry integrations add halo --org northwind-dental", "use: default")
	if got := fault.From(err).Message; got != "HaloPSA integration is not installed for Northwind Dental" {
		t.Errorf("message %q", got)
	}
	_, err = b.Resolve(ctx, b.northwind, "halo", "", orgs.Lent{Trigger: &orgs.Override{Use: "default"}})
	wantFault(t, err, fault.NotInstalled, "halo integration", "Acme MSP has no instance as its default; add it with `gantry integrations add halo`")
	_, err = b.Resolve(ctx, b.msp, "halo", "", orgs.Lent{})
	if hint := fault.From(err).Hint; hint != "add it with `gantry integrations add halo`" {
		t.Errorf("for the MSP itself: %q", hint)
	}
	_, err = b.Resolve(ctx, b.contosoLabs, "halo", "", orgs.Lent{Owner: b.contoso.ID, Task: &orgs.Override{Use: "default"}})
	wantFault(t, err, fault.NotInstalled, "`gantry integrations add halo --org contoso`")
	b.halo(t, b.msp, "Main")
	_, err = b.Resolve(ctx, b.northwind, "halo", "", orgs.Lent{Task: &orgs.Override{Use: "instance", Name: "Nope", Fallback: "fail_task"}})
	wantFault(t, err, fault.NotInstalled, `Acme MSP has no instance named "Nope"; it has "Main"`)
	_, err = b.Resolve(ctx, b.northwind, "halo", "", orgs.Lent{Task: &orgs.Override{Use: "mapping", Fallback: "fail_task"}})
	wantFault(t, err, fault.NotInstalled, "is not mapped for halo; map it with `gantry mappings set halo ID --org northwind-dental`")
	_, err = b.Resolve(ctx, b.northwind, "halo", "", orgs.Lent{Trigger: &orgs.Override{Use: "best"}})
	wantFault(t, err, fault.InvalidInput, "default, instance, search, mapping")
	_, err = b.Resolve(ctx, b.northwind, "halo", "", orgs.Lent{Trigger: &orgs.Override{Use: "default", Fallback: "hope"}})
	wantFault(t, err, fault.InvalidInput, "fail_run")
}

func TestAnOverrideLendsOnlyFromAbove(t *testing.T) {
	b := setup(t)
	b.halo(t, b.contoso, "Contoso own")
	_, err := b.Resolve(ctx, b.northwind, "halo", "", orgs.Lent{Owner: b.contoso.ID, Task: &orgs.Override{Use: "default"}})
	wantFault(t, err, fault.Tenant)
	_, err = b.Resolve(ctx, b.contoso, "halo", "", orgs.Lent{Owner: b.contosoLabs.ID, Task: &orgs.Override{Use: "default"}})
	wantFault(t, err, fault.Tenant)
	in, err := b.Resolve(ctx, b.contosoLabs, "halo", "", orgs.Lent{Owner: b.contoso.ID, Task: &orgs.Override{Use: "default"}})
	must(t, err)
	if in.Name != "Contoso own" {
		t.Error(in.Name)
	}
}

// What an organisation struct says is not trusted: only its id counts.
func TestResolveLooksTheOrganisationUp(t *testing.T) {
	b := setup(t)
	b.halo(t, b.contoso, "Contoso own")
	forged := b.northwind
	forged.ParentID = b.contoso.ID
	_, err := b.Resolve(ctx, forged, "halo", "", orgs.Lent{Owner: b.contoso.ID, Task: &orgs.Override{Use: "default"}})
	wantFault(t, err, fault.Tenant)
}

// A mapping that names no instance is of the MSP's default one: the Halo of a reseller knows its id as
// another client's.
func TestMappingWithoutInstanceIsTheMSPs(t *testing.T) {
	b := setup(t)
	b.halo(t, b.msp, "main")
	b.halo(t, b.contoso, "of the reseller")
	must(t, b.SetMapping(ctx, b.contosoLabs.ID, "halo", "", "12", "Labs"))
	byMapping := &orgs.Override{Use: orgs.UseMapping, Fallback: orgs.FallbackFailTask}
	_, err := b.Resolve(ctx, b.contosoLabs, "halo", "HaloPSA", orgs.Lent{Owner: b.contoso.ID, Task: byMapping})
	wantFault(t, err, fault.NotInstalled, "mapped under the MSP's default instance")
	in, err := b.Resolve(ctx, b.contosoLabs, "halo", "HaloPSA", orgs.Lent{Task: byMapping})
	must(t, err)
	if in.Name != "main" {
		t.Errorf("%+v", in)
	}
}
