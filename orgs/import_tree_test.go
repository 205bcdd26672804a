package orgs_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gantry/orgs"
)

// A table of before brings the tree of before back, also where that turns it upside down.
func TestImportRestoresAnEarlierTree(t *testing.T) {
	b := setup(t)
	b.set(t, b.contosoLabs, "seats", orgs.TypeNumber, 1.125)
	before, err := b.ExportCSV(ctx)
	must(t, err)
	for _, move := range [][2]orgs.Organisation{{b.contosoLabs, b.msp}, {b.contoso, b.contosoLabs}, {b.northwind, b.contoso}} {
		_, err := b.Move(ctx, move[0].ID, move[1].ID)
		must(t, err)
	}
	lines := b.imported(t, string(before.Text), orgs.ImportOptions{Update: true})
	after, err := b.ExportCSV(ctx)
	must(t, err)
	if diff := cmp.Diff(string(before.Text), string(after.Text)); diff != "" {
		t.Error(lines, diff)
	}
	// without the column everybody stays
	if got := b.imported(t, "slug,tags\ncontoso-labs,new\n", orgs.ImportOptions{Update: true}); !cmp.Equal(got, []string{"2 updated contoso-labs"}) {
		t.Error(got)
	}
	if labs, err := b.BySlug(ctx, "contoso-labs"); err != nil || labs.ParentID != b.contoso.ID {
		t.Error(labs, err)
	}
}

func TestImportRefusesTheMSPsRow(t *testing.T) {
	for _, update := range []bool{true, false} {
		b := setup(t)
		got := b.imported(t, "slug,parent,name\nacme-msp,contoso,Foo\nnew,acme-msp,New\n", orgs.ImportOptions{Update: update})
		want := []string{"2 failed acme-msp: Acme MSP is the MSP; a table is of those below it. (remove the row; `gantry orgs rename` and `gantry vars set` change the MSP)", "3 imported new"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if msp, err := b.BySlug(ctx, "acme-msp"); err != nil || msp.Name != "Acme MSP" {
			t.Error(msp, err)
		}
	}
}

// What a spreadsheet in another language writes is told how it is written here, never guessed.
func TestImportReadsNumbersOneWay(t *testing.T) {
	for cell, want := range map[string]string{
		"12,5": "write 12.5", "-1.234,50": "write -1234.50", "1,000": "write 1.000, or 1000 if the comma separates thousands",
		"1.000": "write 1000, or 1.0000 if the point is a decimal one", "1.000.000": "write 1000000",
		"12.5": "", "1.0000": "", "0.125": "", "1000": "", "many": "needs a number",
	} {
		for kind, table := range map[string]string{"semicolons": "slug;var:v:number\nnew;" + cell + "\n", "tabs": "slug\tvar:v:number\nnew\t" + cell + "\n"} {
			b := setup(t)
			got := b.imported(t, table, orgs.ImportOptions{})
			if len(got) != 1 || strings.Contains(got[0], "imported") != (want == "") || !strings.Contains(got[0], want) {
				t.Errorf("%s with %s: %v, want %q", cell, kind, got, want)
			}
		}
	}
	b := setup(t)
	if got := b.imported(t, "slug,var:v:number\nnew,1.000\nother,\"12,5\"\n", orgs.ImportOptions{}); len(got) != 2 || got[0] != "2 imported new" || !strings.Contains(got[1], "write 12.5") {
		t.Error("with commas:", got)
	}
	got := b.imported(t, "slug;var:v:boolean\na;WAHR\nb;Falsch\nc;true\n", orgs.ImportOptions{})
	if len(got) != 3 || !strings.Contains(got[0], "(write true)") || !strings.Contains(got[1], "(write false)") || got[2] != "4 imported c" {
		t.Error(got)
	}
}
