package access_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gantry/access"
	"gantry/fault"
)

// TestRefusalsAreAlike: an answer never tells whether there is such a user.
func TestRefusalsAreAlike(t *testing.T) {
	b := setup(t)
	b.user(t, "kim@example.com", access.Viewer, b.contoso)
	gone := b.user(t, "gone@example.com", access.Viewer, b.contoso)
	_, err := b.Disable(ctx, local, gone.ID, true)
	must(t, err)
	for _, c := range []struct{ login, kind string }{{"invited@example.com", "person"}, {"program", "service"}} {
		_, err := b.AddUser(ctx, local, access.NewUser{Login: c.login, Kind: access.UserKind(c.kind)})
		must(t, err)
	}
	said := map[string]bool{}
	for _, try := range [][2]string{{"kim@example.com", "wrong wrong wrong"}, {"gone@example.com", goodPassword}, {"nobody@example.com", goodPassword},
		{"invited@example.com", ""}, {"program", goodPassword}, {"not a login", goodPassword}, {"kim@example.com", "control\x00character"},
		{"kim@example.com", strings.Repeat("long", 1000)}, {"", ""}} {
		_, err := b.SignIn(ctx, access.Origin{Address: "192.0.2." + fmt.Sprint(len(said))}, try[0], try[1])
		wantFault(t, err, fault.SignedOut)
		said[err.Error()] = true
	}
	if len(said) != 1 {
		t.Errorf("the answers differ: %v", said)
	}
	for _, line := range b.log(t)[:9] {
		if strings.Contains(line, "nobody@") || strings.Contains(line, "not a login") {
			t.Errorf("what was typed stands in the audit log: %s", line)
		}
	}
}

// TestPauses: failures of an account cost growing pauses, which a restart does not forgive, nor the right password.
func TestPauses(t *testing.T) {
	b := setup(t)
	b.user(t, "kim@example.com", access.Viewer, b.contoso)
	try := func(password string) error {
		_, err := b.SignIn(ctx, home, "KIM@example.com", password)
		return err
	}
	for range 5 {
		wantFault(t, try("wrong wrong wrong"), fault.SignedOut)
	}
	wait := time.Second
	for range 4 {
		wantFault(t, try("wrong wrong wrong"), fault.SignedOut)
		err := try(goodPassword)
		wantFault(t, err, fault.RateLimited)
		if got := fault.From(err).RetryAfter; got != wait {
			t.Errorf("waits %s, want %s", got, wait)
		}
		b.clock.pass(wait)
		wait *= 2
	}
	wantFault(t, try("wrong wrong wrong"), fault.SignedOut)
	must(t, b.store.Close())
	b.open(t)
	wantFault(t, try(goodPassword), fault.RateLimited)
	b.clock.pass(30 * time.Second)
	must(t, try(goodPassword))
	wantFault(t, try("wrong wrong wrong"), fault.SignedOut) // counted anew
	must(t, try(goodPassword))
	refused := 0
	for _, line := range b.log(t) {
		if strings.HasSuffix(line, "sign-in kim@example.com refused") {
			refused++
		}
	}
	if refused != 11 { // those that were looked at; what the pauses sent away is not kept
		t.Errorf("%d refused sign-ins in the audit log, want 11", refused)
	}
}

// TestPausesOfAddress: guessing many accounts from one address costs pauses, too; others are not concerned.
func TestPausesOfAddress(t *testing.T) {
	b := setup(t)
	b.user(t, "kim@example.com", access.Viewer, b.contoso)
	from := func(n int) access.Origin { return access.Origin{Address: fmt.Sprintf("2001:db8:0:1::%x", n)} }
	for i := range 21 {
		_, err := b.SignIn(ctx, from(i), fmt.Sprintf("user%d@example.com", i), goodPassword)
		wantFault(t, err, fault.SignedOut)
	}
	_, err := b.SignIn(ctx, from(99), "kim@example.com", goodPassword)
	wantFault(t, err, fault.RateLimited)
	_, err = b.SignIn(ctx, access.Origin{Address: "2001:db8:0:2::1"}, "kim@example.com", goodPassword)
	must(t, err)
	_, err = b.SignIn(ctx, access.Origin{Address: "192.0.2.1"}, "kim@example.com", goodPassword)
	must(t, err)
}

