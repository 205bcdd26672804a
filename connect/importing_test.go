package connect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/connect"
	"gantry/fault"
)

func imported(r connect.ImportReport) map[string]string {
	all := map[string]string{}
	for _, row := range r.Rows {
		all[row.Name] = strings.TrimSpace(row.Status + " " + row.Organisation)
	}
	return all
}

func TestImport(t *testing.T) {
	b := setup(t, "Contoso Ltd", "Northwind", "Müller & Söhne GmbH", "株式会社トヨタ", "Twin", "twin!")
	contoso := b.org(t, "Contoso")
	mapped := b.org(t, "Mapped by hand")
	parent := b.org(t, "Clients")
	target := b.refresh(t)
	options, err := b.Options(ctx, target)
	must(t, err)
	must(t, b.orgs.SetMapping(ctx, mapped.ID, "halo", "", idOf(options, "Northwind"), "Northwind"))
	toyota := idOf(options, "株式会社トヨタ")
	want := map[string]string{"Contoso Ltd": "skipped contoso", "Northwind": "skipped mapped-by-hand", "Müller & Söhne GmbH": "imported mueller-soehne-gmbh",
		"株式会社トヨタ": "imported halo-" + toyota, "Twin": "imported twin", "twin!": "imported twin-2"}
	all := connect.Import{All: true, Parent: parent.Slug, Tags: []string{"managed"}, Variables: []string{"toplevel_id"}, By: "ada", DryRun: true}
	dry, err := b.Import(ctx, target, all)
	must(t, err)
	if list, _ := b.orgs.List(ctx); len(list) != 4 {
		t.Errorf("a dry run made organisations: %d", len(list))
	}
	all.DryRun = false
	report, err := b.Import(ctx, target, all)
	must(t, err)
	if diff := cmp.Diff(want, imported(report)); diff != "" || report.Imported != 4 || report.Skipped != 2 || report.Failed != 0 {
		t.Errorf("%+v\n%s", report, diff)
	}
	if diff := cmp.Diff(imported(dry), imported(report)); diff != "" {
		t.Errorf("the dry run said otherwise: %s", diff)
	}
	for _, row := range report.Rows {
		if row.Name == "Contoso Ltd" && !strings.Contains(row.Why, "gantry mappings save halo --row "+contoso.Slug+"="+row.ID) {
			t.Errorf("%q", row.Why)
		}
	}
	made := b.slug(t, "mueller-soehne-gmbh")
	facts, err := b.orgs.Facts(ctx, made.ID)
	must(t, err)
	if facts.Parent.Slug != "clients" || facts.Organisation.Tags[0] != "managed" || facts.Vars["halo_toplevel_id"] != 1.0 || facts.Integrations["halo"].Name != "Müller & Söhne GmbH" {
		t.Errorf("%+v", facts)
	}
	mappings, err := b.orgs.Mappings(ctx, made.ID)
	must(t, err)
	if m := mappings[0]; m.Rung != "import" || m.By != "ada" || m.InstanceID != target.Instance.ID {
		t.Errorf("%+v", m)
	}
	again, err := b.Import(ctx, target, all)
	must(t, err)
	if again.Imported != 0 || again.Skipped != 6 {
		t.Errorf("the second time: %+v", again)
	}
}

func TestImportSome(t *testing.T) {
	b := setup(t)
	ids := b.clients(t, "North Dental", "South Dental", "Lake Motors")
	target := b.target(t, "")
	report, err := b.Import(ctx, target, connect.Import{IDs: []string{ids[2], ids[2]}})
	must(t, err)
	if diff := cmp.Diff(map[string]string{"Lake Motors": "imported lake-motors"}, imported(report)); diff != "" {
		t.Error(diff)
	}
	report, err = b.Import(ctx, target, connect.Import{Search: "DENTAL"})
	must(t, err)
	if report.Imported != 2 || len(report.Rows) != 2 {
		t.Errorf("%+v", report)
	}
	for name, c := range map[string]struct {
		wanted connect.Import
		code   fault.Code
	}{
		"nothing said":      {connect.Import{}, fault.Usage},
		"two ways":          {connect.Import{All: true, Search: "x"}, fault.Usage},
		"an unknown id":     {connect.Import{IDs: []string{ids[0], "99999"}}, fault.Missing},
		"an unknown parent": {connect.Import{All: true, Parent: "nobody"}, fault.Missing},
		"an unknown field":  {connect.Import{All: true, Variables: []string{"nonsense"}}, fault.InvalidInput},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.Import(ctx, target, c.wanted)
			wantFault(t, err, c.code)
		})
	}
	b.client(t, "New One")
	bad, err := b.Import(ctx, target, connect.Import{All: true, Tags: []string{""}})
	must(t, err)
	if bad.Failed != 1 || bad.Skipped != 3 || bad.Imported != 0 {
		t.Errorf("%+v", bad)
	}
}

// 1,200 clients: pages, slugs that repeat, one transaction.
func TestImportMany(t *testing.T) {
	b := setup(t)
	var names []string
	for i := range 1200 {
		names = append(names, fmt.Sprintf("Client%s%d", []string{" ", "-"}[i/600], i%600))
	}
	b.clients(t, names...)
	target := b.target(t, "")
	began := time.Now()
	report, err := b.Import(ctx, target, connect.Import{All: true})
	must(t, err)
	took := time.Since(began)
	t.Logf("%d clients in %s", report.Imported, took.Round(time.Millisecond))
	if report.Imported != 1200 || took > 30*time.Second {
		t.Errorf("%d imported in %s", report.Imported, took)
	}
	if _, err := b.orgs.BySlug(ctx, "client-599-2"); err != nil {
		t.Error(err)
	}
}

// What was imported and removed since does not come back as somebody else with the next import.
func TestImportMakesNoTwinOfARemovedOrganisation(t *testing.T) {
	b := setup(t, "Contoso", "Fabrikam")
	target := b.target(t, "")
	_, err := b.Import(ctx, target, connect.Import{All: true})
	must(t, err)
	gone, err := b.orgs.BySlug(ctx, "contoso")
	must(t, err)
	must(t, b.orgs.Remove(ctx, gone.ID))
	for _, dry := range []bool{true, false} {
		report, err := b.Import(ctx, target, connect.Import{All: true, DryRun: dry})
		must(t, err)
		if report.Imported != 0 || report.Skipped != 2 || report.Failed != 0 {
			t.Fatalf("dry %v: %+v", dry, report)
		}
		if why := report.Rows[0].Why; !strings.Contains(why, "removed") || !strings.Contains(why, "gantry orgs restore contoso") {
			t.Errorf("%q", why)
		}
	}
}
