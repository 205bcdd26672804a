package access

import (
	"context"
	"slices"

	"gantry/fault"
	"gantry/store"
)

// admit lets in whom the provider has identified: a user who is linked to them; else one whom an administrator added
// under their address, without a password; else, where the configuration allows it, a new one.
func (p *Provider) admit(ctx context.Context, from Origin, who identity) (in SignedIn, err error) {
	s := p.access
	wanted, err := p.groupGrants(ctx, who.Groups)
	if err != nil {
		return in, err
	}
	u, fresh, err := p.user(ctx, who, len(wanted) > 0)
	if err != nil {
		return in, err
	}
	RecordOf(ctx).calls(&Caller{Kind: ByUser, UserID: u.id, Login: u.Login, From: from.Address})
	RecordOf(ctx).Concerns("", u.Login)
	root, err := s.rootID(ctx)
	if err != nil {
		return in, err
	}
	err = s.keep(ctx, func(tx *store.Tx) error {
		if fresh {
			if err := s.insertUser(tx, u, p.Name()); err != nil {
				return err
			}
			RecordOf(ctx).Detail("created", "true")
		}
		if err := link(tx, u.id, who); err != nil {
			return err
		}
		if err := p.renewGroups(ctx, tx, root, u.id, wanted); err != nil {
			return err
		}
		in, err = s.startSession(tx, u.id, from)
		return err
	})
	if err == nil {
		in.User, err = s.self(ctx, u.id)
	}
	return in, err
}

// user finds or prepares the user. fresh tells that it is to be made.
func (p *Provider) user(ctx context.Context, who identity, grouped bool) (u prepared, fresh bool, err error) {
	s := p.access
	linked, err := loadUsers(s.readers(ctx), "issuer = ? AND subject = ?", who.Issuer, who.Subject)
	if err != nil {
		return u, false, err
	}
	if len(linked) > 0 {
		return p.known(linked[0])
	}
	email, err := p.config.believed(who)
	if err != nil {
		return u, false, err
	}
	added, err := s.find(ctx, email)
	switch {
	case err == nil && !added.Linked && !added.HasPassword && added.Kind == Person:
		return p.known(added)
	case err == nil:
		return u, false, fault.New(fault.Denied, "The user %s signs in otherwise.", added.Login).
			WithHint("sign in with the password; an administrator can take it away, so that the provider is used")
	case fault.From(err).Code != fault.Missing:
		return u, false, err
	case !p.config.CreateUsers:
		return u, false, notLetIn("There is no user for %s.", email)
	}
	wanted := NewUser{Login: email, Name: who.Name}
	if p.config.DefaultGrant != nil {
		g, err := p.grant(ctx, *p.config.DefaultGrant)
		if err != nil {
			return u, false, err
		}
		wanted.Grants = []Grant{g}
	} else if !grouped {
		return u, false, notLetIn("None of your groups has a role in Gantry.")
	}
	u, err = s.prepare(ctx, wanted)
	return u, true, err
}

func (p *Provider) known(u User) (prepared, bool, error) {
	if u.Disabled {
		return prepared{}, false, refusedSignIn()
	}
	return prepared{NewUser: NewUser{Login: u.Login}, id: u.ID}, false, nil
}

// link notes whom the provider means, and looks once more that the user may come in. What was signed in or made with
// the account before it was theirs ends: whoever added or renamed it could have kept a way in.
func link(tx *store.Tx, id string, who identity) error {
	for _, statement := range []string{"DELETE FROM tokens", "DELETE FROM sessions"} {
		if _, err := tx.Exec(statement+" WHERE user_id = (SELECT id FROM users WHERE id = ? AND subject = '')", id); err != nil {
			return err
		}
	}
	result, err := tx.Exec(`UPDATE users SET issuer = ?, subject = ? WHERE id = ? AND disabled_at IS NULL
		AND (subject = '' AND password = '' OR issuer = ? AND subject = ?)`, who.Issuer, who.Subject, id, who.Issuer, who.Subject)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return refusedSignIn()
	}
	return nil
}

func (p *Provider) grant(ctx context.Context, g ProviderGrant) (Grant, error) {
	if g.Organisation == "" {
		root, err := p.access.orgs.Root(ctx)
		return Grant{root.ID, g.Role}, err
	}
	org, err := p.access.orgs.BySlug(ctx, g.Organisation)
	return Grant{org.ID, g.Role}, err
}

// groupGrants gives what somebody's groups give: over each organisation the highest role. A group that names an
// organisation that there is not gives nothing there.
func (p *Provider) groupGrants(ctx context.Context, groups []string) (grants []Grant, err error) {
	for _, group := range groups {
		for _, configured := range p.config.Groups[group] {
			g, err := p.grant(ctx, configured)
			switch {
			case err != nil && fault.From(err).Code == fault.Missing:
				continue
			case err != nil:
				return nil, err
			}
			if at := slices.IndexFunc(grants, func(other Grant) bool { return other.OrganisationID == g.OrganisationID }); at >= 0 {
				grants[at].Role = max(grants[at].Role, g.Role)
			} else {
				grants = append(grants, g)
			}
		}
	}
	return grants, nil
}

// renewGroups puts what the groups give now in place of what they gave before. The last administrator keeps that role,
// whatever the groups say: nobody could mend the configuration.
func (p *Provider) renewGroups(ctx context.Context, tx *store.Tx, root, userID string, wanted []Grant) error {
	before, err := administrators(tx, root)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM grants WHERE user_id = ? AND source = ?", userID, FromGroups); err != nil {
		return err
	}
	at := p.access.now().UnixMicro()
	for _, g := range wanted {
		if err := putGrant(tx, userID, g, FromGroups, p.Name(), at); err != nil {
			return err
		}
	}
	after, err := administrators(tx, root)
	if err != nil || before == 0 || after > 0 {
		return err
	}
	RecordOf(ctx).Detail("kept", "administrator, being the last one")
	return putGrant(tx, userID, Grant{root, Admin}, FromGroups, p.Name(), at)
}
