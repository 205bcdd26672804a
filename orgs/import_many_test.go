package orgs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"gantry/orgs"
)

// A large table with a wrong parent in each row is told off row by row, and soon: the writer waits for it.
func TestImportManyWrongParents(t *testing.T) {
	b := setup(t)
	var table strings.Builder
	table.WriteString("name,slug,parent\n")
	for i := range 5000 {
		fmt.Fprintf(&table, "Company %d,company-%d,Holding %d\n", i, i, i%2500)
	}
	began := time.Now()
	report, err := b.Import(ctx, []byte(table.String()), orgs.ImportOptions{})
	must(t, err)
	if n := report.Count(orgs.RowFailed); n != 5000 {
		t.Errorf("%d rows failed", n)
	}
	for _, row := range report.Rows {
		if !strings.Contains(row.Reason, "The parent does not exist") || row.Hint == "" {
			t.Fatalf("%+v", row)
		}
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

// One name is one name, however its letters are composed.
func TestNamesHoweverComposed(t *testing.T) {
	b := setup(t)
	decomposed := norm.NFD.String("Müller")
	report, err := b.Import(ctx, []byte("name\nMüller\n"+decomposed+"\n"), orgs.ImportOptions{})
	must(t, err)
	if report.Count(orgs.RowImported) != 1 || report.Count(orgs.RowFailed) != 1 {
		t.Errorf("%+v", report.Rows)
	}
	report, err = b.Import(ctx, []byte("name\n"+decomposed+"\n"), orgs.ImportOptions{})
	must(t, err)
	if report.Count(orgs.RowSkipped) != 1 {
		t.Errorf("%+v", report.Rows)
	}
	_, err = b.Tag(ctx, b.contoso.ID, []string{"öffentlich"}, nil)
	must(t, err)
	found, err := b.Find(ctx, orgs.Filter{Tag: norm.NFD.String("öffentlich")})
	must(t, err)
	if len(found) != 1 {
		t.Errorf("found %d by tag", len(found))
	}
	b.halo(t, b.contoso, decomposed)
	if _, err := b.AddInstance(ctx, b.contoso.ID, "halo", "müller", nil, nil, false); err == nil {
		t.Error("two instances of one name")
	}
	in, err := b.Resolve(ctx, b.contosoLabs, "halo", "", orgs.Lent{Owner: b.contoso.ID, Task: &orgs.Override{Use: orgs.UseInstance, Name: "MÜLLER", Fallback: orgs.FallbackFailTask}})
	must(t, err)
	if in.Name != "Müller" {
		t.Errorf("%q", in.Name)
	}
}
