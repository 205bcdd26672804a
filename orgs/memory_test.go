package orgs_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"gantry/orgs"
	"gantry/store"
)

// Every change is seen by whoever asks after it was answered.
func TestChangesAreSeenAtOnce(t *testing.T) {
	b := setup(t)
	var all sync.WaitGroup
	for _, org := range []orgs.Organisation{b.northwind, b.contoso, b.contosoLabs} {
		all.Go(func() {
			for i := range 100 {
				want := fmt.Sprint(org.Slug, i)
				if err := b.SetVariable(ctx, org.ID, orgs.Variable{Name: "v", Type: orgs.TypeString, Value: want}); err != nil {
					t.Error(err)
				}
				if err := b.SetVariable(ctx, org.ID, orgs.Variable{Name: "s", Type: orgs.TypeSecret, Value: want}); err != nil {
					t.Error(err)
				}
				facts, err := b.Facts(ctx, org.ID)
				if err != nil || facts.Vars["v"] != want {
					t.Errorf("%s reads %v, wants %s (%v)", org.Slug, facts.Vars["v"], want, err)
				}
				clear, err := b.OpenSecret(ctx, org.ID, "s")
				if err != nil || clear != want {
					t.Errorf("%s opens %v, wants %s (%v)", org.Slug, clear, want, err)
				}
			}
		})
	}
	all.Wait()
}

func TestReadersGetTheirOwnCopies(t *testing.T) {
	b := setup(t)
	b.halo(t, b.msp, "main")
	resolve := func() orgs.Instance {
		in, err := b.Resolve(ctx, b.msp, "halo", "", orgs.Lent{})
		must(t, err)
		return in
	}
	in := resolve()
	in.Config["host"], in.SecretFields[0] = "changed", "changed"
	if again := resolve(); again.Config["host"] == "changed" || again.SecretFields[0] == "changed" {
		t.Error("a reader changed what others see")
	}
}

// Beside the owner nothing is remembered, for the owner may change everything.
func TestReadOnlySeesTheOwnersChanges(t *testing.T) {
	b := setup(t)
	beside, err := store.Open(ctx, b.dir, store.Options{ReadOnly: true}, orgs.Migrations())
	must(t, err)
	defer beside.Close()
	reader := orgs.New(beside, ring(t, 1), func() time.Time { return start })
	for _, want := range []string{"one", "two"} {
		b.set(t, b.northwind, "v", orgs.TypeString, want)
		facts, err := reader.Facts(ctx, b.northwind.ID)
		must(t, err)
		if facts.Vars["v"] != want {
			t.Errorf("reads %v, wants %s", facts.Vars["v"], want)
		}
	}
	if err := reader.RemoveVariable(ctx, b.northwind.ID, "v"); err == nil {
		t.Error("a reader wrote")
	}
}
