package access

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

// UserKind says whether an account is a person's or a program's.
type UserKind string

// The kinds of accounts.
const (
	Person  UserKind = "person"
	Program UserKind = "service" // has API tokens only and cannot sign in
)

// User is an account.
type User struct {
	ID          string     `json:"id"`
	Kind        UserKind   `json:"kind"`
	Login       string     `json:"login"`
	Name        string     `json:"name"`
	HasPassword bool       `json:"has_password"`
	Linked      bool       `json:"linked"` // signs in through the OpenID Connect provider
	Disabled    bool       `json:"disabled"`
	CreatedAt   time.Time  `json:"created_at"`
	SignedInAt  *time.Time `json:"signed_in_at,omitempty"`
	Grants      []Granted  `json:"grants"`
}

// Where a grant comes from.
const (
	Given      = "given"  // by a person
	FromGroups = "groups" // by the groups that the OpenID Connect provider tells, renewed at each sign-in
)

// Granted is a grant as it is shown.
type Granted struct {
	Grant
	Organisation string    `json:"organisation"` // its slug, "" of one that was purged
	Source       string    `json:"source"`
	GrantedBy    string    `json:"granted_by"`
	GrantedAt    time.Time `json:"granted_at"`
}

type userRow struct {
	ID         string        `db:"id"`
	Kind       string        `db:"kind"`
	Login      string        `db:"login"`
	Name       string        `db:"name"`
	Password   string        `db:"password"`
	Subject    string        `db:"subject"`
	DisabledAt sql.NullInt64 `db:"disabled_at"`
	CreatedAt  int64         `db:"created_at"`
	SignedInAt sql.NullInt64 `db:"signed_in_at"`
}

const selectUsers = "SELECT id, kind, login, name, password, subject, disabled_at, created_at, signed_in_at FROM users"

type grantRow struct {
	UserID         string `db:"user_id"`
	OrganisationID string `db:"organisation_id"`
	Source         string `db:"source"`
	Role           int    `db:"role"`
	GrantedBy      string `db:"granted_by"`
	GrantedAt      int64  `db:"granted_at"`
}

const selectGrants = "SELECT user_id, organisation_id, source, role, granted_by, granted_at FROM grants"

func (r userRow) user() User {
	u := User{ID: r.ID, Kind: UserKind(r.Kind), Login: r.Login, Name: r.Name, HasPassword: r.Password != "", Linked: r.Subject != "",
		Disabled: r.DisabledAt.Valid, CreatedAt: timeOf(r.CreatedAt), Grants: []Granted{}}
	if r.SignedInAt.Valid {
		at := timeOf(r.SignedInAt.Int64)
		u.SignedInAt = &at
	}
	return u
}

// selector reads rows, outside of a transaction or in it.
type selector func(dest any, query string, args ...any) error

func (s *Service) readers(ctx context.Context) selector {
	return func(dest any, query string, args ...any) error { return s.read(ctx, dest, query, args...) }
}

// loadUsers reads users with their grants; where is the end of the query, after WHERE.
func loadUsers(from selector, where string, args ...any) ([]User, error) {
	var rows []userRow
	if err := from(&rows, selectUsers+" WHERE "+where, args...); err != nil || len(rows) == 0 {
		return nil, err
	}
	byID := make(map[string]*User, len(rows))
	users, ids := make([]User, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		users[i], ids[i] = row.user(), row.ID
		byID[row.ID] = &users[i]
	}
	query, args, err := sqlx.In(selectGrants+" WHERE user_id IN (?) ORDER BY granted_at, organisation_id, source", ids)
	if err != nil {
		return nil, fault.From(err)
	}
	var grants []grantRow
	if err := from(&grants, query, args...); err != nil {
		return nil, err
	}
	for _, g := range grants {
		byID[g.UserID].Grants = append(byID[g.UserID].Grants, Granted{Grant: Grant{g.OrganisationID, Role(g.Role)}, Source: g.Source,
			GrantedBy: g.GrantedBy, GrantedAt: timeOf(g.GrantedAt)})
	}
	return users, nil
}

