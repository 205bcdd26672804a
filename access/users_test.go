package access_test

import (
	"testing"

	"gantry/access"
	"gantry/orgs"
)

func TestLogins(t *testing.T) {
	b := setup(t)
	b.user(t, "Jörg@Example.com", access.Viewer, b.contoso)
	for _, same := range []string{"jörg@example.com", "JÖRG@EXAMPLE.COM", "jo\u0308rg@example.com", "ｊörg@example.com"} {
		_, err := b.AddUser(ctx, local, access.NewUser{Login: same, Grants: []access.Grant{{OrganisationID: b.msp.ID, Role: access.Viewer}}})
		wantFault(t, err, "exists")
		u, err := b.User(ctx, local, same)
		must(t, err)
		if u.Login != "Jörg@Example.com" {
			t.Errorf("%s is %s", same, u.Login)
		}
	}
	for _, wrong := range []string{"", " ", "a b", "a\x00b", "kim\u200b@example.com", "\u202ekim", "-rf", "аdmin" /* Cyrillic а */, "\xff", string(make([]byte, 5000))} {
		_, err := b.AddUser(ctx, local, access.NewUser{Login: wrong})
		wantFault(t, err, "invalid_input")
	}
}

func TestPasswordRules(t *testing.T) {
	b := setup(t)
	for _, c := range []struct{ password, why string }{
		{"short one 1", "fewer than 12"}, {"password1234", "first that are tried"}, {"P@ssw0rd!2024", "first that are tried"},
		{"111111111111", "first that are tried"}, {"abcabcabcabcabc", "first that are tried"}, {"123456789012", "first that are tried"},
		{"Welcome2026!!", "first that are tried"}, {"qwertyuiop123", "first that are tried"}, {"kim.okonkwo1234", "user's name"},
		{"kim.okonkwo@example.com", "user's name"}, {"Kim Okonkwo 1", "user's name"}, {"fine\x07but not this", "control"},
		{"öäü", "fewer than 12"}, {string(make([]rune, 300)), "too long"},
	} {
		_, err := b.AddUser(ctx, local, access.NewUser{Login: "kim.okonkwo@example.com", Name: "Kim Okonkwo", Password: c.password})
		wantFault(t, err, "invalid_input", c.why)
	}
	for i, fine := range []string{"correct zebra battery", "ünïcödé wörds hélp", "zwölf Zeichen", "пароль не слово"} {
		_, err := b.AddUser(ctx, local, access.NewUser{Login: string(rune('a'+i)) + "@example.com", Password: fine})
		must(t, err)
		_, err = b.SignIn(ctx, home, string(rune('a'+i))+"@example.com", fine)
		must(t, err)
	}
}

// TestNobodyGrantsMore: an administrator of a part of the tree stays within it, whatever they try.
func TestNobodyGrantsMore(t *testing.T) {
	b := setup(t)
	root := b.user(t, "root@example.com", access.Admin, b.msp)
	b.user(t, "part@example.com", access.Admin, b.contoso)
	b.user(t, "author@example.com", access.Author, b.msp)
	other := b.user(t, "other@example.com", access.Viewer, b.northern)
	mine := b.user(t, "mine@example.com", access.Viewer, b.labs)
	part, _ := b.signIn(t, "part@example.com")
	author, _ := b.signIn(t, "author@example.com")
	give := func(org orgs.Organisation, role access.Role) access.Grant {
		return access.Grant{OrganisationID: org.ID, Role: role}
	}
	add := func(c *access.Caller, grants ...access.Grant) error {
		_, err := b.AddUser(ctx, c, access.NewUser{Login: "new@example.com", Grants: grants})
		return err
	}
	wantFault(t, add(part, give(b.msp, access.Viewer)), "denied")
	wantFault(t, add(part, give(b.labs, access.Viewer), give(b.northern, access.Viewer)), "denied")
	wantFault(t, add(part), "invalid_input", "needs a role")
	wantFault(t, add(author, give(b.labs, access.Viewer)), "denied")
	wantFault(t, add(author), "denied")
	wantFault(t, add(nil), "signed_out")
	must(t, add(part, give(b.labs, access.Admin)))
	_, err := b.GrantRole(ctx, part, mine.ID, give(b.contoso, access.Admin))
	must(t, err)
	_, err = b.GrantRole(ctx, part, mine.ID, give(b.msp, access.Viewer))
	wantFault(t, err, "denied")
	_, err = b.GrantRole(ctx, part, other.ID, give(b.contoso, access.Viewer))
	wantFault(t, err, "missing")
	_, err = b.GrantRole(ctx, part, mine.ID, give(b.contoso, 0))
	wantFault(t, err, "invalid_input")
	_, err = b.GrantRole(ctx, part, mine.ID, give(b.contoso, 9))
	wantFault(t, err, "invalid_input")
	// Whoever has a role beyond the administrator's is not theirs to change: that would be a way up.
	_, err = b.GrantRole(ctx, local, mine.ID, give(b.northern, access.Viewer))
	must(t, err)
	wantFault(t, b.SetPassword(ctx, part, mine.ID, goodPassword), "denied", "beyond yours")
	_, _, err = b.AddToken(ctx, part, mine.ID, access.NewToken{Name: "x", Scopes: []access.Scope{access.AllScopes}})
	wantFault(t, err, "denied")
	wantFault(t, b.SetPassword(ctx, part, root.ID, goodPassword), "missing")
	_, err = b.Disable(ctx, part, root.ID, true)
	wantFault(t, err, "missing")
	wantFault(t, b.RemoveUser(ctx, author, mine.ID), "missing")
	seen, err := b.Users(ctx, part)
	must(t, err)
	for _, u := range seen {
		for _, g := range u.Grants {
			if g.OrganisationID != b.contoso.ID && g.OrganisationID != b.labs.ID {
				t.Errorf("%s is seen with a grant over %s", u.Login, g.Organisation)
			}
		}
	}
	if len(seen) != 3 {
		t.Errorf("seen %v", seen)
	}
	_, err = b.Users(ctx, author)
	wantFault(t, err, "denied")
}

