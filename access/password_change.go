package access

import (
	"context"

	"gantry/fault"
	"gantry/store"
)

// ChangePassword gives the caller a new password, which ends their other sessions. They must show the current one:
// a wrong one is counted like a failed sign-in. Callers with a token cannot.
func (s *Service) ChangePassword(ctx context.Context, by *Caller, current, wanted string) error {
	if by == nil || by.Kind != ByUser {
		return denied(by, "change a password")
	}
	return s.attempt(ctx, by, Attempt{Operation: "change-password", Target: by.Login}, func(ctx context.Context) error {
		who, name, err := s.account(ctx, by.Login)
		if err != nil {
			return err
		}
		if who.ID != by.UserID {
			return sessionOver()
		}
		if who.Password == "" {
			return fault.New(fault.Conflict, "You have no password here: you sign in through your organisation's provider.").
				WithHint("an administrator can give you one with `gantry users passwd`")
		}
		if _, err := s.checkPassword(ctx, who, current, accountName(name)); err != nil {
			return wrongCurrent(err)
		}
		hash, err := s.hashNew(ctx, wanted, by.Login, by.Name)
		if err != nil {
			return err
		}
		return s.keep(ctx, func(tx *store.Tx) error {
			if err := stillThere(tx, who); err != nil {
				return err
			}
			if err := accountName(name).clear(tx); err != nil {
				return err
			}
			return s.putPassword(tx, who.ID, hash, by)
		})
	})
}

func wrongCurrent(err error) error {
	if fault.From(err).Code != fault.SignedOut {
		return err
	}
	return invalid("The current password is not right.")
}

// SetPassword gives a user whom the caller manages a new password, or with "" none, and ends all their sessions but the
// one that asks. The last administrator's way in gives fault.Conflict.
func (s *Service) SetPassword(ctx context.Context, by *Caller, ref, wanted string) error {
	return s.attempt(ctx, by, Attempt{Operation: "set-password", Target: ref}, func(ctx context.Context) error {
		u, _, err := s.manage(ctx, by, ref)
		if err != nil {
			return err
		}
		if u.Kind != Person {
			return invalid("%s is a program's account: it has no password.", u.Login).WithHint("make it an API token")
		}
		if err := s.mayGivePassword(ctx, by, u, wanted); err != nil {
			return err
		}
		hash := ""
		if wanted != "" {
			if hash, err = s.hashNew(ctx, wanted, u.Login, u.Name); err != nil {
				return err
			}
		}
		_, err = s.changeUser(ctx, by, "set-password", u.ID, func(tx *store.Tx, u User) error { return s.putPassword(tx, u.ID, hash, by) })
		return err
	})
}

// mayGivePassword refuses a password for somebody who signs in through the provider to those who do not administer
// everything: it would go past the provider, and stay when its groups give more. Nobody's own session or token gives them
// another one without the current: it may be somebody else's by then.
func (s *Service) mayGivePassword(ctx context.Context, by *Caller, u User, wanted string) error {
	if by.Kind != ByLocal && by.UserID == u.ID {
		return denied(by, "set their own password without the current one").WithHint("change it in the profile, with the current one")
	}
	if !u.Linked || wanted == "" {
		return nil
	}
	rooted, err := s.atRoot(ctx, by, UsersWrite)
	if err == nil && !rooted {
		err = denied(by, "give a password to "+u.Login+", who signs in through the provider,")
	}
	return err
}

func (s *Service) putPassword(tx *store.Tx, userID, hash string, by *Caller) error {
	if _, err := tx.Exec("UPDATE users SET password = ?, password_changed_at = ? WHERE id = ?", hash, s.now().UnixMicro(), userID); err != nil {
		return err
	}
	return endOtherSessions(tx, userID, by)
}
