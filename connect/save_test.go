package connect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gantry/connect"
	"gantry/orgs"
)

func TestSaveWhatIsMatched(t *testing.T) {
	b := setup(t, "Contoso Ltd", "Northwind", "Fabrikam Group")
	contoso, northwind, fabrikam := b.org(t, "Contoso"), b.org(t, "Northwind"), b.org(t, "Fabrikam")
	target := b.refresh(t)
	s, err := b.Suggest(ctx, target)
	must(t, err)
	if n := len(s.Accept("exact")); n != 1 {
		t.Errorf("exact takes %d rows", n)
	}
	b.clock = b.clock.Add(time.Minute)
	dry, err := b.Save(ctx, target, s.Accept("near"), connect.SaveOptions{By: "ada", DryRun: true})
	must(t, err)
	if kept, err := b.Options(ctx, target); err != nil || !kept.ReadAt.Equal(s.ReadAt) {
		t.Errorf("a dry run kept what was read at %v, not %v (%v)", kept.ReadAt, s.ReadAt, err)
	}
	if all, _ := b.orgs.AllMappings(ctx, "halo"); len(all) != 0 || len(dry.Saved) != 2 {
		t.Fatalf("a dry run: %+v, stored %v", dry, all)
	}
	saved, err := b.Save(ctx, target, s.Accept("near"), connect.SaveOptions{By: "ada"})
	must(t, err)
	if len(saved.Saved) != 2 || len(saved.Problems) != 0 {
		t.Fatalf("%+v", saved)
	}
	all, err := b.orgs.Mappings(ctx, contoso.ID)
	must(t, err)
	if m := all[0]; m.Rung != "suffix" || m.Confidence != 0.98 || m.By != "ada" || !m.MappedAt().Equal(b.clock) || m.InstanceID != target.Instance.ID || m.ExternalName != "Contoso Ltd" {
		t.Errorf("%+v", m)
	}
	if _, _, mapped, _ := b.orgs.Mapping(ctx, fabrikam.ID, "halo"); mapped {
		t.Error("a suggestion was saved")
	}
	if facts, err := b.orgs.Facts(ctx, northwind.ID); err != nil || facts.Integrations["halo"].Name != "Northwind" {
		t.Errorf("%+v, %v", facts.Integrations, err)
	}
	after, err := b.Suggest(ctx, target)
	must(t, err)
	if after.Organisations.Mapped != 2 || len(after.Accept("near")) != 0 {
		t.Errorf("%+v", after.Organisations)
	}
	must(t, b.Remove(ctx, "halo", contoso))
	if after, _ = b.Suggest(ctx, target); after.Organisations.Mapped != 1 || after.Organisations.Matched != 1 {
		t.Errorf("after removal %+v", after.Organisations)
	}
}

