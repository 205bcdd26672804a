package engine_test

import (
	"context"
	"fmt"

	"pgregory.net/rapid"

	"gantry/orgs"
)

// wall is one random tree.
type wall struct {
	*bench
	orgs   []orgs.Organisation // the root first
	parent map[string]string   // by slug
	vars   map[string]string   // "slug kind" -> inherited, own (local)
	own    map[string]bool     // slugs with an instance of their own
}

func (w *wall) above(slug string) []string {
	var all []string
	for ; slug != ""; slug = w.parent[slug] {
		all = append(all, slug)
	}
	return all
}

// holder gives whose value of the kind an organisation reads; "" for nobody's.
func (w *wall) holder(slug, kind string) string {
	for _, at := range w.above(slug) {
		if set := w.vars[at+" "+kind]; set == "inherited" || set == "own" && at == slug {
			return at
		}
	}
	return ""
}

func drawWall(rt *rapid.T, b *bench, n int, echo string) *wall {
	ctx := context.Background()
	check := func(err error) {
		if err != nil {
			rt.Fatal(err)
		}
	}
	w := &wall{bench: b, orgs: []orgs.Organisation{b.msp}, parent: map[string]string{}, vars: map[string]string{}, own: map[string]bool{b.msp.Slug: true}}
	for _, kind := range []string{"plain", "secret"} {
		w.vars[b.msp.Slug+" "+kind] = "inherited"
	}
	for i := range rapid.IntRange(2, 6).Draw(rt, "organisations") {
		parent := rapid.SampledFrom(w.orgs).Draw(rt, "parent")
		slug := fmt.Sprintf("o%dx%dx", n, i)
		org, err := b.orgs.Create(ctx, orgs.NewOrganisation{Slug: slug, Name: "canary-name-" + slug, Parent: parent.Slug})
		check(err)
		w.orgs, w.parent[slug] = append(w.orgs, org), parent.Slug
		for _, kind := range []string{"plain", "local", "secret"} {
			if !rapid.Bool().Draw(rt, "has "+kind) {
				continue
			}
			v := orgs.Variable{Name: kind, Type: orgs.TypeString, Value: "canary-" + kind + "-" + slug, Local: kind == "local"}
			if kind == "secret" {
				v.Type, v.Local = orgs.TypeSecret, rapid.Bool().Draw(rt, "local secret")
			}
			check(b.orgs.SetVariable(ctx, org.ID, v))
			w.vars[slug+" "+kind] = map[bool]string{true: "own", false: "inherited"}[v.Local]
		}
		if rapid.Bool().Draw(rt, "instance") {
			_, err := b.orgs.AddInstance(ctx, org.ID, "halo", "Halo", map[string]any{"resource_server": echo, "client_id": "canary-client-" + slug},
				map[string]string{"client_secret": "canary-isecret-" + slug}, true)
			check(err)
			w.own[slug] = true
		}
		if rapid.Bool().Draw(rt, "mapped") {
			check(b.orgs.SetMapping(ctx, org.ID, "halo", "", "canary-map-"+slug, ""))
		}
	}
	return w
}
