package access

import (
	"context"
	"database/sql"
	"slices"
	"strconv"

	"gantry/fault"
	"gantry/source"
	"gantry/store"
)

// NewUser is what AddUser needs.
type NewUser struct {
	Kind     UserKind // Person unless said otherwise
	Login    string   // an e-mail address or a short name
	Name     string   // as people read it; the login unless said otherwise
	Password string   // "" for those who sign in through the OpenID Connect provider, and for programs
	Grants   []Grant
}

// prepared is a new user that was checked, with the password hashed.
type prepared struct {
	NewUser
	id, key, hash string
}

// AddUser adds a user with grants, each of which the caller must be an administrator for. One who administers only
// part of the tree must give at least one. A login that is taken gives fault.Exists.
func (s *Service) AddUser(ctx context.Context, by *Caller, wanted NewUser) (user User, err error) {
	err = s.attempt(ctx, by, Attempt{Operation: "add-user", Target: wanted.Login}, func(ctx context.Context) error {
		if err := s.mayAdd(ctx, by, wanted.Grants); err != nil {
			return err
		}
		ready, err := s.prepare(ctx, wanted)
		if err != nil {
			return err
		}
		s.noteGrants(ctx, ready.Grants)
		err = s.keep(ctx, func(tx *store.Tx) error { return s.insertUser(tx, ready, by.who()) })
		if err == nil {
			user, err = s.User(ctx, by, ready.id)
		}
		return err
	})
	return user, err
}

func (s *Service) mayAdd(ctx context.Context, by *Caller, grants []Grant) error {
	for _, g := range grants {
		if err := s.mayGrant(ctx, by, g); err != nil {
			return err
		}
	}
	rooted, err := s.atRoot(ctx, by, UsersWrite)
	if err != nil || rooted {
		return err
	}
	if !by.MayAnywhere(Admin, UsersWrite) {
		return denied(by, "add users")
	}
	if len(grants) == 0 {
		return invalid("A new user needs a role over an organisation that you administer.").WithHint("name the role and the organisation")
	}
	return nil
}

// prepare checks a new user and hashes the password.
func (s *Service) prepare(ctx context.Context, wanted NewUser) (prepared, error) {
	ready := prepared{NewUser: wanted, id: newID()}
	var err error
	if ready.Login, ready.key, err = tidyLogin(wanted.Login); err != nil {
		return ready, err
	}
	if ready.Name == "" {
		ready.Name = ready.Login
	}
	if ready.Name, err = tidyName("user", ready.Name, maxName); err != nil {
		return ready, err
	}
	switch ready.Kind {
	case "":
		ready.Kind = Person
	case Person:
	case Program:
		if wanted.Password != "" {
			return ready, invalid("A program's account has no password.").WithHint("make it an API token")
		}
	default:
		return ready, invalid("%q is no kind of user: it is person or service.", source.OneLine(shortened(string(ready.Kind))))
	}
	if wanted.Password != "" {
		ready.hash, err = s.hashNew(ctx, wanted.Password, ready.Login, ready.Name)
	}
	ready.Password = ""
	return ready, err
}

// hashNew checks and hashes a password that is being chosen.
func (s *Service) hashNew(ctx context.Context, password, login, name string) (string, error) {
	tidy, err := newPassword(password, login, name)
	if err != nil {
		return "", err
	}
	h, err := s.hasher()
	if err != nil {
		return "", err
	}
	return h.hash(ctx, tidy)
}

func (s *Service) insertUser(tx *store.Tx, u prepared, grantedBy string) error {
	at := s.now().UnixMicro()
	var changed any
	if u.hash != "" {
		changed = at
	}
	_, err := tx.Exec(`INSERT INTO users (id, kind, login, login_key, name, password, password_changed_at, issuer, subject, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, '', '', ?)`, u.id, string(u.Kind), u.Login, u.key, u.Name, u.hash, changed, at)
	if store.IsUnique(err) {
		return fault.New(fault.Exists, "There is a user %q already.", u.Login).WithHint("choose another login, or grant that user the role")
	}
	for _, g := range u.Grants {
		if err == nil {
			err = putGrant(tx, u.id, g, Given, grantedBy, at)
		}
	}
	return err
}

// manage finds a user whom the caller may change: an administrator of everything may change all, one of a part of
// the tree those all of whose grants lie there. verify is to be called in the transaction of the change: it refuses
// when the grants have changed since.
func (s *Service) manage(ctx context.Context, by *Caller, ref string) (u User, verify func(tx *store.Tx) error, err error) {
	if u, _, err = s.findShown(ctx, by, ref); err != nil {
		return User{}, nil, err
	}
	rooted, err := s.atRoot(ctx, by, UsersWrite)
	if err != nil {
		return User{}, nil, err
	}
	for _, g := range u.Grants {
		_, path, err := s.organisation(ctx, g.OrganisationID)
		if err != nil {
			return User{}, nil, err
		}
		if !rooted && !by.May(Admin, UsersWrite, path) {
			return User{}, nil, denied(by, "change "+u.Login+", who has roles beyond yours,")
		}
	}
	if !rooted && len(u.Grants) == 0 {
		return User{}, nil, denied(by, "change "+u.Login)
	}
	RecordOf(ctx).Concerns("", u.Login)
	return u, func(tx *store.Tx) error { return unchanged(tx, u) }, nil
}

