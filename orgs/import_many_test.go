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

// Where lines begin and end is told as the file has it.
func TestImportLines(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string // line, status and what is said of it
	}{
		"a quote that is not closed": {"name,slug\n\"A,aa\nB,bb\nC,cc", []string{"2 failed the 2 lines below it"}},
		"blank lines first":          {"\n\nname;slug\nA;aa\nB;b b\n", []string{"4 imported", "5 failed not a slug"}},
		"lines of a Mac":             {"name,slug\rA,aa\rB,b b\r", []string{"2 imported", "3 failed not a slug"}},
		"a cell of several lines":    {"name,slug,var:x\nA,aa,\"x\n\ny\"\nB,b b,\n", []string{"2 imported", "5 failed not a slug"}},
		"a name without end":         {"name,slug\n" + strings.Repeat("x", 2<<20) + ",aa\nB,bb\n", []string{"2 failed too long", "3 imported"}},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := setup(t).Import(ctx, []byte(c.text), orgs.ImportOptions{})
			must(t, err)
			if len(report.Rows) != len(c.want) {
				t.Fatalf("%+v", report.Rows)
			}
			for i, row := range report.Rows {
				start := fmt.Sprint(row.Line, " ", row.Status)
				said, ok := strings.CutPrefix(c.want[i], start)
				if !ok || !strings.Contains(row.Reason, strings.TrimSpace(said)) || len(row.Name) > 300 {
					t.Errorf("%.200s, want %s", fmt.Sprintf("%+v", row), c.want[i])
				}
			}
		})
	}
}
