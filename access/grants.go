package access

import (
	"context"
	"fmt"

	"gantry/fault"
	"gantry/store"
)

// GrantRole gives a user a role over an organisation and everything below it, in place of the one given there before.
// The caller must be an administrator there, and see the user: nobody grants more than they have. Taking the last
// administrator's role gives fault.Conflict.
func (s *Service) GrantRole(ctx context.Context, by *Caller, ref string, g Grant) (User, error) {
	return s.changeGrants(ctx, by, "grant-role", ref, g.OrganisationID, func(ctx context.Context) error {
		s.noteGrants(ctx, []Grant{g})
		return s.mayGrant(ctx, by, g)
	}, func(tx *store.Tx, u User) error {
		return putGrant(tx, u.ID, g, Given, by.who(), s.now().UnixMicro())
	})
}

// RevokeRole takes the role that a user was given over an organisation. What is granted above it still reaches it.
// One that was not given there is fault.Missing, the last administrator's fault.Conflict.
func (s *Service) RevokeRole(ctx context.Context, by *Caller, ref, organisationID string) (User, error) {
	return s.changeGrants(ctx, by, "revoke-role", ref, organisationID, func(ctx context.Context) error {
		_, path, err := s.organisation(ctx, organisationID)
		if err != nil {
			return err
		}
		rooted, err := s.atRoot(ctx, by, UsersWrite) // of a purged organisation there is no path
		if err == nil && !rooted && !by.May(Admin, UsersWrite, path) {
			err = denied(by, "revoke roles")
		}
		return err
	}, func(tx *store.Tx, u User) error {
		result, err := tx.Exec("DELETE FROM grants WHERE user_id = ? AND organisation_id = ? AND source = ?", u.ID, organisationID, Given)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return fault.New(fault.Missing, "%s was given no role over that organisation itself.", u.Login).
				WithHint("roles by the provider's groups are changed there; `gantry users show` lists all")
		}
		return nil
	})
}

func (s *Service) changeGrants(ctx context.Context, by *Caller, operation, ref, organisationID string,
	judge func(context.Context) error, change func(*store.Tx, User) error) (user User, err error) {
	err = s.attempt(ctx, by, Attempt{Operation: operation, Target: ref, OrganisationID: organisationID}, func(ctx context.Context) error {
		if err := judge(ctx); err != nil {
			return err
		}
		u, _, err := s.findShown(ctx, by, ref)
		if err != nil {
			return err
		}
		RecordOf(ctx).Concerns("", u.Login)
		root, err := s.rootID(ctx)
		if err != nil {
			return err
		}
		err = s.keep(ctx, func(tx *store.Tx) error {
			if err := there(tx, u); err != nil {
				return err
			}
			return keepingAdministrator(tx, root, func() error { return change(tx, u) })
		})
		if err == nil {
			user, err = s.stillShown(ctx, by, u)
		}
		return err
	})
	return user, err
}

// stillShown gives a user after a change that may have taken them out of the caller's sight.
func (s *Service) stillShown(ctx context.Context, by *Caller, u User) (User, error) {
	now, err := s.User(ctx, by, u.ID)
	if err != nil && fault.From(err).Code == fault.Missing {
		u.Grants = []Granted{}
		return u, nil
	}
	return now, err
}

func there(tx *store.Tx, u User) error {
	var found int
	err := tx.Get(&found, "SELECT count(*) FROM users WHERE id = ?", u.ID)
	if err == nil && found == 0 {
		return noUser(u.Login)
	}
	return err
}

// mayGrant refuses a grant over what the caller does not administer, or what there is not.
func (s *Service) mayGrant(ctx context.Context, by *Caller, g Grant) error {
	if g.Role < Viewer || g.Role > Admin {
		return invalid("There is no role to grant.").WithHint("one of viewer, operator, author, admin")
	}
	org, path, err := s.organisation(ctx, g.OrganisationID)
	if err != nil {
		return err
	}
	if !by.May(Admin, UsersWrite, path) {
		return denied(by, "grant roles")
	}
	if org.DeletedAt != nil {
		return fault.New(fault.Missing, "The organisation %s was removed.", org.Name).WithHint("restore it first")
	}
	return nil
}

func putGrant(tx *store.Tx, userID string, g Grant, source, by string, at int64) error {
	_, err := tx.Exec(`INSERT INTO grants (user_id, organisation_id, source, role, granted_by, granted_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (user_id, organisation_id, source) DO UPDATE SET role = excluded.role, granted_by = excluded.granted_by,
		granted_at = excluded.granted_at`, userID, g.OrganisationID, source, int(g.Role), by, at)
	return err
}

// countAdministrators counts those who administer everything and can sign in.
const countAdministrators = `SELECT count(DISTINCT u.id) FROM users u JOIN grants g ON g.user_id = u.id
	WHERE g.organisation_id = ? AND g.role >= ? AND u.kind = 'person' AND u.disabled_at IS NULL AND (u.password <> '' OR u.subject <> '')`

func administrators(tx *store.Tx, root string) (n int, err error) {
	err = tx.Get(&n, countAdministrators, root, int(Admin))
	return n, err
}

// keepingAdministrator makes a change and refuses it where it takes the last administrator of everything.
func keepingAdministrator(tx *store.Tx, root string, change func() error) error {
	before, err := administrators(tx, root)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := administrators(tx, root)
	if err == nil && before > 0 && after == 0 {
		return fault.New(fault.Conflict, "That is the last administrator: nobody would be left who administers everything.").
			WithHint("make somebody else an administrator of the MSP first")
	}
	return err
}

// noteGrants tells the audit log what is granted. Grants over several organisations are of none of them alone: each
// one's administrators would read of the others.
func (s *Service) noteGrants(ctx context.Context, grants []Grant) {
	if len(grants) == 1 {
		RecordOf(ctx).Concerns(grants[0].OrganisationID, "")
	}
	for i, g := range grants {
		name := "role"
		if i > 0 {
			name = fmt.Sprintf("role_%d", i+1)
		}
		over := g.OrganisationID
		if org, _, err := s.organisation(ctx, over); err == nil && org.Slug != "" {
			over = org.Slug
		}
		RecordOf(ctx).Detail(name, g.Role.String()+" of "+over)
	}
}
