package orgs_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gantry/orgs"
	"gantry/store"
)

// failing is a test of either kind.
type failing interface{ Fatal(args ...any) }

// lawful gives a maker of empty services for the runs of a law, which all use one store.
func lawful(t testing.TB) func(failing) *bundle {
	b := empty(t, filepath.Join(t.TempDir(), "data"))
	keys := ring(t, 1)
	return func(rt failing) *bundle {
		err := b.store.Write(ctx, func(tx *store.Tx) error {
			for _, statement := range []string{"PRAGMA defer_foreign_keys = ON", "DELETE FROM mappings", "DELETE FROM secrets", "DELETE FROM instances",
				"DELETE FROM variables", "DELETE FROM former_slugs", "DELETE FROM organisations"} {
				if _, err := tx.Exec(statement); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			rt.Fatal(err)
		}
		fresh := &bundle{Service: orgs.New(b.store, keys, func() time.Time { return start }, orgs.WithIDs(counter())), store: b.store}
		if _, err := fresh.Create(ctx, orgs.NewOrganisation{Slug: "acme-msp", Name: "Acme MSP"}); err != nil {
			rt.Fatal(err)
		}
		return fresh
	}
}

// checkTree holds the laws of the tree: one root, no circle, unique slugs, no live one below a removed one.
func checkTree(t *rapid.T, b *bundle) {
	live, err := b.Find(ctx, orgs.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	removed, err := b.Find(ctx, orgs.Filter{Removed: true})
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]orgs.Organisation{}
	seen, roots := map[string]bool{}, 0
	for _, o := range append(slices.Clone(live), removed...) {
		if seen[o.Slug] {
			t.Fatalf("two have the slug %s", o.Slug)
		}
		seen[o.Slug] = true
		byID[o.ID] = o
		if o.ParentID == "" {
			roots++
		}
	}
	if roots != 1 {
		t.Fatalf("%d roots", roots)
	}
	for _, o := range byID {
		steps := 0
		for at := o; at.ParentID != ""; at = byID[at.ParentID] {
			if steps++; steps > len(byID) {
				t.Fatalf("%s stands in a circle", o.Slug)
			}
			if o.DeletedAt == nil && byID[at.ParentID].DeletedAt != nil {
				t.Fatalf("%s lives below %s, which is removed", o.Slug, byID[at.ParentID].Slug)
			}
		}
	}
}

func TestTreeLaws(t *testing.T) {
	first := lawful(t)
	rapid.Check(t, func(rt *rapid.T) {
		b := first(rt)
		slug := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "acme-msp"})
		id := func(name string) string {
			if org, err := b.BySlug(ctx, name); err == nil {
				return org.ID
			}
			if org, err := b.Removed(ctx, name); err == nil {
				return org.ID
			}
			return "nobody"
		}
		rt.Repeat(map[string]func(*rapid.T){
			"create": func(rt *rapid.T) {
				_, _ = b.Create(ctx, orgs.NewOrganisation{Slug: slug.Draw(rt, "slug"), Name: "N", Parent: slug.Draw(rt, "parent")})
			},
			"move": func(rt *rapid.T) {
				_, _ = b.Move(ctx, id(slug.Draw(rt, "org")), id(slug.Draw(rt, "parent")))
			},
			"rename": func(rt *rapid.T) {
				_, _ = b.Update(ctx, id(slug.Draw(rt, "org")), orgs.Changes{Slug: new(slug.Draw(rt, "new"))})
			},
			"remove":  func(rt *rapid.T) { _ = b.Remove(ctx, id(slug.Draw(rt, "org"))) },
			"restore": func(rt *rapid.T) { _, _ = b.Restore(ctx, id(slug.Draw(rt, "org"))) },
			"purge":   func(rt *rapid.T) { _, _ = b.Purge(ctx, id(slug.Draw(rt, "org")), true) },
			"remove and restore": func(rt *rapid.T) {
				before, err := b.ExportYAML(ctx)
				if err != nil {
					rt.Fatal(err)
				}
				org := id(slug.Draw(rt, "org"))
				removed, err := b.RemoveTree(ctx, org)
				if err != nil {
					return
				}
				restored, err := b.Restore(ctx, org)
				after, _ := b.ExportYAML(ctx)
				if err != nil || len(restored.Organisations) != len(removed) || string(after) != string(before) {
					rt.Fatalf("restoring is not the reverse of removing: %v\n%s\n%s", err, before, after)
				}
			},
			"": func(rt *rapid.T) { checkTree(rt, b) },
		})
	})
}

