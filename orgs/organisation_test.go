package orgs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

func slugs(list []orgs.Organisation) []string {
	var out []string
	for _, org := range list {
		out = append(out, org.Slug)
	}
	return out
}

func TestTree(t *testing.T) {
	b := setup(t)
	list, err := b.List(ctx)
	must(t, err)
	if diff := cmp.Diff([]string{"acme-msp", "contoso", "contoso-labs", "northwind-dental"}, slugs(list)); diff != "" {
		t.Error(diff)
	}
	root, err := b.Root(ctx)
	must(t, err)
	if diff := cmp.Diff(orgs.Organisation{ID: "id-0001", Slug: "acme-msp", Name: "Acme MSP", Tags: []string{}, Enabled: true, CreatedAt: start}, root); diff != "" {
		t.Error(diff)
	}
	if b.northwind.ParentID != root.ID {
		t.Error("without a parent an organisation goes below the root")
	}
	for _, c := range []struct {
		ancestor, id string
		want         bool
	}{
		{b.msp.ID, b.contosoLabs.ID, true}, {b.contoso.ID, b.contosoLabs.ID, true}, {b.msp.ID, b.msp.ID, false},
		{b.northwind.ID, b.contosoLabs.ID, false}, {b.contosoLabs.ID, b.contoso.ID, false}, {"", b.msp.ID, false}, {b.msp.ID, "nonsense", false},
	} {
		got, err := b.IsDescendant(ctx, c.ancestor, c.id)
		must(t, err)
		if got != c.want {
			t.Errorf("%s below %s: %v", c.id, c.ancestor, got)
		}
	}
}

func TestBeforeThereIsARoot(t *testing.T) {
	s, err := store.Open(ctx, t.TempDir(), store.Options{}, orgs.Migrations())
	must(t, err)
	defer s.Close()
	service := orgs.New(s, ring(t, 1), func() time.Time { return start })
	_, err = service.Root(ctx)
	wantFault(t, err, fault.Missing, "no organisation yet", "gantry orgs add")
	list, err := service.List(ctx)
	must(t, err)
	if len(list) != 0 {
		t.Error(list)
	}
	_, err = service.Create(ctx, orgs.NewOrganisation{Slug: "a", Name: "A", Parent: "nobody"})
	wantFault(t, err, fault.Missing, "nobody")
}

func TestTagsAreTidied(t *testing.T) {
	b := setup(t)
	org, err := b.Create(ctx, orgs.NewOrganisation{Slug: "tagged", Name: "Tagged", Tags: []string{"gold", "eu", "gold"}})
	must(t, err)
	got, err := b.BySlug(ctx, "tagged")
	must(t, err)
	if diff := cmp.Diff(org, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"eu", "gold"}, got.Tags); diff != "" {
		t.Error(diff)
	}
	got.Tags[0] = "changed by its reader"
	again, err := b.BySlug(ctx, "tagged")
	must(t, err)
	if again.Tags[0] != "eu" {
		t.Error("a reader changed what others see")
	}
}

func TestCreateRefuses(t *testing.T) {
	b := setup(t)
	for name, c := range map[string]struct {
		wanted orgs.NewOrganisation
		code   fault.Code
		words  []string
	}{
		"a taken slug":        {orgs.NewOrganisation{Slug: "contoso", Name: "X"}, fault.Exists, []string{"contoso"}},
		"a wrong slug":        {orgs.NewOrganisation{Slug: "Contoso & Sons", Name: "X"}, fault.InvalidInput, []string{"contoso-sons"}},
		"no slug":             {orgs.NewOrganisation{Name: "X"}, fault.InvalidInput, nil},
		"a path":              {orgs.NewOrganisation{Slug: "..", Name: "X"}, fault.InvalidInput, nil},
		"a long slug":         {orgs.NewOrganisation{Slug: strings.Repeat("a", 64), Name: "X"}, fault.InvalidInput, []string{"63"}},
		"no name":             {orgs.NewOrganisation{Slug: "x", Name: " "}, fault.InvalidInput, []string{"empty"}},
		"a line break":        {orgs.NewOrganisation{Slug: "x", Name: "a\nb"}, fault.InvalidInput, []string{"U+000A"}},
		"an escape":           {orgs.NewOrganisation{Slug: "x", Name: "a\x1b[31m"}, fault.InvalidInput, []string{"U+001B"}},
		"turned writing":      {orgs.NewOrganisation{Slug: "x", Name: "a\u202eb"}, fault.InvalidInput, []string{"U+202E"}},
		"an invisible space":  {orgs.NewOrganisation{Slug: "x", Name: "a\u200bb"}, fault.InvalidInput, []string{"U+200B"}},
		"a long name":         {orgs.NewOrganisation{Slug: "x", Name: strings.Repeat("ä", 256)}, fault.InvalidInput, []string{"255"}},
		"no UTF-8":            {orgs.NewOrganisation{Slug: "x", Name: "a\xff"}, fault.InvalidInput, []string{"UTF-8"}},
		"an outer space":      {orgs.NewOrganisation{Slug: "x", Name: "a "}, fault.InvalidInput, []string{"space"}},
		"a wrong tag":         {orgs.NewOrganisation{Slug: "x", Name: "X", Tags: []string{""}}, fault.InvalidInput, []string{"tag"}},
		"too many tags":       {orgs.NewOrganisation{Slug: "x", Name: "X", Tags: make([]string, 51)}, fault.InvalidInput, []string{"50"}},
		"an unknown parent":   {orgs.NewOrganisation{Slug: "x", Name: "X", Parent: "contosso"}, fault.Missing, []string{`did you mean "contoso"`}},
		"a slug of a removed": {orgs.NewOrganisation{Slug: "gone", Name: "X"}, fault.Exists, []string{"removed", "restore"}},
		"a removed parent":    {orgs.NewOrganisation{Slug: "x", Name: "X", Parent: "gone"}, fault.Missing, []string{"removed"}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.wanted.Slug == "gone" || c.wanted.Parent == "gone" {
				if gone, err := b.Create(ctx, orgs.NewOrganisation{Slug: "gone", Name: "Gone"}); err == nil {
					must(t, b.Remove(ctx, gone.ID))
				}
			}
			_, err := b.Create(ctx, c.wanted)
			wantFault(t, err, c.code, c.words...)
		})
	}
}

