package orgs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gantry/orgs"
)

// world is a random tree in which every value carries the id of the organisation whose it is.
type world struct {
	*bundle
	all   []orgs.Organisation
	above map[string][]string // id -> itself and its ancestors
}

var variableNames = []string{"one", "two", "three"}

func drawWorld(rt *rapid.T, b *bundle, run int) *world {
	w := &world{bundle: b, above: map[string][]string{}}
	for i := range rapid.IntRange(2, 8).Draw(rt, "organisations") {
		parent := b.msp
		if i > 0 && rapid.Bool().Draw(rt, "deeper") {
			parent = rapid.SampledFrom(w.all).Draw(rt, "parent")
		}
		slug := fmt.Sprintf("org-%d-%d", run, i)
		org, err := b.Create(ctx, orgs.NewOrganisation{Slug: slug, Name: slug, Parent: parent.Slug})
		if err != nil {
			rt.Fatal(err)
		}
		w.all = append(w.all, org)
		w.above[org.ID] = append([]string{org.ID}, w.above[parent.ID]...)
		if parent.ID == b.msp.ID {
			w.above[org.ID] = []string{org.ID, b.msp.ID}
		}
	}
	for _, org := range w.all {
		w.furnish(rt, org)
	}
	return w
}

func (w *world) furnish(rt *rapid.T, org orgs.Organisation) {
	check := func(err error) {
		if err != nil {
			rt.Fatal(err)
		}
	}
	for _, name := range variableNames {
		if rapid.Bool().Draw(rt, "has "+name) {
			local := rapid.Bool().Draw(rt, "local")
			check(w.SetVariable(ctx, org.ID, orgs.Variable{Name: name, Type: orgs.TypeString, Value: "of " + org.ID, Local: local}))
			check(w.SetVariable(ctx, org.ID, orgs.Variable{Name: name + "_secret", Type: orgs.TypeSecret, Value: "of " + org.ID, Local: local}))
		}
	}
	for i := range rapid.IntRange(0, 2).Draw(rt, "instances") {
		in, err := w.AddInstance(ctx, org.ID, "halo", fmt.Sprintf("halo %d", i), map[string]any{"owner": org.ID}, map[string]string{"secret": "of " + org.ID}, rapid.Bool().Draw(rt, "default"))
		check(err)
		if rapid.Bool().Draw(rt, "mapped") {
			check(w.SetMapping(ctx, org.ID, "halo", in.ID, org.ID, "of "+org.ID))
		}
	}
}

// No path gives an organisation something of one that is neither itself nor above it. Instances are its
// own, or the owner's if an override lends them.
func TestTenantsNeverMix(t *testing.T) {
	b := setup(t)
	for _, name := range []string{"halo 0", "halo 1"} {
		_, err := b.AddInstance(ctx, b.msp.ID, "halo", name, map[string]any{"owner": b.msp.ID}, map[string]string{"secret": "of " + b.msp.ID}, false)
		must(t, err)
	}
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		w := drawWorld(rt, b, run)
		for _, org := range w.all {
			w.checkVariables(rt, org)
			w.checkOwnThings(rt, org)
			w.checkResolve(rt, org)
		}
	})
}

func (w *world) owns(rt *rapid.T, org orgs.Organisation, what, value string) {
	if id := strings.TrimPrefix(value, "of "); !slices.Contains(w.above[org.ID], id) {
		rt.Errorf("%s reads %s of %s", org.Slug, what, id)
	}
}

func (w *world) checkVariables(rt *rapid.T, org orgs.Organisation) {
	variables, err := w.Effective(ctx, org.ID)
	if err != nil {
		rt.Fatal(err)
	}
	seen := map[string]bool{}
	for _, v := range variables {
		seen[v.Name] = true
		if v.Local && v.OrganisationID != org.ID {
			rt.Errorf("%s reads the local %s of %s", org.Slug, v.Name, v.Source.Slug)
		}
		w.owns(rt, org, v.Name, v.OrganisationID)
		if text, ok := v.Value.(string); ok {
			w.owns(rt, org, v.Name, text)
		}
	}
	for _, name := range variableNames {
		clear, err := w.OpenSecret(ctx, org.ID, name+"_secret")
		if (err == nil) != seen[name+"_secret"] {
			rt.Errorf("%s: secret %s: %v", org.Slug, name, err)
		}
		if err == nil {
			w.owns(rt, org, "secret "+name, clear)
		}
	}
	facts, err := w.Facts(ctx, org.ID)
	if err != nil {
		rt.Fatal(err)
	}
	if len(facts.Vars) != len(variables) {
		rt.Errorf("%s: %d facts of %d variables", org.Slug, len(facts.Vars), len(variables))
	}
	if m, ok := facts.Integrations["halo"]; ok && m.ID != org.ID {
		rt.Errorf("%s has the mapping of %s", org.Slug, m.ID)
	}
}

func (w *world) checkOwnThings(rt *rapid.T, org orgs.Organisation) {
	for _, other := range w.all {
		instances, err := w.Instances(ctx, other.ID)
		if err != nil {
			rt.Fatal(err)
		}
		for _, in := range instances {
			secrets, err := w.InstanceSecrets(ctx, org.ID, in.ID)
			if (err == nil) != (org.ID == other.ID) || err == nil && secrets["secret"] != "of "+org.ID {
				rt.Errorf("%s asks for the secrets of %s's instance: %v", org.Slug, other.Slug, err)
			}
			err = w.SetMapping(ctx, org.ID, "mail", in.ID, "x", "")
			if err == nil {
				rt.Errorf("mapped under an instance of another integration")
			}
			if _, err := w.Instance(ctx, org.ID, "halo", in.Name); err == nil && in.OrganisationID != other.ID {
				rt.Errorf("%s lists an instance of %s", other.Slug, in.OrganisationID)
			}
		}
	}
}

func (w *world) checkResolve(rt *rapid.T, org orgs.Organisation) {
	override := rapid.Custom(func(t *rapid.T) *orgs.Override {
		if rapid.Bool().Draw(t, "none") {
			return nil
		}
		return &orgs.Override{
			Use:      rapid.SampledFrom([]string{"default", "instance", "search", "mapping"}).Draw(t, "use"),
			Name:     rapid.SampledFrom([]string{"halo 0", "halo 1", "1", "halo", ""}).Draw(t, "name"),
			Fallback: rapid.SampledFrom([]string{"", "default", "fail_run", "fail_task"}).Draw(t, "fallback"),
		}
	})
	lent := orgs.Lent{Task: override.Draw(rt, "task"), Trigger: override.Draw(rt, "trigger")}
	if rapid.Bool().Draw(rt, "owner named") {
		lent.Owner = rapid.SampledFrom(append([]orgs.Organisation{w.msp}, w.all...)).Draw(rt, "owner").ID
	}
	in, err := w.Resolve(ctx, org, "halo", "HaloPSA", lent)
	if err != nil {
		return
	}
	want := org.ID
	if lent.Task != nil || lent.Trigger != nil {
		if want = lent.Owner; want == "" {
			want = w.msp.ID
		}
		w.owns(rt, org, "an instance", want)
	}
	if in.OrganisationID != want || in.Config["owner"] != want {
		rt.Errorf("%s works with an instance of %s, want %s (%+v)", org.Slug, in.OrganisationID, want, lent)
	}
}
