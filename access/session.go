package access

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"gantry/fault"
	"gantry/store"
)

// SessionSecret is what a browser shows: 256 random bits in base64url, 43 characters. Only its digest is kept.
type SessionSecret string

func newSessionSecret() SessionSecret {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // never fails: it ends the program instead
	return SessionSecret(base64.RawURLEncoding.EncodeToString(raw[:]))
}

// ParseSessionSecret reads the secret from a cookie; ok is false for anything that cannot be one.
func ParseSessionSecret(text string) (secret SessionSecret, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != 32 || len(text) != 43 { // the decoder passes over line breaks
		return "", false
	}
	return SessionSecret(text), true
}

// String keeps the secret out of logs.
func (SessionSecret) String() string { return "[session]" }

// Session is one sign-in that still holds.
type Session struct {
	ID        string    `json:"id"`
	CreatedAt time.Time `json:"created_at"`
	UsedAt    time.Time `json:"used_at"` // to the minute
	EndsAt    time.Time `json:"ends_at"` // at the latest; before that when it is not used
	Address   string    `json:"address"`
	Browser   string    `json:"browser"`
	Current   bool      `json:"current"` // the one that asks
}

// mostSessions bounds the sessions of a user; the one that was used least recently goes first.
const mostSessions = 50

// usedEvery is how often the use of a session or token is written.
const usedEvery = time.Minute

