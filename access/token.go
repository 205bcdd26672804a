package access

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"gantry/fault"
	"gantry/store"
)

// Token is an API token as it is shown: never the token itself.
type Token struct {
	ID             string     `json:"id"`
	Owner          string     `json:"owner"` // the login of whom it belongs to
	Name           string     `json:"name"`
	Ending         string     `json:"ending"` // the last four characters of the token
	Scopes         []Scope    `json:"scopes"`
	Role           Role       `json:"role,omitempty"`            // the most it may; none where its owner's roles alone limit it
	OrganisationID string     `json:"organisation_id,omitempty"` // it reaches only this one and what is below, "" for all its owner reaches
	Organisation   string     `json:"organisation,omitempty"`    // the slug of that
	CreatedBy      string     `json:"created_by"`
	CreatedAt      time.Time  `json:"created_at"`
	ExpiresAt      *time.Time `json:"expires_at"` // null: never
	UsedAt         *time.Time `json:"used_at"`    // to the minute
	UsedFrom       string     `json:"used_from"`
}

// NewToken is what AddToken needs.
type NewToken struct {
	Name           string
	Scopes         []Scope
	Role           Role          // the most it may; none limits nothing
	OrganisationID string        // reaches only this one and what is below; "" limits nothing
	For            time.Duration // how long it holds; 0: Limits.TokenDefault
	Never          bool          // it never expires, which only an administrator of all that it reaches may say
}

type tokenRow struct {
	ID             string        `db:"id"`
	UserID         string        `db:"user_id"`
	Name           string        `db:"name"`
	Ending         string        `db:"ending"`
	Scopes         string        `db:"scopes"`
	Role           int           `db:"role"`
	OrganisationID string        `db:"organisation_id"`
	CreatedBy      string        `db:"created_by"`
	CreatedAt      int64         `db:"created_at"`
	ExpiresAt      sql.NullInt64 `db:"expires_at"`
	UsedAt         sql.NullInt64 `db:"used_at"`
	UsedFrom       string        `db:"used_from"`
}

const selectTokens = `SELECT id, user_id, name, ending, scopes, role, organisation_id, created_by, created_at, expires_at, used_at, used_from
	FROM tokens`

func (r tokenRow) scopes() (scopes []Scope) {
	for _, name := range strings.Fields(r.Scopes) {
		scopes = append(scopes, Scope(name))
	}
	return scopes
}

func (r tokenRow) token(owner User, organisation string) Token {
	return Token{ID: r.ID, Owner: owner.Login, Name: r.Name, Ending: r.Ending, Scopes: r.scopes(), Role: Role(r.Role),
		OrganisationID: r.OrganisationID, Organisation: organisation, CreatedBy: r.CreatedBy, CreatedAt: timeOf(r.CreatedAt),
		ExpiresAt: timeOrNil(r.ExpiresAt), UsedAt: timeOrNil(r.UsedAt), UsedFrom: r.UsedFrom}
}

func timeOrNil(micros sql.NullInt64) *time.Time {
	if !micros.Valid {
		return nil
	}
	at := timeOf(micros.Int64)
	return &at
}

// AddToken makes an API token for the caller themselves or for a user they manage. The text is given this once. What
// it may is what its owner may at each moment, and of that no more than it says.
func (s *Service) AddToken(ctx context.Context, by *Caller, ref string, wanted NewToken) (text TokenText, token Token, err error) {
	err = s.attempt(ctx, by, Attempt{Operation: "add-token", Target: ref, OrganisationID: wanted.OrganisationID}, func(ctx context.Context) error {
		if by != nil && by.Kind == ByToken {
			return denied(by, "make tokens, as a token itself,")
		}
		owner, err := s.selfOrManaged(ctx, by, ref)
		if err != nil {
			return err
		}
		row, err := s.newToken(ctx, by, owner, wanted)
		if err != nil {
			return err
		}
		text = newTokenText()
		row.Ending = text.ending()
		RecordOf(ctx).Concerns("", owner.Login+"/"+row.Name)
		RecordOf(ctx).Detail("scopes", row.Scopes)
		if err := s.keep(ctx, func(tx *store.Tx) error { return insertToken(tx, row, text) }); err != nil {
			return err
		}
		org, _, err := s.organisation(ctx, row.OrganisationID)
		token = row.token(owner, org.Slug)
		return err
	})
	return text, token, err
}

// newToken checks what is wanted of a token.
func (s *Service) newToken(ctx context.Context, by *Caller, owner User, wanted NewToken) (tokenRow, error) {
	row := tokenRow{ID: newID(), UserID: owner.ID, Role: int(wanted.Role), OrganisationID: wanted.OrganisationID, CreatedBy: by.who(),
		CreatedAt: s.now().UnixMicro()}
	var err error
	if row.Name, err = tidyName("token", wanted.Name, maxTokenName); err != nil {
		return row, err
	}
	var names []string
	for _, scope := range wanted.Scopes {
		names = append(names, string(scope))
	}
	scopes, err := ParseScopes(names)
	if err != nil {
		return row, err
	}
	for i, scope := range scopes {
		names[i] = string(scope)
	}
	row.Scopes = strings.Join(names[:len(scopes)], " ")
	if wanted.Role < 0 || wanted.Role > Admin {
		return row, invalid("The token's role is none that there is.")
	}
	if wanted.OrganisationID != "" {
		reached, err := s.narrowed(ctx, owner.grants(), Grant{OrganisationID: wanted.OrganisationID})
		if err != nil {
			return row, err
		}
		if len(reached) == 0 {
			return row, fault.New(fault.Missing, "%s has no role over that organisation.", owner.Login).WithHint("grant one first")
		}
	}
	if err := s.staysBelow(ctx, by, owner, wanted.OrganisationID); err != nil {
		return row, err
	}
	row.ExpiresAt, err = s.expiry(ctx, by, owner, wanted)
	return row, err
}

