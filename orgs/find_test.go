package orgs_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/orgs"
)

func TestFind(t *testing.T) {
	b := setup(t)
	tagged := b.create(t, "zoe", "Café Zoë", "contoso")
	_, err := b.Tag(ctx, tagged.ID, []string{"gold"}, nil)
	must(t, err)
	gone := b.create(t, "gone", "Gone", "")
	must(t, b.Remove(ctx, gone.ID))
	for name, c := range map[string]struct {
		filter orgs.Filter
		want   []string
	}{
		"everything": {orgs.Filter{}, []string{"acme-msp", "contoso", "zoe", "contoso-labs", "northwind-dental"}},
		"a tag":      {orgs.Filter{Tag: "gold"}, []string{"zoe"}},
		"part":       {orgs.Filter{Search: "CONTO"}, []string{"contoso", "contoso-labs"}},
		"marks":      {orgs.Filter{Search: "cafe zoe"}, []string{"zoe"}},
		"in a tag":   {orgs.Filter{Search: "gol"}, []string{"zoe"}},
		"nothing":    {orgs.Filter{Search: "gol", Tag: "silver"}, nil},
		"removed":    {orgs.Filter{Removed: true}, []string{"gone"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := b.Find(ctx, c.filter)
			must(t, err)
			if diff := cmp.Diff(c.want, slugs(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOrigins(t *testing.T) {
	b := setup(t)
	b.set(t, b.msp, "team", orgs.TypeString, "top")
	must(t, b.SetVariable(ctx, b.contoso.ID, orgs.Variable{Name: "team", Type: orgs.TypeString, Value: "middle", Local: true}))
	states := func(org orgs.Organisation) (all []string) {
		origins, err := b.Origins(ctx, org.ID, "team")
		must(t, err)
		for _, o := range origins {
			all = append(all, o.Source.Slug+" "+o.State)
			if (o.Value == nil) != (o.State == orgs.OriginLocal) {
				t.Errorf("%s sees %v of %s, which is %s", org.Slug, o.Value, o.Source.Slug, o.State)
			}
		}
		return all
	}
	if diff := cmp.Diff([]string{"contoso local", "acme-msp counts"}, states(b.contosoLabs)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"contoso counts", "acme-msp hidden"}, states(b.contoso)); diff != "" {
		t.Error(diff)
	}
	if got := states(b.northwind); len(got) != 1 {
		t.Error(got)
	}
}

// One tag in place of another is a change, too.
func TestTagsAreSwapped(t *testing.T) {
	b := setup(t)
	for _, c := range []struct{ add, remove, want []string }{
		{add: []string{"gold"}, want: []string{"gold"}},
		{add: []string{"silver"}, remove: []string{"gold"}, want: []string{"silver"}},
		{add: []string{"dental", "legal"}, remove: []string{"silver"}, want: []string{"dental", "legal"}},
		{remove: []string{"dental"}, want: []string{"legal"}},
	} {
		_, err := b.Tag(ctx, b.contoso.ID, c.add, c.remove)
		must(t, err)
		if now, err := b.ByID(ctx, b.contoso.ID); err != nil || !slices.Equal(now.Tags, c.want) {
			t.Errorf("with %v, without %v: %v, %v", c.add, c.remove, now.Tags, err)
		}
	}
}
