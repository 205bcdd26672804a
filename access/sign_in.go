package access

import (
	"context"
	"time"

	"gantry/fault"
	"gantry/store"
)

// Origin is where a request comes from.
type Origin struct {
	Address string // the peer's IP address
	Browser string // what it says it is
}

// SignedIn is a session that has just begun. Secret is shown to the browser and to nobody else.
type SignedIn struct {
	Secret    SessionSecret
	SessionID string
	EndsAt    time.Time
	User      User
}

// refusedSignIn is the one answer to whatever is wrong with a sign-in: it does not tell who exists.
func refusedSignIn() error {
	return fault.New(fault.SignedOut, "The login and the password do not fit together, or the account is disabled.").
		WithHint("look at both again; an administrator can set a new password with `gantry users passwd`")
}

// account is what a sign-in is judged by; the zero value stands for an unknown login.
type account struct {
	ID       string `db:"id"`
	Login    string `db:"login"`
	Password string `db:"password"`
	Disabled bool   `db:"disabled"`
}

// SignIn begins a session for a user with a password. Unknown and disabled users, wrong passwords, and accounts
// without one all give the same fault.SignedOut after the same work. Too many failures give fault.RateLimited with
// RetryAfter, before the password is looked at.
func (s *Service) SignIn(ctx context.Context, from Origin, login, password string) (in SignedIn, err error) {
	err = s.attempt(ctx, &Caller{Kind: ByNone, From: from.Address}, Attempt{Operation: "sign-in"}, func(ctx context.Context) error {
		RecordOf(ctx).calls(&Caller{Kind: ByNone, From: from.Address})
		found, name, err := s.account(ctx, login)
		if err != nil {
			return err
		}
		RecordOf(ctx).Concerns("", found.shownLogin())
		renewed, err := s.checkPassword(ctx, found, password, accountName(name), addressName(from.Address))
		if fault.From(err) != nil && fault.From(err).Code == fault.RateLimited {
			RecordOf(ctx).markKept() // the failures that brought the pause are on record; this one cost nothing
		}
		if err != nil {
			return err
		}
		in, err = s.signIn(ctx, found, from, renewed)
		return err
	})
	return in, err
}

// shownLogin names the account in the audit log. What was typed and is no login of ours is not kept: it may be a
// password in the wrong field.
func (a account) shownLogin() string {
	if a.ID == "" {
		return "(unknown login)"
	}
	return a.Login
}

// account finds whom a login means, and the name under which its failures are counted, which every text has.
func (s *Service) account(ctx context.Context, login string) (account, string, error) {
	_, key, err := tidyLogin(login)
	if err != nil {
		key = "\x00" + login // no login: nobody has it, and its failures are counted all the same
	}
	var found []account
	err = s.read(ctx, &found, "SELECT id, login, password, disabled_at IS NOT NULL AS disabled FROM users WHERE login_key = ? AND kind = 'person'", key)
	if err != nil || len(found) == 0 {
		return account{}, key, err
	}
	return found[0], key, nil
}

// checkPassword compares a password within the bounds on failures, whose names are given. It gives a new hash where
// the old one was made at another cost.
func (s *Service) checkPassword(ctx context.Context, who account, password string, counters ...counter) (renewed string, err error) {
	if err := s.pausing(ctx, counters); err != nil {
		return "", err
	}
	h, err := s.hasher()
	if err != nil {
		return "", err
	}
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	if err := s.pausing(ctx, counters); err != nil { // those that waited together count, too
		return "", err
	}
	tidy, err := tidyPassword(password)
	hash := who.Password
	if err != nil {
		hash = "" // nobody has such a password
	}
	fits, stale := h.fits(tidy, hash)
	if !fits || who.Disabled {
		return "", s.failed(ctx, counters)
	}
	if stale {
		renewed, err = h.make(tidy)
	}
	return renewed, err
}

// failed counts a failure, with the entry in the audit log, and gives the refusal.
func (s *Service) failed(ctx context.Context, counters []counter) error {
	refusal := refusedSignIn()
	r := RecordOf(ctx)
	told := r.allowed()
	err := s.store.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		for _, c := range counters {
			if err := c.count(tx, s.now()); err != nil {
				return err
			}
		}
		if !told {
			return nil
		}
		return r.insert(tx, refusal)
	})
	if err != nil {
		return err
	}
	r.markKept()
	return refusal
}

// signIn begins the session of somebody who has shown who they are.
func (s *Service) signIn(ctx context.Context, who account, from Origin, renewed string) (in SignedIn, err error) {
	RecordOf(ctx).calls(&Caller{Kind: ByUser, UserID: who.ID, Login: who.Login, From: from.Address})
	err = s.keep(ctx, func(tx *store.Tx) error {
		if err := stillThere(tx, who); err != nil {
			return err
		}
		if renewed != "" {
			if _, err := tx.Exec("UPDATE users SET password = ? WHERE id = ?", renewed, who.ID); err != nil {
				return err
			}
		}
		_, key, err := tidyLogin(who.Login)
		if err == nil {
			err = accountName(key).clear(tx)
		}
		if err == nil {
			in, err = s.startSession(tx, who.ID, from)
		}
		return err
	})
	if err == nil {
		in.User, err = s.self(ctx, who.ID)
	}
	return in, err
}

// stillThere refuses a sign-in of somebody whose password was changed, or who was disabled or removed, meanwhile.
func stillThere(tx *store.Tx, who account) error {
	var found int
	err := tx.Get(&found, "SELECT count(*) FROM users WHERE id = ? AND password = ? AND disabled_at IS NULL", who.ID, who.Password)
	if err == nil && found == 0 {
		return refusedSignIn()
	}
	return err
}

// self gives a user as they see themselves.
func (s *Service) self(ctx context.Context, id string) (User, error) {
	return s.User(ctx, &Caller{Kind: ByUser, UserID: id}, id)
}

// SignOut ends the caller's session.
func (s *Service) SignOut(ctx context.Context, by *Caller) error {
	if by == nil || by.Kind != ByUser {
		return sessionOver()
	}
	return s.attempt(ctx, by, Attempt{Operation: "sign-out", Target: by.Login}, func(ctx context.Context) error {
		return s.keep(ctx, func(tx *store.Tx) error {
			_, err := tx.Exec("DELETE FROM sessions WHERE id = ? AND user_id = ?", by.SessionID, by.UserID)
			return err
		})
	})
}

// calls says who it is that acts, once that is known.
func (r *Record) calls(by *Caller) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.by = by
}