// startSession writes a new session.
func (s *Service) startSession(tx *store.Tx, userID string, from Origin) (SignedIn, error) {
	in := SignedIn{Secret: newSessionSecret(), SessionID: newID(), EndsAt: s.now().Add(s.limits.SessionTotal)}
	at := s.now().UnixMicro()
	_, err := tx.Exec("INSERT INTO sessions (hash, id, user_id, created_at, used_at, ends_at, address, browser) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		digest(string(in.Secret)), in.SessionID, userID, at, at, in.EndsAt.UnixMicro(), brief(from.Address, maxTarget), brief(from.Browser, maxTarget))
	if err == nil {
		_, err = tx.Exec(`DELETE FROM sessions WHERE user_id = ? AND hash NOT IN
			(SELECT hash FROM sessions WHERE user_id = ? ORDER BY used_at DESC, id DESC LIMIT ?)`, userID, userID, mostSessions)
	}
	if err == nil {
		_, err = tx.Exec("UPDATE users SET signed_in_at = ? WHERE id = ?", at, userID)
	}
	return in, err
}

type sessionRow struct {
	ID        string `db:"id"`
	UserID    string `db:"user_id"`
	CreatedAt int64  `db:"created_at"`
	UsedAt    int64  `db:"used_at"`
	EndsAt    int64  `db:"ends_at"`
	Address   string `db:"address"`
	Browser   string `db:"browser"`
}

const selectSessions = "SELECT id, user_id, created_at, used_at, ends_at, address, browser FROM sessions"

// live tells whether a session holds at the moment.
func (r sessionRow) live(at time.Time, idle time.Duration) bool {
	return at.Before(timeOf(r.EndsAt)) && at.Before(timeOf(r.UsedAt).Add(idle))
}

// BySession gives the caller whose session a browser shows, as they may act now. One that has ended, or whose user
// is disabled, gives fault.SignedOut.
func (s *Service) BySession(ctx context.Context, secret SessionSecret, from Origin) (*Caller, error) {
	return s.bySession(ctx, from, "hash = ?", digest(string(secret)))
}

func (s *Service) bySession(ctx context.Context, from Origin, where, value string) (*Caller, error) {
	var rows []sessionRow
	if err := s.read(ctx, &rows, selectSessions+" WHERE "+where, value); err != nil {
		return nil, err
	}
	if len(rows) == 0 || !rows[0].live(s.now(), s.limits.SessionIdle) {
		return nil, sessionOver()
	}
	row := rows[0]
	u, err := s.enabled(ctx, row.UserID)
	if err != nil {
		return nil, err
	}
	if s.now().Sub(timeOf(row.UsedAt)) >= usedEvery {
		s.used("UPDATE sessions SET used_at = ? WHERE id = ? AND used_at <= ?", row.ID)
	}
	return &Caller{Kind: ByUser, UserID: u.ID, Login: u.Login, Name: u.Name, From: from.Address, SessionID: row.ID, grants: u.grants()}, nil
}

// used notes the use of a session or token, without anybody waiting for it. values come before its id and the time
// from which on a use is written again.
func (s *Service) used(statement string, values ...any) {
	if s.store.ReadOnly() {
		return
	}
	at := s.now()
	values = append([]any{at.UnixMicro()}, append(values, at.Add(-usedEvery).UnixMicro())...)
	s.store.Submit(func(tx *store.Tx) error {
		_, err := tx.Exec(statement, values...)
		return err
	}, nil)
}

// enabled gives a user who may act.
func (s *Service) enabled(ctx context.Context, id string) (User, error) {
	users, err := loadUsers(s.readers(ctx), "id = ? AND disabled_at IS NULL", id)
	if err != nil {
		return User{}, err
	}
	if len(users) == 0 {
		return User{}, sessionOver()
	}
	return users[0], nil
}

// grants gives what counts of a user's grants.
func (u User) grants() []Grant {
	var grants []Grant
	for _, g := range u.Grants {
		grants = append(grants, g.Grant)
	}
	return grants
}

func sessionOver() error {
	return fault.New(fault.SignedOut, "You are not signed in, or no longer.").WithHint("sign in again")
}

// Refresh gives a caller as it may act now, for requests that last long. What no longer holds gives
// fault.SignedOut.
func (s *Service) Refresh(ctx context.Context, c *Caller) (*Caller, error) {
	switch {
	case c == nil:
		return nil, sessionOver()
	case c.Kind == ByLocal:
		return c, nil
	case c.Kind == ByUser:
		return s.bySession(ctx, Origin{Address: c.From}, "id = ?", c.SessionID)
	case c.Kind == ByToken:
		return s.byToken(ctx, Origin{Address: c.From}, "id = ?", c.TokenID)
	}
	return nil, sessionOver()
}

// Sessions gives the live sessions of a user whom the caller is or manages, the last used first.
func (s *Service) Sessions(ctx context.Context, by *Caller, ref string) ([]Session, error) {
	u, err := s.selfOrManaged(ctx, by, ref)
	if err != nil {
		return nil, err
	}
	var rows []sessionRow
	if err := s.read(ctx, &rows, selectSessions+" WHERE user_id = ? ORDER BY used_at DESC, id DESC", u.ID); err != nil {
		return nil, err
	}
	sessions := []Session{}
	for _, r := range rows {
		if r.live(s.now(), s.limits.SessionIdle) {
			sessions = append(sessions, Session{ID: r.ID, CreatedAt: timeOf(r.CreatedAt), UsedAt: timeOf(r.UsedAt), EndsAt: timeOf(r.EndsAt),
				Address: r.Address, Browser: r.Browser, Current: r.ID == by.SessionID})
		}
	}
	return sessions, nil
}

// selfOrManaged finds a user: the caller themselves with a session or on this machine, or one they manage.
func (s *Service) selfOrManaged(ctx context.Context, by *Caller, ref string) (User, error) {
	u, err := s.find(ctx, ref)
	if err != nil {
		return User{}, err
	}
	if by != nil && by.Kind == ByUser && by.UserID == u.ID {
		return u, nil
	}
	u, _, err = s.manage(ctx, by, ref)
	return u, err
}

// EndSession ends one session of a user whom the caller is or manages.
func (s *Service) EndSession(ctx context.Context, by *Caller, ref, sessionID string) error {
	return s.attempt(ctx, by, Attempt{Operation: "end-session", Target: ref}, func(ctx context.Context) error {
		u, err := s.selfOrManaged(ctx, by, ref)
		if err != nil {
			return err
		}
		return s.keep(ctx, func(tx *store.Tx) error {
			result, err := tx.Exec("DELETE FROM sessions WHERE user_id = ? AND id = ?", u.ID, sessionID)
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err != nil || n == 0 {
				return fault.New(fault.Missing, "%s has no such session: it may have ended meanwhile.", u.Login)
			}
			return nil
		})
	})
}

// EndOtherSessions ends all sessions of a user whom the caller is or manages, but the one that asks.
func (s *Service) EndOtherSessions(ctx context.Context, by *Caller, ref string) error {
	return s.attempt(ctx, by, Attempt{Operation: "end-sessions", Target: ref}, func(ctx context.Context) error {
		u, err := s.selfOrManaged(ctx, by, ref)
		if err != nil {
			return err
		}
		return s.keep(ctx, func(tx *store.Tx) error { return endOtherSessions(tx, u.ID, by) })
	})
}

func endOtherSessions(tx *store.Tx, userID string, by *Caller) error {
	_, err := tx.Exec("DELETE FROM sessions WHERE user_id = ? AND id <> ?", userID, by.SessionID)
	return err
}
