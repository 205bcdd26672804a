package access_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gantry/access"
	"gantry/fault"
	"gantry/store"
)

func TestEveryChangeIsOnRecord(t *testing.T) {
	b := setup(t)
	kim := b.user(t, "kim@example.com", access.Viewer, b.contoso)
	b.user(t, "part@example.com", access.Admin, b.contoso)
	part, _ := b.signIn(t, "part@example.com")
	_, err := b.GrantRole(ctx, part, kim.ID, access.Grant{OrganisationID: b.msp.ID, Role: access.Admin})
	wantFault(t, err, fault.Denied)
	_, err = b.GrantRole(ctx, part, kim.ID, access.Grant{OrganisationID: b.labs.ID, Role: access.Operator})
	must(t, err)
	_, err = b.RevokeRole(ctx, part, kim.ID, b.labs.ID)
	must(t, err)
	_, _, err = b.AddToken(ctx, part, kim.ID, access.NewToken{Name: "x", Scopes: reads, OrganisationID: b.contoso.ID})
	must(t, err)
	must(t, b.RevokeToken(ctx, part, kim.ID, "x"))
	must(t, b.SetPassword(ctx, part, kim.ID, "harbour lentil quick moon"))
	must(t, b.RemoveUser(ctx, part, kim.ID))
	must(t, b.SignOut(ctx, part))
	want := []string{
		"user part@example.com sign-out part@example.com done",
		"user part@example.com remove-user kim@example.com done",
		"user part@example.com set-password kim@example.com done",
		"user part@example.com revoke-token kim@example.com/x done",
		"user part@example.com add-token kim@example.com/x done",
		"user part@example.com revoke-role kim@example.com done",
		"user part@example.com grant-role kim@example.com done",
		"user part@example.com grant-role " + kim.ID + " refused",
		"user part@example.com sign-in part@example.com done",
		"local root add-user part@example.com done",
		"local root add-user kim@example.com done",
	}
	if got := b.log(t); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("log\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestRecordOfOthers: what other rooms change has one entry, whatever becomes of it.
func TestRecordOfOthers(t *testing.T) {
	b := setup(t)
	c, r := b.Begin(ctx, local, access.Attempt{Operation: "move-organisation"})
	access.RecordOf(c).Concerns(b.labs.ID, "contoso-labs")
	access.RecordOf(c).Detail("to\nnew", "north\x1bwind "+strings.Repeat("x", 500))
	must(t, r.End(c, nil))
	must(t, r.End(c, nil)) // once is enough
	_, r = b.Begin(ctx, local, access.Attempt{Operation: "start-run"})
	wrong := fault.New(fault.NotChecked, "wrong")
	if err := r.End(ctx, wrong); !errors.Is(err, wrong) {
		t.Errorf("gave %v", err)
	}
	entries, _, err := b.Audit(ctx, local, access.AuditFilter{})
	must(t, err)
	if len(entries) != 2 || entries[0].Outcome != access.Failed || entries[0].Code != fault.NotChecked || entries[1].OrganisationID != b.labs.ID || entries[1].Target != "contoso-labs" {
		t.Fatalf("entries %+v", entries)
	}
	for key, value := range entries[1].Details {
		if strings.ContainsAny(key+value, "\n\x1b") || len(value) > 250 {
			t.Errorf("detail %q: %q", key, value)
		}
	}
	access.RecordOf(ctx).Detail("there is", "no record") // which does no harm
}

// TestRecordInTheSameTransaction: where the entry cannot be written, nothing is done.
func TestRecordInTheSameTransaction(t *testing.T) {
	b := setup(t)
	must(t, b.store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")
		return err
	}))
	_, err := b.AddUser(ctx, local, access.NewUser{Login: "kim@example.com"})
	wantFault(t, err, fault.Storage)
	_, err = b.User(ctx, local, "kim@example.com")
	wantFault(t, err, fault.Missing)
}

func TestAuditIsNotChanged(t *testing.T) {
	b := setup(t)
	b.user(t, "kim@example.com", access.Viewer, b.contoso)
	err := b.store.Write(ctx, func(tx *store.Tx) error { _, err := tx.Exec("UPDATE audit SET login = 'nobody'"); return err })
	wantFault(t, err, fault.Storage, "not changed")
}

func TestAuditPagesAndFilters(t *testing.T) {
	b := setup(t)
	for i := range 7 {
		_, r := b.Begin(ctx, local, access.Attempt{Operation: fmt.Sprintf("op-%d", i%2), OrganisationID: []string{b.labs.ID, b.northern.ID, ""}[i%3]})
		must(t, r.End(ctx, nil))
		b.clock.pass(time.Hour)
	}
	read := func(f access.AuditFilter) (seqs []int64) {
		for {
			entries, next, err := b.Audit(ctx, local, f)
			must(t, err)
			for _, e := range entries {
				seqs = append(seqs, e.Seq)
			}
			if next == 0 {
				return seqs
			}
			f.Before = next
		}
	}
	begin := b.clock.Now().Add(-7 * time.Hour)
	for want, f := range map[string]access.AuditFilter{
		"[7 6 5 4 3 2 1]": {Limit: 2},
		"[6 4 2]":         {Operation: "op-1", Limit: 1},
		"[7 4 1]":         {OrganisationID: b.labs.ID},
		"[3 2]":           {From: begin.Add(time.Hour), To: begin.Add(3 * time.Hour)},
		"[7 6 5]":         {Before: 0, From: begin.Add(4 * time.Hour), User: "ROOT"},
		"[]":              {Outcome: access.Refused},
	} {
		if got := fmt.Sprint(read(f)); got != want {
			t.Errorf("%+v gives %s, want %s", f, got, want)
		}
	}
	_, _, err := b.Audit(ctx, local, access.AuditFilter{Limit: 501})
	wantFault(t, err, fault.InvalidInput)
	b.user(t, "part@example.com", access.Admin, b.contoso)
	b.user(t, "author@example.com", access.Author, b.msp)
	part, _ := b.signIn(t, "part@example.com")
	entries, _, err := b.Audit(ctx, part, access.AuditFilter{})
	must(t, err)
	if len(entries) != 4 { // of contoso and contoso-labs: not of others, nor of none
		t.Errorf("sees %+v", entries)
	}
	author, _ := b.signIn(t, "author@example.com")
	_, _, err = b.Audit(ctx, author, access.AuditFilter{})
	wantFault(t, err, fault.Denied)
}

func TestAuditIsKeptAYear(t *testing.T) {
	b := setup(t)
	b.user(t, "old@example.com", access.Viewer, b.contoso)
	b.clock.pass(200 * 24 * time.Hour)
	b.user(t, "new@example.com", access.Viewer, b.contoso)
	b.clock.pass(166 * 24 * time.Hour)
	must(t, b.Sweep(ctx))
	if got := b.log(t); len(got) != 1 || !strings.Contains(got[0], "new@") {
		t.Errorf("log %v", got)
	}
}
