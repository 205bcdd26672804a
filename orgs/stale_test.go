package orgs

import (
	"bytes"
	"context"
	"testing"
	"time"

	"gantry/store"
)

// A change that falls between the two looks of a reader (which tree, which answer) must not leave behind an
// answer of the tree of before: it would hand down what the former parent has, secrets among it.
func TestNothingIsRememberedOfATreeOfBefore(t *testing.T) {
	ctx := context.Background()
	db, err := store.Open(ctx, t.TempDir(), store.Options{}, Migrations())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ring, err := NewKeyring(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	s := New(db, ring, time.Now)
	create := func(slug, parent string) Organisation {
		org, err := s.Create(ctx, NewOrganisation{Slug: slug, Name: slug, Parent: parent})
		if err != nil {
			t.Fatal(err)
		}
		return org
	}
	create("msp", "")
	from, to := create("from", "msp"), create("to", "msp")
	org := create("org", "from")
	if err := s.SetVariable(ctx, from.ID, Variable{Name: "v", Type: TypeSecret, Value: "of the former parent"}); err != nil {
		t.Fatal(err)
	}
	_, seen, err := s.live(ctx, org.ID) // a reader's first look
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Move(ctx, org.ID, to.ID); err != nil {
		t.Fatal(err)
	}
	name := "renamed"
	if _, err := s.Update(ctx, org.ID, Changes{Name: &name}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.effective(ctx, seen); err != nil { // its second
		t.Fatal(err)
	}
	if _, err := s.facts(ctx, seen); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Effective(ctx, org.ID); err != nil || len(all) != 0 {
		t.Errorf("it still has %v of the former parent (%v)", all, err)
	}
	if clear, err := s.OpenSecret(ctx, org.ID, "v"); err == nil {
		t.Errorf("it opens the secret %q", clear)
	}
	facts, err := s.Facts(ctx, org.ID)
	if err != nil || facts.Organisation.Name != name || facts.Parent.ID != to.ID || len(facts.Vars) != 0 {
		t.Errorf("it has the facts %+v (%v)", facts, err)
	}
}
