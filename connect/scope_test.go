package connect_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"gantry/actions"
	"gantry/connect"
	"gantry/orgs"
	"gantry/store"
)

// Whoever only looks, beside the process that owns the data, reads the tree of organisations each time it is
// asked for; so it must be asked for a few times, not once for each organisation (30 s for 2,000).
func TestSuggestBesideTheOwner(t *testing.T) {
	const many = 2000
	b := setup(t)
	var table strings.Builder
	table.WriteString("name\n")
	entities := make([]orgs.Entity, many)
	for i := range many {
		fmt.Fprintf(&table, "Company %d Ltd\n", i)
		entities[i] = orgs.Entity{ID: fmt.Sprint(i), Name: fmt.Sprintf("COMPANY %d", i)}
	}
	_, err := b.orgs.Import(ctx, []byte(table.String()), orgs.ImportOptions{})
	must(t, err)
	target := b.target(t, "")
	_, err = b.orgs.SaveOptions(ctx, b.msp.ID, target.Instance.ID, entities)
	must(t, err)

	beside, err := store.Open(ctx, b.dir, store.Options{ReadOnly: true}, orgs.Migrations())
	must(t, err)
	defer func() { must(t, beside.Close()) }()
	ring, err := orgs.NewKeyring(bytes.Repeat([]byte{1}, 32))
	must(t, err)
	reader := connect.New(orgs.New(beside, ring, time.Now), actions.Builtin(), nil)
	began := time.Now()
	s, err := reader.Suggest(ctx, target)
	must(t, err)
	if s.Organisations.Matched != many {
		t.Errorf("%+v", s.Organisations)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	} else {
		t.Log(took)
	}
}

// Of instances that are none of the owner's, nor of one above or below it, not even the name is told.
func TestScopeNamesNoStrangersInstances(t *testing.T) {
	b := setup(t, "Labs")
	reseller, stranger := b.org(t, "Reseller"), b.org(t, "Stranger")
	labs, err := b.orgs.Create(ctx, orgs.NewOrganisation{Slug: "labs", Name: "Labs", Parent: reseller.Slug})
	must(t, err)
	add := func(org orgs.Organisation, name string) orgs.Instance {
		in, err := b.orgs.AddInstance(ctx, org.ID, "halo", name, nil, nil, false)
		must(t, err)
		return in
	}
	add(stranger, "of the stranger")
	own, whole := add(labs, "own"), add(reseller, "whole")
	must(t, b.orgs.SetMapping(ctx, labs.ID, "halo", own.ID, "1", "Labs"))
	_, err = b.orgs.SaveOptions(ctx, reseller.ID, whole.ID, nil)
	must(t, err)
	target, err := b.Target(ctx, "halo", reseller, "")
	must(t, err)
	s, err := b.Suggest(ctx, target)
	must(t, err)
	if got := said(s.Rows)["labs"]; got != "mapped_elsewhere under own of labs" || len(s.Rows) != 2 {
		t.Errorf("%q, %d rows", got, len(s.Rows))
	}
}
