package orgs_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/fault"
	"gantry/orgs"
)

func change(org orgs.Organisation, instance, id, name string) orgs.MappingChange {
	return orgs.MappingChange{OrganisationID: org.ID, To: orgs.MappingTo{Integration: "halo", InstanceID: instance, ExternalID: id,
		ExternalName: name, Rung: "folded", Confidence: 0.99, By: "ada"}}
}

func TestSaveMappings(t *testing.T) {
	b := setup(t)
	main := b.halo(t, b.msp, "main")
	second := b.halo(t, b.msp, "second")
	foreign := b.halo(t, b.contoso, "contoso's own")
	removed := b.create(t, "gone", "Gone", "")
	must(t, b.Remove(ctx, removed.ID))
	must(t, b.SetMapping(ctx, b.msp.ID, "halo", "", "1", "Acme"))
	isNew := change(b.msp, main.ID, "9", "Nine")
	isNew.New = true
	still, other, none := change(b.msp, main.ID, "1", "Acme"), change(b.msp, main.ID, "9", "Nine"), change(b.northwind, main.ID, "9", "Nine")
	still.Was, other.Was, none.Was = "1", "2", "1"
	badName := change(b.contoso, main.ID, "5", "a\nb")
	for name, c := range map[string]struct {
		changes []orgs.MappingChange
		shared  bool
		wrong   map[int]fault.Code
	}{
		"all well":                        {changes: []orgs.MappingChange{change(b.northwind, main.ID, "2", "Northwind"), change(b.contoso, main.ID, "3", "Contoso")}},
		"two swap":                        {changes: []orgs.MappingChange{change(b.northwind, main.ID, "3", "Contoso"), change(b.contoso, main.ID, "2", "Northwind")}},
		"one organisation gone":           {changes: []orgs.MappingChange{change(b.northwind, main.ID, "4", "x"), change(removed, main.ID, "5", "y")}, wrong: map[int]fault.Code{1: fault.Missing}},
		"an unknown organisation":         {changes: []orgs.MappingChange{change(orgs.Organisation{ID: "nobody"}, main.ID, "5", "y")}, wrong: map[int]fault.Code{0: fault.Missing}},
		"one entity twice":                {changes: []orgs.MappingChange{change(b.northwind, main.ID, "4", "x"), change(b.contoso, main.ID, "4", "x")}, wrong: map[int]fault.Code{0: fault.Conflict, 1: fault.Conflict}},
		"one organisation twice":          {changes: []orgs.MappingChange{change(b.northwind, main.ID, "4", "x"), change(b.northwind, main.ID, "5", "x")}, wrong: map[int]fault.Code{1: fault.InvalidInput}},
		"an entity that another has":      {changes: []orgs.MappingChange{change(b.northwind, main.ID, "1", "Acme")}, wrong: map[int]fault.Code{0: fault.Conflict}},
		"shared on purpose":               {changes: []orgs.MappingChange{change(b.northwind, main.ID, "1", "Acme")}, shared: true},
		"the same id in another instance": {changes: []orgs.MappingChange{change(b.northwind, second.ID, "1", "Acme")}},
		"an instance out of reach":        {changes: []orgs.MappingChange{change(b.northwind, foreign.ID, "7", "x")}, wrong: map[int]fault.Code{0: fault.Tenant}},
		"mapped already":                  {changes: []orgs.MappingChange{isNew}, wrong: map[int]fault.Code{0: fault.Conflict}},
		"another entity's by now":         {changes: []orgs.MappingChange{other}, wrong: map[int]fault.Code{0: fault.Conflict}},
		"not mapped any more":             {changes: []orgs.MappingChange{none}, wrong: map[int]fault.Code{0: fault.Conflict}},
		"mapped as it was seen":           {changes: []orgs.MappingChange{still}},
		"a name that cannot be":           {changes: []orgs.MappingChange{badName, change(b.northwind, main.ID, "4", "x")}, wrong: map[int]fault.Code{0: fault.InvalidInput}},
	} {
		before, err := b.AllMappings(ctx, "halo")
		must(t, err)
		problems, err := b.SaveMappings(ctx, c.changes, c.shared, true)
		must(t, err)
		dry := codes(problems)
		if after, _ := b.AllMappings(ctx, "halo"); !cmp.Equal(before, after) {
			t.Errorf("%s: a dry run saved something", name)
		}
		problems, err = b.SaveMappings(ctx, c.changes, c.shared, false)
		must(t, err)
		if got := codes(problems); !cmp.Equal(got, c.wrong) && len(got)+len(c.wrong) > 0 || !cmp.Equal(got, dry) {
			t.Errorf("%s: problems %v (dry: %v), want %v", name, got, dry, c.wrong)
		}
		after, err := b.AllMappings(ctx, "halo")
		must(t, err)
		if len(problems) > 0 && !cmp.Equal(before, after) {
			t.Errorf("%s: saved by half", name)
		}
		for _, change := range c.changes {
			id, _, _, _ := b.Mapping(ctx, b.northwind.ID, "halo")
			if change.OrganisationID == b.northwind.ID && len(problems) == 0 && id != change.To.ExternalID {
				t.Errorf("%s: northwind is %s", name, id)
			}
		}
		for _, org := range []orgs.Organisation{b.northwind, b.contoso} {
			_ = b.RemoveMapping(ctx, org.ID, "halo")
		}
	}
}

