package access_test

import (
	"strings"
	"testing"
	"time"

	"gantry/access"
	"gantry/fault"
)

var reads = []access.Scope{access.RunsRead}

func TestTokensExpire(t *testing.T) {
	b := setup(t)
	u := b.user(t, "kim@example.com", access.Operator, b.contoso)
	kim, _ := b.signIn(t, "kim@example.com")
	text, token, err := b.AddToken(ctx, kim, u.ID, access.NewToken{Name: "backup", Scopes: reads})
	must(t, err)
	if want := b.clock.Now().Add(90 * 24 * time.Hour); !token.ExpiresAt.Equal(want) || token.Owner != u.Login || !strings.HasSuffix(string(text), token.Ending) {
		t.Errorf("token %+v", token)
	}
	b.clock.pass(90*24*time.Hour - time.Second)
	_, err = b.ByBearer(ctx, text, home)
	must(t, err)
	b.clock.pass(time.Second)
	_, err = b.ByBearer(ctx, text, home)
	wantFault(t, err, fault.SignedOut, "expired")
	for name, c := range map[string]struct {
		by     *access.Caller
		wanted access.NewToken
		code   fault.Code
	}{
		"too long":   {local, access.NewToken{Name: "a", Scopes: reads, For: 366 * 24 * time.Hour}, fault.InvalidInput},
		"too short":  {local, access.NewToken{Name: "a", Scopes: reads, For: -time.Hour}, fault.InvalidInput},
		"no scope":   {local, access.NewToken{Name: "a"}, fault.InvalidInput},
		"no name":    {local, access.NewToken{Scopes: reads}, fault.InvalidInput},
		"taken":      {local, access.NewToken{Name: "backup", Scopes: reads}, fault.Exists},
		"elsewhere":  {local, access.NewToken{Name: "a", Scopes: reads, OrganisationID: b.northern.ID}, fault.Missing},
		"wrong role": {local, access.NewToken{Name: "a", Scopes: reads, Role: 7}, fault.InvalidInput},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := b.AddToken(ctx, c.by, u.ID, c.wanted)
			wantFault(t, err, c.code)
		})
	}
}

func TestTokensThatNeverExpire(t *testing.T) {
	b := setup(t)
	u := b.user(t, "kim@example.com", access.Operator, b.labs)
	b.user(t, "part@example.com", access.Admin, b.contoso)
	kim, _ := b.signIn(t, "kim@example.com")
	part, _ := b.signIn(t, "part@example.com")
	never := access.NewToken{Name: "never", Scopes: reads, Never: true}
	_, _, err := b.AddToken(ctx, kim, u.ID, never)
	wantFault(t, err, fault.Denied, "never expires")
	never.OrganisationID = b.labs.ID
	text, token, err := b.AddToken(ctx, part, u.ID, never)
	must(t, err)
	if token.ExpiresAt != nil {
		t.Errorf("expires %s", token.ExpiresAt)
	}
	c, err := b.ByBearer(ctx, text, home)
	must(t, err)
	_, _, err = b.AddToken(ctx, c, u.ID, access.NewToken{Name: "child", Scopes: reads})
	wantFault(t, err, fault.Denied, "as a token itself")
}

func TestTokenUseIsNotedOnceAMinute(t *testing.T) {
	b := setup(t)
	u := b.user(t, "kim@example.com", access.Operator, b.contoso)
	text, _, err := b.AddToken(ctx, local, u.ID, access.NewToken{Name: "backup", Scopes: reads})
	must(t, err)
	used := func(from string) string {
		_, err := b.ByBearer(ctx, text, access.Origin{Address: from})
		must(t, err)
		b.settle(t)
		tokens, err := b.Tokens(ctx, local, u.ID)
		must(t, err)
		return tokens[0].UsedAt.Format("15:04:05 ") + tokens[0].UsedFrom
	}
	var got []string
	for _, from := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"} {
		got = append(got, used(from))
		b.clock.pass(30 * time.Second)
	}
	if want := "08:00:00 192.0.2.1|08:00:00 192.0.2.1|08:01:00 192.0.2.3"; strings.Join(got, "|") != want {
		t.Errorf("used %v", got)
	}
	must(t, b.RevokeToken(ctx, local, u.ID, "backup"))
	_, err = b.ByBearer(ctx, text, home)
	wantFault(t, err, fault.SignedOut, "revoked")
	wantFault(t, b.RevokeToken(ctx, local, u.ID, "backup"), fault.Missing)
}

