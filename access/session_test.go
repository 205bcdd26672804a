package access_test

import (
	"strings"
	"testing"
	"time"

	"gantry/access"
	"gantry/fault"
	"gantry/store"
)

// settle waits until everything that was submitted is written.
func (b *bundle) settle(t testing.TB) {
	t.Helper()
	must(t, b.store.Write(ctx, func(*store.Tx) error { return nil }))
}

func TestSessionsEnd(t *testing.T) {
	b := setup(t)
	b.user(t, "kim@example.com", access.Viewer, b.contoso)
	_, in := b.signIn(t, "kim@example.com")
	ask := func() error {
		_, err := b.BySession(ctx, in.Secret, home)
		b.settle(t)
		return err
	}
	b.clock.pass(12*time.Hour - time.Second)
	must(t, ask()) // which counts as use
	b.clock.pass(12*time.Hour - time.Second)
	must(t, ask())
	b.clock.pass(12 * time.Hour)
	wantFault(t, ask(), fault.SignedOut, "sign in again")

	_, in = b.signIn(t, "kim@example.com")
	for range 6*24 + 23 {
		b.clock.pass(time.Hour)
		must(t, ask())
	}
	b.clock.pass(time.Hour) // seven days in all
	wantFault(t, ask(), fault.SignedOut)
	must(t, b.Sweep(ctx))
	var left int
	must(t, b.store.Read().Get(&left, "SELECT count(*) FROM sessions"))
	if left != 0 {
		t.Errorf("%d sessions are left", left)
	}
}

func TestSessionsListed(t *testing.T) {
	b := setup(t)
	b.user(t, "kim@example.com", access.Viewer, b.contoso)
	b.user(t, "part@example.com", access.Admin, b.northern)
	here, in := b.signIn(t, "kim@example.com")
	_, there := b.signIn(t, "kim@example.com")
	sessions, err := b.Sessions(ctx, here, here.UserID)
	must(t, err)
	if len(sessions) != 2 || sessions[0].ID != there.SessionID || sessions[1].ID != in.SessionID || !sessions[1].Current || sessions[0].Current ||
		sessions[0].Address != home.Address || sessions[0].Browser != home.Browser {
		t.Errorf("sessions %+v", sessions)
	}
	stranger, _ := b.signIn(t, "part@example.com")
	_, err = b.Sessions(ctx, stranger, here.UserID)
	wantFault(t, err, fault.Missing)
	wantFault(t, b.EndSession(ctx, stranger, here.UserID, in.SessionID), fault.Missing)
	wantFault(t, b.EndSession(ctx, stranger, stranger.UserID, in.SessionID), fault.Missing)
	must(t, b.EndSession(ctx, here, here.UserID, there.SessionID))
	_, err = b.BySession(ctx, there.Secret, home)
	wantFault(t, err, fault.SignedOut)
	must(t, b.SignOut(ctx, here))
	_, err = b.BySession(ctx, in.Secret, home)
	wantFault(t, err, fault.SignedOut)
	for range 55 {
		b.signIn(t, "kim@example.com")
	}
	sessions, err = b.Sessions(ctx, local, here.UserID)
	must(t, err)
	if len(sessions) != 50 {
		t.Errorf("%d sessions", len(sessions))
	}
}

// TestSecretsAreNotKept looks for secrets in everything that is on disk.
func TestSecretsAreNotKept(t *testing.T) {
	b := setup(t)
	u := b.user(t, "kim@example.com", access.Viewer, b.contoso)
	link, err := b.RenewSetUpLink(ctx)
	must(t, err)
	_, in := b.signIn(t, "kim@example.com")
	text, _, err := b.AddToken(ctx, local, u.ID, access.NewToken{Name: "x", Scopes: []access.Scope{access.RunsRead}})
	must(t, err)
	var dump []string
	for _, query := range []string{"SELECT quote(hash) || quote(id) FROM sessions", "SELECT quote(hash) || quote(ending) FROM tokens",
		"SELECT hash FROM set_up_link", "SELECT password FROM users", "SELECT login || target || details FROM audit"} {
		var rows []string
		must(t, b.store.Read().Select(&rows, query))
		dump = append(dump, rows...)
	}
	if len(dump) < 6 {
		t.Fatalf("only %d rows", len(dump))
	}
	for _, secret := range []string{string(in.Secret), string(text), link, goodPassword} {
		if len(secret) < 20 || strings.Contains(strings.Join(dump, "\n"), secret) {
			t.Errorf("the secret %q is kept", secret)
		}
	}
	if text.String() == string(text) || in.Secret.String() == string(in.Secret) {
		t.Error("a secret prints itself")
	}
}

func TestSetUpOnce(t *testing.T) {
	b := setup(t)
	needed, err := b.NeedsSetUp(ctx)
	must(t, err)
	old, err := b.RenewSetUpLink(ctx)
	must(t, err)
	link, err := b.RenewSetUpLink(ctx)
	must(t, err)
	first := access.NewUser{Login: "first@example.com", Password: goodPassword}
	if !needed || link == "" || link == old {
		t.Fatalf("needed %v, link %q after %q", needed, link, old)
	}
	for _, wrong := range []string{"", old, link + "x", strings.ToLower(link)} {
		_, err = b.SetUp(ctx, home, wrong, first)
		wantFault(t, err, fault.SignedOut, "set-up link")
	}
	_, err = b.SetUp(ctx, home, link, access.NewUser{Login: "first@example.com", Password: "short"})
	wantFault(t, err, fault.InvalidInput)
	_, err = b.SetUp(ctx, home, link, access.NewUser{Login: "first@example.com"})
	wantFault(t, err, "invalid_input")
	_, err = b.SetUp(ctx, home, link, access.NewUser{Login: "", Password: "correct zebra battery"})
	wantFault(t, err, fault.InvalidInput)
	errs := make(chan error, 8)
	for range cap(errs) {
		go func() {
			in, err := b.SetUp(ctx, home, link, first)
			if err == nil && !in.User.HasPassword {
				err = fault.New(fault.Internal, "no user")
			}
			errs <- err
		}()
	}
	made := 0
	for range cap(errs) {
		if err := <-errs; err == nil {
			made++
		} else if code := fault.From(err).Code; code != fault.SignedOut && code != fault.Conflict {
			t.Error(err)
		}
	}
	users, err := b.Users(ctx, local)
	must(t, err)
	if made != 1 || len(users) != 1 || users[0].Grants[0].Role != access.Admin || users[0].Grants[0].OrganisationID != b.msp.ID {
		t.Errorf("%d were made, users %+v", made, users)
	}
	needed, err = b.NeedsSetUp(ctx)
	must(t, err)
	again, err := b.RenewSetUpLink(ctx)
	must(t, err)
	if needed || again != "" {
		t.Errorf("needed %v, link %q", needed, again)
	}
	c, _ := b.signIn(t, "first@example.com")
	if !b.may(t, c, access.Admin, access.UsersWrite, b.labs) {
		t.Error("the first administrator does not administer")
	}
}

func TestSetUpLinkGrowsOld(t *testing.T) {
	b := setup(t)
	link, err := b.RenewSetUpLink(ctx)
	must(t, err)
	b.clock.pass(24 * time.Hour)
	_, err = b.SetUp(ctx, home, link, access.NewUser{Login: "first@example.com", Password: goodPassword})
	wantFault(t, err, fault.SignedOut)
}
