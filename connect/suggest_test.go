package connect_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gantry/connect"
	"gantry/fault"
	"gantry/orgs"
)

// said is what a test compares of a row.
func said(rows []connect.Row) map[string]string {
	all := map[string]string{}
	for _, r := range rows {
		text := r.Status
		if r.Suggestion != nil {
			text += " " + string(r.Rung) + " " + r.Suggestion.Name
		}
		for _, alt := range r.Alternatives {
			text += " | " + alt.Name
		}
		if r.Gone {
			text += " gone"
		}
		if r.Under != "" {
			text += " under " + r.Under
		}
		all[r.Organisation] = text
	}
	return all
}

func TestSuggest(t *testing.T) {
	b := setup(t, "Contoso Ltd", "NORTHWIND  DENTAL", "Fabrikam Holdings", "Tailspin Toys Ltd", "Tailspin Toys GmbH", "Litware", "Wingtip Toyz", "Acme MSP", "Strangers", "Adventure Works")
	for _, name := range []string{"Contoso", "Northwind Dental", "Fabrikam", "Tailspin Toys", "Wide World Importers"} {
		b.org(t, name, "managed")
	}
	hand, other := b.org(t, "Adventure Works"), b.org(t, "Litware")
	second := b.instance(t, "second")
	must(t, b.orgs.SetMapping(ctx, other.ID, "halo", second.ID, "9", "Litware"))
	_, err := b.Suggest(ctx, b.target(t, ""))
	wantFault(t, err, fault.Missing, "not known yet", "gantry mappings refresh halo")
	target := b.refresh(t)
	options, err := b.Options(ctx, target)
	must(t, err)
	must(t, b.orgs.SetMapping(ctx, hand.ID, "halo", "", idOf(options, "Strangers"), "Strangers"))
	gone := b.org(t, "Gone Ltd")
	must(t, b.orgs.SetMapping(ctx, gone.ID, "halo", "", "99999", "Gone Ltd"))
	b.clock = b.clock.Add(90 * time.Minute)

	s, err := b.Suggest(ctx, target)
	must(t, err)
	want := map[string]string{
		"acme-msp": "matched exact Acme MSP", "contoso": "matched suffix Contoso Ltd", "northwind-dental": "matched folded NORTHWIND  DENTAL",
		"fabrikam": "suggested | Fabrikam Holdings", "tailspin-toys": "ambiguous | Tailspin Toys GmbH | Tailspin Toys Ltd", "wide-world-importers": "unmatched",
		"adventure-works": "mapped", "litware": "mapped_elsewhere under second", "gone-ltd": "mapped gone",
	}
	if diff := cmp.Diff(want, said(s.Rows)); diff != "" {
		t.Error(diff)
	}
	if want := (connect.Summary{Total: 9, Mapped: 2, MappedElsewhere: 1, Matched: 3, Ambiguous: 1, Suggested: 1, Unmatched: 1}); s.Organisations != want {
		t.Errorf("%+v", s.Organisations)
	}
	if want := (connect.Summary{Total: 10, Mapped: 1, Matched: 3, Ambiguous: 2, Suggested: 1, Unmatched: 3}); s.Entities != want {
		t.Errorf("%+v", s.Entities)
	}
	left := []string{}
	for _, e := range s.Left {
		left = append(left, e.Name+" "+e.Status)
	}
	if diff := cmp.Diff([]string{"Adventure Works unmatched", "Fabrikam Holdings suggested", "Litware unmatched", "Tailspin Toys GmbH ambiguous", "Tailspin Toys Ltd ambiguous", "Wingtip Toyz unmatched"}, left); diff != "" {
		t.Error(diff)
	}
	if !s.ReadAt.Equal(b.clock.Add(-90 * time.Minute)) {
		t.Errorf("read at %s", s.ReadAt)
	}
	for _, r := range s.Rows {
		if r.Status == connect.Matched && (r.Confidence < 0.95 || r.Confidence > 1) || r.Status == connect.Suggested && r.Why == "" {
			t.Errorf("%+v", r)
		}
	}
	tagged, err := b.Suggest(ctx, target, "managed")
	must(t, err)
	if tagged.Organisations.Total != 5 || tagged.Entities != s.Entities {
		t.Errorf("%+v, %+v", tagged.Organisations, tagged.Entities)
	}
	if again, err := b.Suggest(ctx, target); err != nil || !cmp.Equal(s, again) {
		t.Errorf("the second time it is otherwise: %v", err)
	}
}

func idOf(o connect.Options, name string) string {
	for _, e := range o.Entities {
		if e.Name == name {
			return e.ID
		}
	}
	return ""
}

// The other system may be away: what was read last is enough.
func TestSuggestOffline(t *testing.T) {
	b := setup(t, "Contoso")
	b.org(t, "Contoso")
	target := b.refresh(t)
	must(t, b.halo.Close())
	s, err := b.Suggest(ctx, target)
	must(t, err)
	if s.Organisations.Matched != 1 {
		t.Errorf("%+v", s.Organisations)
	}
	_, err = b.RefreshOptions(ctx, target)
	wantFault(t, err, fault.Network, "HaloPSA (main) could not be read")
	_, err = b.Save(ctx, target, s.Accept("near"), connect.SaveOptions{})
	wantFault(t, err, fault.Network)
	if _, _, mapped, _ := b.orgs.Mapping(ctx, s.Rows[1].OrganisationID, "halo"); mapped {
		t.Error("saved without asking")
	}
}

func TestTarget(t *testing.T) {
	b := setup(t)
	client := b.org(t, "Contoso")
	for name, c := range map[string]struct {
		integration, instance string
		owner                 orgs.Organisation
		code                  fault.Code
	}{
		"unknown integration": {"hallo", "", b.msp, fault.Missing},
		"unknown instance":    {"halo", "second", b.msp, fault.Missing},
		"none installed":      {"halo", "", client, fault.NotInstalled},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.Target(ctx, c.integration, c.owner, c.instance)
			wantFault(t, err, c.code)
		})
	}
}

// More than one page, and names of all kinds, come back as they are.
func TestRefreshReadsAllPages(t *testing.T) {
	b := setup(t)
	var want []string
	for i := range 250 {
		want = append(want, fmt.Sprintf("Client %03d", i))
	}
	want = append(want, "Müller & Söhne", "株式会社トヨタ", "a\tb")
	b.clients(t, want...)
	want[len(want)-1] = "a b"
	options, err := b.RefreshOptions(ctx, b.target(t, ""))
	must(t, err)
	got := map[string]bool{}
	for _, e := range options.Entities {
		got[e.Name] = true
	}
	for _, name := range want {
		if !got[name] {
			t.Errorf("%q is missing", name)
		}
	}
	if len(options.Entities) != len(want) {
		t.Errorf("%d entities, want %d", len(options.Entities), len(want))
	}
}