// TestGuessesSideBySide: attempts at the same moment are no way around the pauses.
func TestGuessesSideBySide(t *testing.T) {
	b := setup(t)
	b.user(t, "kim@example.com", access.Viewer, b.contoso)
	var wg sync.WaitGroup
	var mu sync.Mutex
	looked := 0
	for range 40 {
		wg.Go(func() {
			if _, err := b.SignIn(ctx, home, "kim@example.com", "wrong wrong wrong"); fault.From(err).Code == fault.SignedOut {
				mu.Lock()
				defer mu.Unlock()
				looked++
			}
		})
	}
	wg.Wait()
	if looked < 6 || looked > 7 { // two are looked at side by side
		t.Errorf("%d passwords were looked at", looked)
	}
}

// TestStrangersDoNotFillTheLog: what people without a sign-in can have written is bounded, and what is left out is counted.
func TestStrangersDoNotFillTheLog(t *testing.T) {
	b := setup(t)
	for range 600 {
		_, err := b.SetUp(ctx, home, "guess", access.NewUser{Login: "x"})
		wantFault(t, err, fault.SignedOut)
	}
	count := func() (n int) {
		must(t, b.store.Read().Get(&n, "SELECT count(*) FROM audit"))
		return n
	}
	if n := count(); n != 500 {
		t.Errorf("%d entries", n)
	}
	b.clock.pass(10 * time.Second)
	_, err := b.SetUp(ctx, home, "guess", access.NewUser{Login: "x"})
	wantFault(t, err, fault.SignedOut)
	entries, _, err := b.Audit(ctx, local, access.AuditFilter{Limit: 1})
	must(t, err)
	if entries[0].Details["left_out_before"] != "100" {
		t.Errorf("details %v", entries[0].Details)
	}
}

func TestPasswordChange(t *testing.T) {
	b := setup(t)
	b.user(t, "kim@example.com", access.Viewer, b.contoso)
	here, _ := b.signIn(t, "kim@example.com")
	_, there := b.signIn(t, "kim@example.com")
	wantFault(t, b.ChangePassword(ctx, here, "wrong wrong wrong", "harbour lentil quick moon"), fault.InvalidInput, "current")
	wantFault(t, b.ChangePassword(ctx, here, goodPassword, "short"), fault.InvalidInput, "12")
	wantFault(t, b.ChangePassword(ctx, local, goodPassword, "harbour lentil quick moon"), fault.Denied)
	must(t, b.ChangePassword(ctx, here, goodPassword, "harbour lentil quick moon"))
	_, err := b.Refresh(ctx, here)
	must(t, err)
	_, err = b.BySession(ctx, there.Secret, home)
	wantFault(t, err, fault.SignedOut)
	_, err = b.SignIn(ctx, home, "kim@example.com", goodPassword)
	wantFault(t, err, fault.SignedOut)
	for range 5 {
		wantFault(t, b.ChangePassword(ctx, here, "wrong wrong wrong", goodPassword), fault.InvalidInput)
	}
	wantFault(t, b.ChangePassword(ctx, here, "wrong wrong wrong", goodPassword), fault.RateLimited)
}

// TestCostIsRenewed: a password that was hashed at another cost is hashed anew at the next sign-in.
func TestCostIsRenewed(t *testing.T) {
	b := setup(t)
	b.user(t, "kim@example.com", access.Viewer, b.contoso)
	hash := func() (text string) {
		must(t, b.store.Read().Get(&text, "SELECT password FROM users"))
		return text
	}
	before := hash()
	b.Service = access.New(b.store, b.tree, b.clock.Now, access.WithCost(access.Cost{Memory: 128, Passes: 1}))
	b.signIn(t, "kim@example.com")
	if after := hash(); after == before || !strings.HasPrefix(after, "$argon2id$v=19$m=128,t=1,p=1$") {
		t.Errorf("hash is %s", after[:30])
	}
	b.signIn(t, "kim@example.com")
}