func TestLastAdministratorStays(t *testing.T) {
	b := setup(t)
	only := b.user(t, "only@example.com", access.Admin, b.msp)
	// Neither of these could take over: one administers a part, one is a program, one cannot sign in.
	b.user(t, "part@example.com", access.Admin, b.contoso)
	_, err := b.AddUser(ctx, local, access.NewUser{Login: "program", Kind: access.Program, Grants: []access.Grant{{OrganisationID: b.msp.ID, Role: access.Admin}}})
	must(t, err)
	_, err = b.AddUser(ctx, local, access.NewUser{Login: "invited@example.com", Grants: []access.Grant{{OrganisationID: b.msp.ID, Role: access.Admin}}})
	must(t, err)
	for name, try := range map[string]func() error{
		"disable": func() error { _, err := b.Disable(ctx, local, only.ID, true); return err },
		"demote": func() error {
			_, err := b.GrantRole(ctx, local, only.ID, access.Grant{OrganisationID: b.msp.ID, Role: access.Author})
			return err
		},
		"revoke":   func() error { _, err := b.RevokeRole(ctx, local, only.ID, b.msp.ID); return err },
		"remove":   func() error { return b.RemoveUser(ctx, local, only.ID) },
		"lock out": func() error { return b.SetPassword(ctx, local, only.ID, "") },
	} {
		t.Run(name, func(t *testing.T) { wantFault(t, try(), "conflict", "last administrator") })
	}
	b.user(t, "second@example.com", access.Admin, b.msp)
	must(t, b.RemoveUser(ctx, local, only.ID))
	_, err = b.User(ctx, local, only.ID)
	wantFault(t, err, "missing")
}

// TestOutAtOnce: a disabled or removed user's sessions and tokens end with the next request.
func TestOutAtOnce(t *testing.T) {
	b := setup(t)
	u := b.user(t, "kim@example.com", access.Viewer, b.contoso)
	_, in := b.signIn(t, "kim@example.com")
	text, _, err := b.AddToken(ctx, local, u.ID, access.NewToken{Name: "x", Scopes: []access.Scope{access.RunsRead}})
	must(t, err)
	token, err := b.ByBearer(ctx, text, home)
	must(t, err)
	_, err = b.Disable(ctx, local, u.ID, true)
	must(t, err)
	_, err = b.BySession(ctx, in.Secret, home)
	wantFault(t, err, "signed_out")
	_, err = b.ByBearer(ctx, text, home)
	wantFault(t, err, "signed_out", "disabled")
	_, err = b.Refresh(ctx, token)
	wantFault(t, err, "signed_out")
	_, err = b.SignIn(ctx, home, "kim@example.com", goodPassword)
	wantFault(t, err, "signed_out", "do not fit")
	_, err = b.Disable(ctx, local, u.ID, false)
	must(t, err)
	_, err = b.ByBearer(ctx, text, home)
	must(t, err)
	must(t, b.RemoveUser(ctx, local, u.ID))
	_, err = b.ByBearer(ctx, text, home)
	wantFault(t, err, "signed_out")
}

func TestRename(t *testing.T) {
	b := setup(t)
	u := b.user(t, "kim@example.com", access.Viewer, b.contoso)
	b.user(t, "lee@example.com", access.Viewer, b.contoso)
	taken, free, name := "LEE@example.com", "kim.new@example.com", "Kim Okonkwo"
	_, err := b.RenameUser(ctx, local, u.ID, &taken, nil)
	wantFault(t, err, "exists")
	now, err := b.RenameUser(ctx, local, u.ID, &free, &name)
	must(t, err)
	if now.Login != free || now.Name != name {
		t.Errorf("now %+v", now)
	}
	if _, err := b.RenameUser(ctx, local, u.ID, nil, &name); err != nil {
		t.Error(err)
	}
	_, in := b.signIn(t, free)
	if in.User.ID != u.ID {
		t.Error("somebody else")
	}
}