// unchanged refuses a change of a user who has been removed or has other grants than when the caller was judged.
func unchanged(tx *store.Tx, u User) error {
	now, err := loadUsers(tx.Select, "id = ?", u.ID)
	if err != nil {
		return err
	}
	if len(now) == 0 {
		return noUser(u.Login)
	}
	if !slices.EqualFunc(now[0].Grants, u.Grants, func(a, b Granted) bool { return a.Grant == b.Grant && a.Source == b.Source }) {
		return fault.New(fault.Conflict, "Somebody has just changed what is granted to %s.", u.Login).WithHint("look again, and repeat it if it is still meant")
	}
	return nil
}

// UserChanges are changes of a user; nil leaves what it is.
type UserChanges struct {
	Login, Name *string
	Disabled    *bool // keeps the user out, at once: sessions end, and no token works
}

// Disable keeps a user out, at once, or lets them in again. The last administrator gives fault.Conflict.
func (s *Service) Disable(ctx context.Context, by *Caller, ref string, disabled bool) (User, error) {
	return s.ChangeUser(ctx, by, ref, UserChanges{Disabled: &disabled})
}

// RenameUser gives a user another login, another name, or both; nil leaves it.
func (s *Service) RenameUser(ctx context.Context, by *Caller, ref string, login, name *string) (User, error) {
	return s.ChangeUser(ctx, by, ref, UserChanges{Login: login, Name: name})
}

// ChangeUser changes a user whom the caller manages. A login that is taken gives fault.Exists, keeping out the last
// administrator fault.Conflict.
func (s *Service) ChangeUser(ctx context.Context, by *Caller, ref string, c UserChanges) (user User, err error) {
	a := Attempt{Operation: "change-user", Target: ref, Details: map[string]string{}}
	if c.Disabled != nil {
		a.Details["disabled"] = strconv.FormatBool(*c.Disabled)
	}
	if c.Login != nil {
		a.Details["login"] = *c.Login
	}
	err = s.attempt(ctx, by, a, func(ctx context.Context) error {
		user, err = s.changeUser(ctx, by, a.Operation, ref, func(tx *store.Tx, u User) error {
			if c.Disabled != nil {
				if err := s.disable(tx, u, *c.Disabled); err != nil {
					return err
				}
			}
			return rename(tx, u, c)
		})
		return err
	})
	return user, err
}

func (s *Service) disable(tx *store.Tx, u User, disabled bool) error {
	var at sql.NullInt64
	if disabled {
		at = sql.NullInt64{Int64: s.now().UnixMicro(), Valid: true}
		if _, err := tx.Exec("DELETE FROM sessions WHERE user_id = ?", u.ID); err != nil {
			return err
		}
	}
	_, err := tx.Exec("UPDATE users SET disabled_at = ? WHERE id = ?", at, u.ID)
	return err
}

func rename(tx *store.Tx, u User, c UserChanges) (err error) {
	key := ""
	if c.Login != nil {
		if u.Login, key, err = tidyLogin(*c.Login); err != nil {
			return err
		}
	}
	if c.Name != nil {
		if u.Name, err = tidyName("user", *c.Name, maxName); err != nil {
			return err
		}
	}
	_, err = tx.Exec("UPDATE users SET login = ?, login_key = coalesce(nullif(?, ''), login_key), name = ? WHERE id = ?", u.Login, key, u.Name, u.ID)
	if store.IsUnique(err) {
		return fault.New(fault.Exists, "There is a user %q already.", u.Login).WithHint("choose another login")
	}
	return err
}

// RemoveUser removes a user with their grants, sessions and tokens. The audit log keeps the name. The last
// administrator gives fault.Conflict.
func (s *Service) RemoveUser(ctx context.Context, by *Caller, ref string) error {
	_, err := s.changeUser(ctx, by, "remove-user", ref, func(tx *store.Tx, u User) error {
		for _, statement := range []string{"DELETE FROM grants WHERE user_id = ?", "DELETE FROM sessions WHERE user_id = ?",
			"DELETE FROM tokens WHERE user_id = ?", "DELETE FROM users WHERE id = ?"} {
			if _, err := tx.Exec(statement, u.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// changeUser changes a user whom the caller may manage, never so that nobody is left who administers everything.
func (s *Service) changeUser(ctx context.Context, by *Caller, operation, ref string, change func(*store.Tx, User) error) (user User, err error) {
	err = s.attempt(ctx, by, Attempt{Operation: operation, Target: ref}, func(ctx context.Context) error {
		u, verify, err := s.manage(ctx, by, ref)
		if err != nil {
			return err
		}
		root, err := s.rootID(ctx)
		if err != nil {
			return err
		}
		err = s.keep(ctx, func(tx *store.Tx) error {
			if err := verify(tx); err != nil {
				return err
			}
			return keepingAdministrator(tx, root, func() error { return change(tx, u) })
		})
		if err == nil && operation != "remove-user" {
			user, err = s.User(ctx, by, u.ID)
		}
		return err
	})
	return user, err
}

// who is the caller's name for what is kept.
func (c *Caller) who() string {
	switch {
	case c == nil || c.Login == "":
		return string(ByNone)
	case c.Kind == ByToken:
		return c.Login + " (token " + c.TokenName + ")"
	case c.Kind == ByLocal:
		return c.Login + " (on the server)"
	}
	return c.Login
}