// What changes between reading and saving is told, and nothing is saved by half.
func TestSaveWhenTheWorldHasChanged(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*testing.T, *bundle, map[string]string)
		row    string // the organisation with a problem
		says   string
	}{
		"a client vanished": {func(t *testing.T, b *bundle, ids map[string]string) { b.deleteClient(t, ids["Contoso"]) }, "contoso", "has nothing with the id"},
		"a client was renamed": {func(t *testing.T, b *bundle, ids map[string]string) {
			b.renameClient(t, ids["Contoso"], "Somebody Else")
		}, "contoso", `is called "Somebody Else"`},
		"an organisation was removed": {func(t *testing.T, b *bundle, _ map[string]string) {
			must(t, b.orgs.Remove(ctx, b.slug(t, "contoso").ID))
		}, "contoso", "removed or renamed meanwhile"},
		"an organisation was mapped": {func(t *testing.T, b *bundle, _ map[string]string) {
			must(t, b.orgs.SetMapping(ctx, b.slug(t, "contoso").ID, "halo", "", "77", "By Hand"))
		}, "contoso", "has been mapped to By Hand meanwhile"},
		"the client was given to another": {func(t *testing.T, b *bundle, ids map[string]string) {
			must(t, b.orgs.SetMapping(ctx, b.msp.ID, "halo", "", ids["Contoso"], "Contoso"))
		}, "contoso", "Acme MSP (acme-msp) is already"},
	} {
		t.Run(name, func(t *testing.T) {
			b := setup(t, "Contoso", "Northwind")
			b.org(t, "Contoso")
			b.org(t, "Northwind")
			target := b.refresh(t)
			s, err := b.Suggest(ctx, target)
			must(t, err)
			ids := map[string]string{}
			for _, r := range s.Rows {
				if r.Suggestion != nil {
					ids[r.Name] = r.Suggestion.ID
				}
			}
			c.change(t, b, ids)
			before, err := b.orgs.AllMappings(ctx, "halo")
			must(t, err)
			saved, err := b.Save(ctx, target, s.Accept("near"), connect.SaveOptions{})
			must(t, err)
			if len(saved.Problems) != 1 || saved.Problems[0].Organisation != c.row || !strings.Contains(saved.Problems[0].Error.Message, c.says) || len(saved.Saved) > 0 {
				t.Errorf("%+v", saved)
			}
			if after, _ := b.orgs.AllMappings(ctx, "halo"); !cmp.Equal(before, after) {
				t.Error("something was saved all the same")
			}
		})
	}
}

func (b *bundle) slug(t testing.TB, slug string) orgs.Organisation {
	t.Helper()
	org, err := b.orgs.BySlug(ctx, slug)
	must(t, err)
	return org
}

func TestSaveOneToOne(t *testing.T) {
	b := setup(t)
	id := b.client(t, "Contoso")
	first, second := b.org(t, "Contoso"), b.org(t, "Contoso Labs")
	target := b.refresh(t)
	both := []connect.Choice{{Organisation: first.Slug, EntityID: id}, {Organisation: second.Slug, EntityID: id}}
	saved, err := b.Save(ctx, target, both, connect.SaveOptions{})
	must(t, err)
	if len(saved.Problems) != 2 || len(saved.Saved) != 0 {
		t.Errorf("%+v", saved)
	}
	saved, err = b.Save(ctx, target, both, connect.SaveOptions{Shared: true})
	must(t, err)
	if len(saved.Saved) != 2 || len(saved.Problems) != 0 {
		t.Errorf("%+v", saved)
	}
	if saved, err = b.Save(ctx, target, both, connect.SaveOptions{Shared: true}); err != nil || saved.Unchanged != 2 || len(saved.Saved) != 0 {
		t.Errorf("the second time: %+v, %v", saved, err)
	}
}

// A mapping is under the instance that it was made with; the same id elsewhere is another client.
func TestSaveUnderAnotherInstance(t *testing.T) {
	b := setup(t)
	id := b.client(t, "Contoso")
	contoso, other := b.org(t, "Contoso"), b.org(t, "Other")
	second := b.instance(t, "second")
	for instance, org := range map[string]orgs.Organisation{"": contoso, "second": other} {
		target := b.target(t, instance)
		_, err := b.RefreshOptions(ctx, target)
		must(t, err)
		saved, err := b.Save(ctx, target, []connect.Choice{{Organisation: org.Slug, EntityID: id}}, connect.SaveOptions{})
		must(t, err)
		if len(saved.Problems) > 0 {
			t.Fatalf("%+v", saved.Problems)
		}
	}
	in, err := b.orgs.Resolve(ctx, other, "halo", "HaloPSA", orgs.Lent{Task: &orgs.Override{Use: orgs.UseMapping, Fallback: orgs.FallbackFailTask}})
	must(t, err)
	if in.ID != second.ID {
		t.Errorf("the override finds %s", in.Name)
	}
	s, err := b.Suggest(ctx, b.target(t, ""))
	must(t, err)
	if got := said(s.Rows); got["contoso"] != "mapped" || got["other"] != "mapped_elsewhere under second" {
		t.Error(got)
	}
}

