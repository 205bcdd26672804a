package triggers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gantry/engine/workflow"
	"gantry/fault/faulttest"
	"gantry/orgs"
	"gantry/triggers"
)

// world is an MSP with clients of all kinds.
func world() triggers.World {
	return triggers.World{
		Organisations: []orgs.Organisation{
			{ID: "0", Slug: "msp", Enabled: true}, {ID: "3", Slug: "silver", ParentID: "0", Enabled: true, Tags: []string{"silver"}},
			{ID: "1", Slug: "bronze", ParentID: "0", Enabled: true}, {ID: "2", Slug: "gold", ParentID: "1", Enabled: true, Tags: []string{"gold", "vip"}},
			{ID: "4", Slug: "off", ParentID: "0", Tags: []string{"gold"}},
		},
		FormerSlugs: map[string]string{"argent": "3"},
	}
}

func of(a *triggers.Active) string {
	var slugs []string
	for _, org := range a.Organisations {
		slugs = append(slugs, org.Slug)
	}
	return strings.Join(slugs, " ")
}

func TestForWhomATriggerFires(t *testing.T) {
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	key := triggers.Key{Workflow: "w", Trigger: "t"}
	sw := func(org string, on bool) triggers.Switch {
		return triggers.Switch{Key: key, OrganisationID: org, On: on, At: now, By: "ana"}
	}
	all := workflow.RunFor{AllManaged: true}
	cases := map[string]struct {
		runFor   workflow.RunFor
		off      bool // in the file
		switches []triggers.Switch
		want     string
		why      string // for bronze
	}{
		"nobody":                        {},
		"this":                          {runFor: workflow.RunFor{This: true}, want: "msp", why: "run_for"},
		"all managed":                   {runFor: all, want: "bronze gold silver"},
		"this and all managed":          {runFor: workflow.RunFor{This: true, AllManaged: true}, want: "bronze gold msp silver"},
		"named":                         {runFor: workflow.RunFor{Organisations: []string{"silver", "msp", "off"}}, want: "msp silver"},
		"named by a slug of before":     {runFor: workflow.RunFor{Organisations: []string{"argent"}}, want: "silver"},
		"tags":                          {runFor: workflow.RunFor{Tags: []string{"gold", "silver"}}, want: "gold silver"},
		"off in the file":               {runFor: all, off: true, why: "enabled: false in w.yaml:3"},
		"off in the file, switched on":  {runFor: all, off: true, switches: []triggers.Switch{sw("", true)}, want: "bronze gold silver"},
		"off in the file, on for one":   {runFor: all, off: true, switches: []triggers.Switch{sw("2", true)}, want: "gold", why: "enabled: false"},
		"off in the file, off for one":  {runFor: all, off: true, switches: []triggers.Switch{sw("2", false)}, why: "enabled: false"},
		"switched off":                  {runFor: all, switches: []triggers.Switch{sw("", false)}, why: "switched off by ana on 2026-03-01 08:00 UTC"},
		"off altogether beats on":       {runFor: all, switches: []triggers.Switch{sw("", false), sw("2", true)}, why: "switched off by ana"},
		"switched off for one":          {runFor: all, switches: []triggers.Switch{sw("1", false)}, want: "gold silver", why: "for this organisation by ana"},
		"on by switch, but off for one": {runFor: all, off: true, switches: []triggers.Switch{sw("", true), sw("1", false)}, want: "gold silver", why: "for this organisation by ana"},
		"switch of another trigger":     {runFor: all, switches: []triggers.Switch{{Key: triggers.Key{Workflow: "w", Trigger: "u"}}}, want: "bronze gold silver"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := world()
			w.Switches = c.switches
			tr := &workflow.Trigger{Name: "t", Type: "webhook", Enabled: !c.off, RunFor: c.runFor}
			tr.Pos.File, tr.Pos.Line = "w.yaml", 3
			w.Workflows = []*workflow.Workflow{{ID: "w", Triggers: []*workflow.Trigger{tr}}}
			a, ok := triggers.NewBook(w).Find(key)
			if !ok || of(a) != c.want {
				t.Fatalf("it fires for %q, want %q", of(a), c.want)
			}
			why := a.WhyNot("1")
			if c.why != "" && !strings.Contains(why, c.why) || (why == "") != strings.Contains(c.want, "bronze") {
				t.Errorf("why not for bronze: %q, want %q", why, c.why)
			}
			for _, org := range w.Organisations {
				if _, ok := a.For(org.ID); ok != slices.Contains(strings.Fields(c.want), org.Slug) {
					t.Errorf("For(%s) is %v", org.Slug, ok)
				}
			}
		})
	}
}

// TestTheBookFollows: organisations, workflows and switches are picked up, without anybody asking.
func TestTheBookFollows(t *testing.T) {
	b := setup(t, map[string]string{"w": hook("")})
	books := make(chan *triggers.Book, 100)
	b.OnChange(func(book *triggers.Book) { books <- book })
	key := triggers.Key{Workflow: "w", Trigger: "hook"}
	await := func(want string) {
		t.Helper()
		for {
			select {
			case book := <-books:
				if a, ok := book.Find(key); ok && of(a) == want {
					return
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("no book with %q came", want)
			}
		}
	}
	await("contoso northwind-dental")
	fabrikam := b.create("fabrikam", "Fabrikam", "contoso")
	await("contoso fabrikam northwind-dental")
	off := false
	_, err := b.orgs.Update(ctx, fabrikam.ID, orgs.Changes{Enabled: &off})
	faulttest.Must(t, err)
	await("contoso northwind-dental")
	_, err = b.orgs.Tag(ctx, b.contoso.ID, []string{"gold"}, nil)
	faulttest.Must(t, err)
	b.project.load(t, map[string]string{"w": strings.Replace(hook(""), "all_managed: true", "tags: [gold]", 1)})
	await("contoso")
	b.project.load(t, map[string]string{"w": strings.Replace(hook(""), "all_managed: true", "this: true", 1)})
	await("acme-msp")
	faulttest.Must(t, b.Disable(ctx, triggers.Switching{Key: key}))
	if a, _ := b.Book().Find(key); of(a) != "" {
		t.Errorf("after it was switched off it fires for %q", of(a))
	}
}

// large is 2,000 organisations and 20 triggers, a fifth of them by tag.
func large() triggers.World {
	w := triggers.World{Organisations: []orgs.Organisation{{ID: "0", Slug: "msp", Enabled: true}}}
	for i := range 2000 {
		org := orgs.Organisation{ID: fmt.Sprint(i + 1), Slug: fmt.Sprintf("client-%d", 7919*i%2000), ParentID: "0", Enabled: true, Tags: []string{fmt.Sprintf("tag-%d", i%5)}}
		w.Organisations = append(w.Organisations, org)
	}
	wf := &workflow.Workflow{ID: "w"}
	for i := range 20 {
		f := workflow.RunFor{AllManaged: true}
		if i%5 == 0 {
			f = workflow.RunFor{Tags: []string{fmt.Sprintf("tag-%d", i%4)}}
		}
		name := fmt.Sprintf("t%d", i)
		wf.Triggers = append(wf.Triggers, &workflow.Trigger{Name: name, Type: "schedule", Enabled: true, RunFor: f})
		w.Switches = append(w.Switches, triggers.Switch{Key: triggers.Key{Workflow: "w", Trigger: name}, OrganisationID: fmt.Sprint(i + 1)})
	}
	w.Workflows = []*workflow.Workflow{wf}
	return w
}

func BenchmarkNewBook(b *testing.B) {
	w := large()
	for b.Loop() {
		triggers.NewBook(w)
	}
}