var (
	lawNames = rapid.OneOf(rapid.SampledFrom([]string{"=1+1", "'=x", "@home", "a, b; c", `"quoted"`, "no", "12", "Zoë", "- dash", "# hash", "a: b", "{x}", "line 1"}),
		rapid.StringMatching(`[A-Za-z0-9äß=+@'",;:#&*!?{}\[\]-]{1,12}`))
	lawTexts  = rapid.OneOf(lawNames, rapid.StringMatching("[a-z =+@'\",;:\n\t|>%]{1,10}"))
	lawValues = rapid.OneOf(
		rapid.Map(lawTexts, func(s string) any { return s }), rapid.Map(rapid.Float64Range(-1e9, 1e9), func(f float64) any { return f }),
		rapid.Map(rapid.Int64Range(-1<<53, 1<<53), func(n int64) any { return n }), rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.SliceOfN(lawTexts, 0, 3), func(texts []string) any {
			list := []any{}
			for _, text := range texts {
				list = append(list, text, int64(len(text)), nil, map[string]any{text: true})
			}
			return list
		}),
		rapid.Map(rapid.MapOfN(lawTexts, lawTexts, 0, 3), func(m map[string]string) any {
			object := map[string]any{}
			for k, v := range m {
				object[k] = []any{v, map[string]any{}, []any{}}
			}
			return object
		}))
)