// Users gives the users that the caller may see, by login: all to those who may read users at the root, else those
// who have a grant within the caller's reach, with the grants that lie there.
func (s *Service) Users(ctx context.Context, by *Caller) ([]User, error) {
	if !by.MayAnywhere(Admin, UsersRead) {
		return nil, denied(by, "see users")
	}
	all, err := loadUsers(s.readers(ctx), "true")
	if err != nil {
		return nil, err
	}
	seen := []User{}
	for _, u := range all {
		shown, err := s.shown(ctx, by, u)
		switch {
		case err == nil:
			seen = append(seen, shown)
		case fault.From(err).Code != fault.Missing:
			return nil, err
		}
	}
	slices.SortFunc(seen, func(a, b User) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login)), strings.Compare(a.ID, b.ID))
	})
	return seen, nil
}

// User finds a user by id or login, as far as the caller may see them: themselves always. Others give fault.Missing.
func (s *Service) User(ctx context.Context, by *Caller, ref string) (User, error) {
	_, shown, err := s.findShown(ctx, by, ref)
	return shown, err
}

// findShown finds a user whom the caller may see: with all grants, and with those that the caller may see. Of others
// it says nothing that was not asked with, such as the login that belongs to an id.
func (s *Service) findShown(ctx context.Context, by *Caller, ref string) (u, shown User, err error) {
	if u, err = s.find(ctx, ref); err != nil {
		return User{}, User{}, err
	}
	if shown, err = s.shown(ctx, by, u); err != nil && fault.From(err).Code == fault.Missing {
		err = noUser(ref)
	}
	return u, shown, err
}

// find finds a user by id or login, whoever asks.
func (s *Service) find(ctx context.Context, ref string) (User, error) {
	users, err := loadUsers(s.readers(ctx), "id = ?", ref)
	if err != nil {
		return User{}, err
	}
	if len(users) == 0 {
		if _, key, err := tidyLogin(ref); err == nil {
			if users, err = loadUsers(s.readers(ctx), "login_key = ?", key); err != nil {
				return User{}, err
			}
		}
	}
	if len(users) == 0 {
		return User{}, noUser(ref)
	}
	return users[0], nil
}

func noUser(ref string) error {
	return fault.New(fault.Missing, "There is no user %q.", source.OneLine(shortened(ref))).WithHint("`gantry users list` shows those there are")
}

// shown gives a user with the grants that the caller may see, and fault.Missing where it may not see the user.
func (s *Service) shown(ctx context.Context, by *Caller, u User) (User, error) {
	rooted, err := s.atRoot(ctx, by, UsersRead)
	if err != nil {
		return User{}, err
	}
	self := by != nil && by.UserID == u.ID && u.ID != ""
	kept := []Granted{}
	for _, g := range u.Grants {
		org, path, err := s.organisation(ctx, g.OrganisationID)
		if err != nil {
			return User{}, err
		}
		if g.Organisation = org.Slug; rooted || self || by.May(Admin, UsersRead, path) {
			kept = append(kept, g)
		}
	}
	if !rooted && !self && len(kept) == 0 {
		return User{}, noUser(u.Login)
	}
	u.Grants = kept
	return u, nil
}

// organisation gives an organisation and its path; none and no path of one that was purged.
func (s *Service) organisation(ctx context.Context, id string) (org orgs.Organisation, path []string, err error) {
	org, err = s.orgs.ByID(ctx, id)
	if err == nil {
		path, err = s.orgs.Chain(ctx, id)
	}
	if err != nil && fault.From(err).Code == fault.Missing {
		return orgs.Organisation{}, nil, nil
	}
	return org, path, err
}

// atRoot tells whether the caller is an administrator of everything, by the scope.
func (s *Service) atRoot(ctx context.Context, by *Caller, scope Scope) (bool, error) {
	id, err := s.rootID(ctx)
	return err == nil && by.May(Admin, scope, []string{id}), err
}

// rootID gives the MSP's id, "" while there is none.
func (s *Service) rootID(ctx context.Context) (string, error) {
	root, err := s.orgs.Root(ctx)
	if err != nil && fault.From(err).Code == fault.Missing {
		return "", nil
	}
	return root.ID, err
}

// denied is the refusal of what the caller's role or scopes do not give.
func denied(by *Caller, what string) *fault.Error {
	if by == nil || by.Kind == "" || by.Kind == ByNone {
		return fault.New(fault.SignedOut, "Sign in to %s.", what)
	}
	f := fault.New(fault.Denied, "%s may not %s here.", by.shownName(), what)
	if by.Kind == ByToken {
		return f.WithHint("the token's scopes or its owner's role do not reach that far")
	}
	return f.WithHint("an administrator of the organisation can grant it")
}

func (c *Caller) shownName() string {
	if c.Kind == ByToken {
		return "The token " + c.TokenName
	}
	return c.Login
}