// However choices are put together: either all of them hold afterwards, or nothing has changed.
func TestSaveIsAllOrNothing(t *testing.T) {
	b := setup(t)
	var ids, slugs []string
	for i := range 4 {
		ids = append(ids, b.client(t, fmt.Sprintf("Client %d", i)))
		slugs = append(slugs, b.org(t, fmt.Sprintf("Organisation %d", i)).Slug)
	}
	ids, slugs = append(ids, "99999"), append(slugs, "nobody")
	target := b.refresh(t)
	rapid.Check(t, func(t *rapid.T) {
		choices := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) connect.Choice {
			return connect.Choice{Organisation: rapid.SampledFrom(slugs).Draw(t, "org"), EntityID: rapid.SampledFrom(ids).Draw(t, "id"), New: rapid.Bool().Draw(t, "new")}
		}), 1, 5).Draw(t, "choices")
		shared := rapid.Bool().Draw(t, "shared")
		before, _ := b.orgs.AllMappings(ctx, "halo")
		saved, err := b.Save(ctx, target, choices, connect.SaveOptions{Shared: shared})
		if err != nil {
			t.Fatal(err)
		}
		after, _ := b.orgs.AllMappings(ctx, "halo")
		if len(saved.Problems) > 0 {
			if !cmp.Equal(before, after) {
				t.Fatalf("problems %v, and saved", saved.Problems)
			}
			return
		}
		was := map[string]string{} // a choice that was so already stays, shared or not
		for _, m := range before {
			was[m.OrganisationID] = m.ExternalID
		}
		is, owners, kept := map[string]string{}, map[string]int{}, map[string]bool{}
		for _, m := range after {
			org, _ := b.orgs.ByID(ctx, m.OrganisationID)
			is[org.Slug], kept[org.Slug] = m.ExternalID, was[org.ID] == m.ExternalID
			owners[m.ExternalID]++
		}
		for _, c := range choices {
			if is[c.Organisation] != c.EntityID {
				t.Fatalf("%s is %s, not %s", c.Organisation, is[c.Organisation], c.EntityID)
			}
			if !shared && !kept[c.Organisation] && owners[c.EntityID] > 1 {
				t.Fatalf("%s belongs to %d", c.EntityID, owners[c.EntityID])
			}
		}
	})
}

// TestSaveTakesMappingsAway: an entity passes from one organisation to another in one step, and what was mapped
// otherwise meanwhile is not taken away.
func TestSaveTakesMappingsAway(t *testing.T) {
	b := setup(t, "Contoso Ltd", "Northwind")
	b.org(t, "Contoso")
	b.org(t, "Northwind")
	target := b.refresh(t)
	s, err := b.Suggest(ctx, target)
	must(t, err)
	first, err := b.Save(ctx, target, s.Accept("near"), connect.SaveOptions{})
	must(t, err)
	contoso := first.Saved[0].ExternalID
	pass := []connect.Choice{{Organisation: "contoso", EntityID: contoso, Remove: true}, {Organisation: "northwind", EntityID: contoso}}
	saved, err := b.Save(ctx, target, pass, connect.SaveOptions{})
	must(t, err)
	if len(saved.Problems) != 0 || len(saved.Removed) != 1 || saved.Removed[0] != "contoso" || len(saved.Saved) != 1 {
		t.Fatalf("%+v", saved)
	}
	late := []connect.Choice{{Organisation: "northwind", EntityID: "another", Remove: true}, {Organisation: "contoso", Remove: true}}
	saved, err = b.Save(ctx, target, late, connect.SaveOptions{})
	must(t, err)
	if len(saved.Problems) != 1 || saved.Unchanged != 1 || !strings.Contains(saved.Problems[0].Error.Message, "meanwhile") {
		t.Errorf("%+v", saved)
	}
	if all, err := b.orgs.AllMappings(ctx, "halo"); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
}