func TestDepthIsBounded(t *testing.T) {
	b := setup(t)
	parent := "contoso-labs"
	for i := range 13 {
		slug := "level-" + string(rune('a'+i))
		b.create(t, slug, "Level", parent)
		parent = slug
	}
	_, err := b.Create(ctx, orgs.NewOrganisation{Slug: "too-deep", Name: "Too deep", Parent: parent})
	wantFault(t, err, fault.InvalidInput, "16 levels")
}

func TestRemoveAndRestore(t *testing.T) {
	b := setup(t)
	b.set(t, b.contosoLabs, "colour", orgs.TypeString, "blue")
	wantFault(t, b.Remove(ctx, b.msp.ID), fault.Conflict, "root")
	wantFault(t, b.Remove(ctx, b.contoso.ID), fault.Conflict, "contoso-labs")
	must(t, b.Remove(ctx, b.contosoLabs.ID))
	wantFault(t, b.Remove(ctx, b.contosoLabs.ID), fault.Missing, "removed")
	must(t, b.Remove(ctx, b.contoso.ID))

	_, err := b.BySlug(ctx, "contoso")
	wantFault(t, err, fault.Missing, "removed")
	_, err = b.Effective(ctx, b.contosoLabs.ID)
	wantFault(t, err, fault.Missing, "removed")
	wantFault(t, b.SetVariable(ctx, b.contosoLabs.ID, orgs.Variable{Name: "a", Type: "string", Value: "b"}), fault.Missing, "removed")
	list, err := b.List(ctx)
	must(t, err)
	if diff := cmp.Diff([]string{"acme-msp", "northwind-dental"}, slugs(list)); diff != "" {
		t.Error(diff)
	}
	gone, err := b.ByID(ctx, b.contoso.ID)
	must(t, err)
	if gone.DeletedAt == nil || !gone.DeletedAt.Equal(start) {
		t.Errorf("history asks for removed organisations: %+v", gone)
	}

	found, err := b.Removed(ctx, "contoso")
	must(t, err)
	if found.ID != b.contoso.ID || found.DeletedAt == nil {
		t.Errorf("removed: %+v", found)
	}
	_, err = b.Removed(ctx, "contosso")
	wantFault(t, err, fault.Missing, `did you mean "contoso"?`)
	_, err = b.Removed(ctx, "northwind-dental")
	wantFault(t, err, fault.Conflict, "was not removed")

	_, err = b.Restore(ctx, b.contosoLabs.ID)
	wantFault(t, err, fault.Conflict, "parent", "orgs restore contoso")
	restored(t, b, b.contoso)
	restored(t, b, b.contosoLabs)
	variables, err := b.Effective(ctx, b.contosoLabs.ID)
	must(t, err)
	if len(variables) != 1 || variables[0].Value != "blue" {
		t.Errorf("after restoring: %+v", variables)
	}
}

func TestUnknownOrganisations(t *testing.T) {
	b := setup(t)
	_, err := b.BySlug(ctx, "northwind-dentl")
	wantFault(t, err, fault.Missing, `did you mean "northwind-dental"?`)
	_, err = b.Removed(ctx, "northwind-dental-x")
	wantFault(t, err, fault.Missing, "orgs list --deleted")
	_, err = b.ByID(ctx, "nonsense")
	wantFault(t, err, fault.Missing, "nonsense")
	for what, read := range map[string]func() error{
		"variables": func() error { _, err := b.Variables(ctx, "nonsense"); return err },
		"instances": func() error { _, err := b.Instances(ctx, "nonsense"); return err },
		"mappings":  func() error { _, err := b.Mappings(ctx, ""); return err },
		"facts":     func() error { _, err := b.Facts(ctx, ""); return err },
		"secrets":   func() error { _, err := b.InstanceSecrets(ctx, "", "x"); return err },
		"resolve":   func() error { _, err := b.Resolve(ctx, orgs.Organisation{}, "halo", "", orgs.Lent{}); return err },
		"restore":   func() error { _, err := b.Restore(ctx, "nonsense"); return err },
	} {
		t.Run(what, func(t *testing.T) { wantFault(t, read(), fault.Missing) })
	}
}

func TestSlugOf(t *testing.T) {
	for name, want := range map[string]string{
		"Northwind Dental": "northwind-dental", "O'Rourke & Müller Ltd.": "orourke-mueller-ltd", "Ærø 24": "aero-24", "Größe’s": "groesses", "  ": "", "日本": "",
	} {
		if got := orgs.SlugOf(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func FuzzParseSlug(f *testing.F) {
	for _, seed := range []string{"", "acme-msp", "-a", "a-", "..", "A", "ä", "a b", strings.Repeat("a", 64)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		slug, err := orgs.ParseSlug(text)
		if err != nil {
			return
		}
		if string(slug) != text || len(text) > 63 || strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || text[0] == '-' || text[len(text)-1] == '-' {
			t.Errorf("%q was taken for a slug", text)
		}
	})
}