// staysBelow refuses a token for somebody else that could come to reach further than who makes it administers: what its
// owner is granted later, it gets too.
func (s *Service) staysBelow(ctx context.Context, by *Caller, owner User, organisationID string) error {
	if by.UserID == owner.ID {
		return nil
	}
	rooted, err := s.atRoot(ctx, by, UsersWrite)
	if err != nil || rooted {
		return err
	}
	if organisationID == "" {
		return invalid("A token for somebody else needs to say over which organisation it reaches.").WithHint("name one that you administer")
	}
	_, path, err := s.organisation(ctx, organisationID)
	if err == nil && !by.May(Admin, UsersWrite, path) {
		err = denied(by, "make tokens for others")
	}
	return err
}

// expiry gives when a new token expires; none where it never does.
func (s *Service) expiry(ctx context.Context, by *Caller, owner User, wanted NewToken) (at sql.NullInt64, err error) {
	if wanted.Never {
		return at, s.mayNever(ctx, by, owner, wanted)
	}
	hold := wanted.For
	if hold == 0 {
		hold = s.limits.TokenDefault
	}
	if hold < time.Minute || hold > s.limits.TokenMost {
		return at, invalid("A token holds between a minute and %d days.", int(s.limits.TokenMost/day)).
			WithHint("an administrator can make one that never expires, in so many words")
	}
	return sql.NullInt64{Int64: s.now().Add(hold).UnixMicro(), Valid: true}, nil
}

// mayNever refuses a token without end to those who do not administer all that it reaches.
func (s *Service) mayNever(ctx context.Context, by *Caller, owner User, wanted NewToken) error {
	reached, err := s.narrowed(ctx, owner.grants(), Grant{wanted.OrganisationID, wanted.Role})
	if err != nil {
		return err
	}
	rooted, err := s.atRoot(ctx, by, UsersWrite)
	if err != nil || rooted {
		return err
	}
	for _, g := range reached {
		_, path, err := s.organisation(ctx, g.OrganisationID)
		if err != nil {
			return err
		}
		if !by.May(Admin, UsersWrite, path) {
			return denied(by, "make a token that never expires")
		}
	}
	if len(reached) == 0 {
		return denied(by, "make a token that never expires")
	}
	return nil
}

func insertToken(tx *store.Tx, r tokenRow, text TokenText) error {
	if err := there(tx, User{ID: r.UserID}); err != nil {
		return err
	}
	_, err := tx.Exec(`INSERT INTO tokens (hash, id, user_id, name, ending, scopes, role, organisation_id, created_by, created_at, expires_at, used_from)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')`, digest(string(text)), r.ID, r.UserID, r.Name, r.Ending, r.Scopes, r.Role,
		r.OrganisationID, r.CreatedBy, r.CreatedAt, r.ExpiresAt)
	if store.IsUnique(err) {
		return fault.New(fault.Exists, "There is a token %q of that user already.", r.Name).WithHint("choose another name, or revoke that one first")
	}
	return err
}

// Tokens gives the tokens of a user whom the caller is or manages, also those that have expired, the newest first.
func (s *Service) Tokens(ctx context.Context, by *Caller, ref string) ([]Token, error) {
	owner, err := s.selfOrManaged(ctx, by, ref)
	if err != nil {
		return nil, err
	}
	var rows []tokenRow
	if err := s.read(ctx, &rows, selectTokens+" WHERE user_id = ? ORDER BY created_at DESC, id DESC", owner.ID); err != nil {
		return nil, err
	}
	tokens := []Token{}
	for _, row := range rows {
		org, _, err := s.organisation(ctx, row.OrganisationID)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, row.token(owner, org.Slug))
	}
	return tokens, nil
}

// RevokeToken ends a token, named by its id or its name, of a user whom the caller is or manages. A token may end itself.
func (s *Service) RevokeToken(ctx context.Context, by *Caller, ref, token string) error {
	return s.attempt(ctx, by, Attempt{Operation: "revoke-token", Target: ref}, func(ctx context.Context) error {
		find := s.selfOrManaged
		if by != nil && by.Kind == ByToken && by.UserID == ref && by.TokenID == token {
			find = func(ctx context.Context, _ *Caller, ref string) (User, error) { return s.find(ctx, ref) }
		}
		owner, err := find(ctx, by, ref)
		if err != nil {
			return err
		}
		RecordOf(ctx).Concerns("", owner.Login+"/"+token)
		return s.keep(ctx, func(tx *store.Tx) error {
			result, err := tx.Exec("DELETE FROM tokens WHERE user_id = ? AND id = ?", owner.ID, token)
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err != nil || n > 0 {
				return err // one that is called like another's id stays
			}
			result, err = tx.Exec("DELETE FROM tokens WHERE user_id = ? AND name = ?", owner.ID, token)
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err != nil || n == 0 {
				return fault.New(fault.Missing, "%s has no such token.", owner.Login).WithHint("`gantry tokens list` shows those there are")
			}
			return nil
		})
	})
}