// TestTokenFollowsItsOwner: what is taken from the owner is gone from the token at once.
// TestTokenEndsItself: a token needs no right to end itself by its id, as signing out does, and ends no other.
func TestTokenEndsItself(t *testing.T) {
	b := setup(t)
	kim := b.user(t, "kim@example.com", access.Admin, b.msp)
	lee := b.user(t, "lee@example.com", access.Viewer, b.northern)
	add := func(u access.User, name string) (access.TokenText, access.Token) {
		text, token, err := b.AddToken(ctx, local, u.ID, access.NewToken{Name: name, Scopes: reads})
		must(t, err)
		return text, token
	}
	text, own := add(kim, "own")
	_, sibling := add(kim, "sibling")
	_, namesake := add(kim, own.ID)
	_, other := add(lee, "own")
	c, err := b.ByBearer(ctx, text, home)
	must(t, err)
	for name, wanted := range map[string]struct{ user, token string }{
		"a sibling":                     {kim.ID, sibling.ID},
		"a sibling by its name":         {kim.ID, "sibling"},
		"somebody else's":               {lee.ID, other.ID},
		"its own id at somebody else's": {lee.ID, own.ID},
		"nothing":                       {kim.ID, ""},
	} {
		if err := b.RevokeToken(ctx, c, wanted.user, wanted.token); err == nil || fault.From(err).Code == fault.SignedOut {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, u := range []access.User{kim, lee} {
		tokens, err := b.Tokens(ctx, local, u.ID)
		must(t, err)
		if want := map[string]int{kim.ID: 3, lee.ID: 1}[u.ID]; len(tokens) != want {
			t.Errorf("%s has %d tokens left, want %d", u.Login, len(tokens), want)
		}
	}
	must(t, b.RevokeToken(ctx, c, kim.ID, own.ID))
	_, err = b.ByBearer(ctx, text, home)
	wantFault(t, err, fault.SignedOut, "revoked")
	left, err := b.Tokens(ctx, local, kim.ID)
	must(t, err)
	if len(left) != 2 || left[0].ID != namesake.ID || left[1].ID != sibling.ID {
		t.Errorf("left %+v", left)
	}
}

func TestTokenFollowsItsOwner(t *testing.T) {
	b := setup(t)
	program, err := b.AddUser(ctx, local, access.NewUser{Kind: access.Program, Login: "rmm-import", Grants: []access.Grant{{OrganisationID: b.contoso.ID, Role: access.Admin}}})
	must(t, err)
	text, _, err := b.AddToken(ctx, local, program.ID, access.NewToken{Name: "one", Scopes: []access.Scope{access.AllScopes}, Role: access.Operator})
	must(t, err)
	caller := func() *access.Caller {
		c, err := b.ByBearer(ctx, text, home)
		must(t, err)
		return c
	}
	if c := caller(); !b.may(t, c, access.Operator, access.RunsWrite, b.labs) || b.may(t, c, access.Author, access.WorkflowsWrite, b.labs) {
		t.Error("not an operator")
	}
	_, err = b.GrantRole(ctx, local, program.ID, access.Grant{OrganisationID: b.contoso.ID, Role: access.Viewer})
	must(t, err)
	if c := caller(); b.may(t, c, access.Operator, access.RunsWrite, b.labs) || !b.may(t, c, access.Viewer, access.RunsRead, b.labs) {
		t.Error("not a viewer")
	}
}

func FuzzParseToken(f *testing.F) {
	for _, seed := range []string{"", "gnt_", "gnt_0123456789ABCDEFGHIJKLMNOPQRSTUV000000", "ghp_0123456789ABCDEFGHIJKLMNOPQRSTUV000000", access.NewTokenText()} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		token, ok := access.ParseToken(text)
		if !ok {
			if token != "" {
				t.Errorf("what is no token gives %q", string(token))
			}
			return
		}
		if string(token) != text || len(text) != 42 {
			t.Errorf("%q became %q", text, string(token))
		}
		for i := range text { // no single wrong character passes
			changed := []byte(text)
			if changed[i]++; changed[i] < '0' {
				continue
			}
			if _, ok := access.ParseToken(string(changed)); ok {
				t.Errorf("%q passes, too", changed)
			}
		}
	})
}

func FuzzParseSessionSecret(f *testing.F) {
	for _, seed := range []string{"", strings.Repeat("A", 43), strings.Repeat("A", 42) + "B", strings.Repeat("=", 43), strings.Repeat("-", 44)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		secret, ok := access.ParseSessionSecret(text)
		if ok && (string(secret) != text || len(text) != 43 || strings.ContainsAny(text, "\r\n =;,\x00")) {
			t.Errorf("%q passes", text)
		}
	})
}

func FuzzParseFlow(f *testing.F) {
	f.Add("")
	f.Add(access.Flow{State: strings.Repeat("s", 32), Nonce: strings.Repeat("n", 32), Verifier: strings.Repeat("v", 43), Return: "/runs"}.Encode())
	f.Add(access.Flow{State: strings.Repeat("s", 32), Nonce: strings.Repeat("n", 32), Verifier: strings.Repeat("v", 43), Return: "//evil.example"}.Encode())
	f.Fuzz(func(t *testing.T, text string) {
		flow, ok := access.ParseFlow(text)
		if !ok {
			return
		}
		if again, ok := access.ParseFlow(flow.Encode()); !ok || again != flow {
			t.Errorf("%+v became %+v", flow, again)
		}
		if !strings.HasPrefix(flow.Return, "/") || strings.HasPrefix(flow.Return, "//") || strings.ContainsAny(flow.Return, "\\\r\n\t ") {
			t.Errorf("goes to %q", flow.Return)
		}
	})
}