func codes(problems []orgs.MappingProblem) map[int]fault.Code {
	all := map[int]fault.Code{}
	for _, p := range problems {
		all[p.Change] = p.Fault.Code
	}
	return all
}

func TestSavedMappingTellsHowItCameToBe(t *testing.T) {
	b := setup(t)
	main := b.halo(t, b.msp, "main")
	_, err := b.SaveMappings(ctx, []orgs.MappingChange{change(b.northwind, main.ID, "2", "Northwind")}, false, false)
	must(t, err)
	all, err := b.Mappings(ctx, b.northwind.ID)
	must(t, err)
	want := orgs.MappingTo{Integration: "halo", InstanceID: main.ID, ExternalID: "2", ExternalName: "Northwind", Rung: "folded", Confidence: 0.99, By: "ada", Updated: start.UnixMicro()}
	if diff := cmp.Diff([]orgs.MappingTo{want}, all); diff != "" || !all[0].MappedAt().Equal(start) {
		t.Error(diff)
	}
	must(t, b.SetMapping(ctx, b.northwind.ID, "halo", "", "3", "Third"))
	if all, _ = b.Mappings(ctx, b.northwind.ID); all[0].Rung != "" || all[0].By != "" {
		t.Errorf("a mapping by hand keeps another's rung: %+v", all[0])
	}
}

func TestOptions(t *testing.T) {
	b := setup(t)
	main := b.halo(t, b.msp, "main")
	if _, _, known, err := b.Options(ctx, b.msp.ID, main.ID); known || err != nil {
		t.Errorf("%v, %v before any were read", known, err)
	}
	first := []orgs.Entity{{ID: "2", Name: "Beta"}, {ID: "1", Name: "Alpha"}, {ID: "3"}}
	for _, entities := range [][]orgs.Entity{first, first[:1], {}} {
		at, err := b.SaveOptions(ctx, b.msp.ID, main.ID, entities)
		must(t, err)
		got, readAt, known, err := b.Options(ctx, b.msp.ID, main.ID)
		must(t, err)
		if !known || !readAt.Equal(at) || !readAt.Equal(start) || !cmp.Equal(got, entities) {
			t.Errorf("%v %s %v", known, readAt, got)
		}
	}
	_, err := b.SaveOptions(ctx, b.contoso.ID, main.ID, first)
	wantFault(t, err, fault.Missing, "no such instance")
	if _, _, known, _ := b.Options(ctx, b.contoso.ID, main.ID); known {
		t.Error("an organisation sees what was read through another's instance")
	}
	_, err = b.SaveOptions(ctx, b.msp.ID, main.ID, []orgs.Entity{{ID: "1"}, {ID: "1"}})
	wantFault(t, err, fault.Storage)
	must(t, b.RemoveInstance(ctx, b.msp.ID, "halo", "main", true))
	if _, _, known, err := b.Options(ctx, b.msp.ID, main.ID); known || err != nil {
		t.Errorf("%v, %v after the instance was removed", known, err)
	}
}
