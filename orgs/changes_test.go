package orgs_test

import (
	"testing"

	"gantry/fault"
	"gantry/fault/faulttest"
	"gantry/orgs"
)

// TestListenersHearOfChanges: of each change that is kept, once, when it can be read; of none that is refused.
func TestListenersHearOfChanges(t *testing.T) {
	s := setup(t)
	all, tree, seen := 0, 0, 0
	s.OnChange(func() { all++ })
	s.OnTreeChange(func() {
		tree++
		list, err := s.List(ctx)
		faulttest.Must(t, err)
		seen = len(list)
	})
	expect := func(what string, wantAll, wantTree int) {
		t.Helper()
		if all != wantAll || tree != wantTree {
			t.Errorf("after %s they heard of %d changes, %d of the tree; want %d and %d", what, all, tree, wantAll, wantTree)
		}
	}
	before, err := s.List(ctx)
	faulttest.Must(t, err)
	org, err := s.Create(ctx, orgs.NewOrganisation{Slug: "heard-of", Name: "Heard Of"})
	faulttest.Must(t, err)
	expect("an organisation was added", 1, 1)
	if seen != len(before)+1 {
		t.Errorf("the listener saw %d organisations, want %d", seen, len(before)+1)
	}
	_, err = s.Tag(ctx, org.ID, []string{"gold"}, nil)
	faulttest.Must(t, err)
	expect("it was tagged", 2, 2)
	_, err = s.Create(ctx, orgs.NewOrganisation{Slug: "heard-of", Name: "Again"})
	faulttest.Want(t, err, fault.Exists)
	expect("one was refused", 2, 2)
	faulttest.Must(t, s.SetVariable(ctx, org.ID, orgs.Variable{Name: "team", Type: orgs.TypeString, Value: "Support"}))
	expect("a variable was set", 3, 2)
}