// people fills a tree with organisations that have what anybody may think of.
func people(t *rapid.T, b *bundle) {
	parents := []string{"acme-msp"}
	for i := range rapid.IntRange(1, 6).Draw(t, "organisations") {
		slug := fmt.Sprintf("org-%d", i)
		tags := rapid.SliceOfN(lawNames, 0, 3).Draw(t, "tags")
		org, err := b.Create(ctx, orgs.NewOrganisation{Slug: slug, Name: strings.TrimSpace(lawNames.Draw(t, "name")) + "x", Parent: rapid.SampledFrom(parents).Draw(t, "parent"), Tags: tags})
		if err != nil {
			t.Fatal(err)
		}
		parents = append(parents, slug)
		for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "no", "y"}), 0, 4).Draw(t, "variables") {
			v := lawValues.Draw(t, "value")
			_ = b.SetVariable(ctx, org.ID, orgs.Variable{Name: name, Type: orgs.TypeOf(v), Value: v, Local: rapid.Bool().Draw(t, "local")}) // some are refused
		}
		if rapid.Bool().Draw(t, "instance") {
			_, err := b.AddInstance(ctx, org.ID, "halo", lawNames.Draw(t, "instance name")+"x", map[string]any{"a": lawValues.Draw(t, "field")}, map[string]string{"s": "secret"}, false)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.SetMapping(ctx, org.ID, "halo", "", "12", "name of 12"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := b.Update(ctx, org.ID, orgs.Changes{Enabled: new(rapid.Bool().Draw(t, "enabled"))}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestYAMLRoundTrip(t *testing.T) {
	first, second := lawful(t), lawful(t)
	rapid.Check(t, func(rt *rapid.T) {
		b := first(rt)
		people(rt, b)
		text, err := b.ExportYAML(ctx)
		if err != nil {
			rt.Fatal(err)
		}
		file, ds := orgs.ParseFile("x.yaml", text)
		if ds.HasErrors() {
			rt.Fatalf("an export is not read: %v\n%s", ds, text)
		}
		plan, err := b.Apply(ctx, file, orgs.ApplyOptions{Prune: true})
		if err != nil || len(plan.Changes) > 0 {
			rt.Fatalf("applying an export changes %v: %v\n%s", plan.Changes, err, text)
		}
		other := second(rt)
		withSecrets := strings.ReplaceAll(string(text), "s: keep", "s: {from: env:S}")
		file, ds = orgs.ParseFile("x.yaml", []byte(withSecrets))
		if ds.HasErrors() {
			rt.Fatal(ds)
		}
		options := orgs.ApplyOptions{Secret: func(string) (string, error) { return "secret", nil }}
		if _, err := other.Apply(ctx, file, options); err != nil {
			rt.Fatalf("%v\n%s", err, text)
		}
		again, err := other.ExportYAML(ctx)
		if diff := cmp.Diff(string(text), string(again)); diff != "" || err != nil {
			rt.Fatal(err, diff)
		}
		if plan, err := other.Apply(ctx, file, options); err != nil || len(plan.Changes) > 0 {
			rt.Fatal("applying twice changes something:", plan.Changes, err)
		}
	})
}

func TestTableRoundTrip(t *testing.T) {
	first, second := lawful(t), lawful(t)
	rapid.Check(t, func(rt *rapid.T) {
		b := first(rt)
		people(rt, b)
		table, err := b.ExportCSV(ctx)
		if err != nil {
			rt.Fatal(err)
		}
		report, err := b.Import(ctx, table.Text, orgs.ImportOptions{Update: true})
		if err != nil || report.Count(orgs.RowUnchanged) != len(report.Rows) {
			rt.Fatalf("importing an export changes something: %+v %v\n%s", report.Rows, err, table.Text)
		}
		other := second(rt)
		report, err = other.Import(ctx, table.Text, orgs.ImportOptions{})
		if err != nil || report.Count(orgs.RowImported) != table.Organisations {
			rt.Fatalf("%+v %v\n%s", report.Rows, err, table.Text)
		}
		again, err := other.ExportCSV(ctx)
		if diff := cmp.Diff(string(table.Text), string(again.Text)); diff != "" || err != nil {
			rt.Fatal(err, diff)
		}
	})
}

func FuzzImport(f *testing.F) {
	fresh := lawful(f)
	f.Add([]byte("name,slug,parent,tags,var:a:list\nA,a,,\"x;\"\"y\"\"\",\"[1]\"\n"))
	f.Add([]byte("sep=;\nname;parent\nA;A\n\"B\n"))
	f.Add([]byte("\xff\xfen\x00a\x00m\x00e\x00\n\x00A\x00\n\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b := fresh(t)
		dry, err := b.Import(ctx, text, orgs.ImportOptions{DryRun: true})
		if err != nil {
			return
		}
		report, err := b.Import(ctx, text, orgs.ImportOptions{})
		if err != nil || !cmp.Equal(dry, report) {
			t.Fatalf("a dry run says something else: %v\n%s", err, cmp.Diff(dry, report))
		}
		list, err := b.List(ctx)
		if err != nil || len(list) != 1+report.Count(orgs.RowImported) {
			t.Fatalf("%d organisations after %d rows: %v", len(list), report.Count(orgs.RowImported), err)
		}
	})
}

func FuzzApply(f *testing.F) {
	fresh := lawful(f)
	f.Add([]byte(declared))
	f.Add([]byte("organisations:\n- {slug: a, name: A, parent: b}\n- {slug: b, name: B, parent: a, variables: {x: {secret: keep}}}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, ds := orgs.ParseFile("x.yaml", text)
		if ds.HasErrors() {
			return
		}
		b := fresh(t)
		if _, err := b.Apply(ctx, file, orgs.ApplyOptions{Secret: env}); err != nil {
			return
		}
		plan, err := b.Apply(ctx, file, orgs.ApplyOptions{Secret: env})
		if err != nil || len(plan.Changes) > 0 {
			t.Fatalf("applying twice changes %+v: %v", plan.Changes, err)
		}
	})
}
