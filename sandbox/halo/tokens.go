package halo

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// principal is who a request acts as: an application logged in as an agent, with what both were allowed when
// the token was made.
type principal struct {
	app     *Application
	scopes  []string
	rights  [][]string // further lists of scopes that must allow it, too: the agent's permissions
	clients []int64    // that the agent may use; all when nil
}

// may tells whether both the token's scopes and the agent's permissions allow it.
func (p principal) may(area string, edit bool) bool {
	for _, rights := range p.rights {
		if !permits(rights, area, edit) {
			return false
		}
	}
	return permits(p.scopes, area, edit)
}

type grant struct {
	principal
	scope   string // as asked for
	expires time.Time
}

// tokenStore keeps the tokens that were given out. Permissions are baked in when a token is made.
type tokenStore struct {
	mu      sync.Mutex
	access  map[string]grant
	refresh map[string]grant
}

func newTokenStore() *tokenStore {
	return &tokenStore{access: map[string]grant{}, refresh: map[string]grant{}}
}

const refreshLifetime = 14 * 24 * time.Hour

// issue makes an access and a refresh token.
func (t *tokenStore) issue(g grant, now time.Time, lifetime time.Duration) (access, refresh string) {
	access, refresh = newToken(g.app, now, lifetime), newToken(g.app, now, refreshLifetime)
	t.mu.Lock()
	defer t.mu.Unlock()
	expired := func(_ string, old grant) bool { return !now.Before(old.expires) }
	maps.DeleteFunc(t.access, expired)
	maps.DeleteFunc(t.refresh, expired)
	g.expires = now.Add(lifetime)
	t.access[access] = g
	g.expires = now.Add(refreshLifetime)
	t.refresh[refresh] = g
	return access, refresh
}

func (t *tokenStore) find(token string, now time.Time) (grant, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, ok := t.access[token]
	return g, ok && now.Before(g.expires)
}

// redeem takes a refresh token out of use and gives what it stood for.
func (t *tokenStore) redeem(token, clientID string, now time.Time) (grant, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g, ok := t.refresh[token]
	if !ok || g.app.ClientID != clientID || !now.Before(g.expires) {
		return grant{}, false
	}
	delete(t.refresh, token)
	return g, true
}

// The kinds of tokens.
const (
	tokenAccess  = "access"
	tokenRefresh = "refresh"
)

// revoke makes every token invalid.
func (t *tokenStore) revoke() { t.revokeWhere(func(string, grant) bool { return true }) }

// revokeWhere makes the tokens invalid that a test picks, and tells how many.
func (t *tokenStore) revokeWhere(picks func(kind string, g grant) bool) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := len(t.access) + len(t.refresh)
	maps.DeleteFunc(t.access, func(_ string, g grant) bool { return picks(tokenAccess, g) })
	maps.DeleteFunc(t.refresh, func(_ string, g grant) bool { return picks(tokenRefresh, g) })
	return before - len(t.access) - len(t.refresh)
}

// tokenInfo is what may be told of a token.
type tokenInfo struct {
	Kind     string    `json:"kind"`
	ClientID string    `json:"client_id"`
	Agent    int64     `json:"agent_id"`
	Scope    string    `json:"scope"`
	Expires  time.Time `json:"expires"`
}

// list tells of the tokens that are good now, those that expire first in front.
func (t *tokenStore) list(now time.Time) []tokenInfo {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := []tokenInfo{}
	for kind, tokens := range map[string]map[string]grant{tokenAccess: t.access, tokenRefresh: t.refresh} {
		for _, g := range tokens {
			if now.Before(g.expires) {
				all = append(all, tokenInfo{kind, g.app.ClientID, g.app.AgentID, g.scope, g.expires})
			}
		}
	}
	slices.SortFunc(all, func(a, b tokenInfo) int {
		return cmp.Or(a.Expires.Compare(b.Expires), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ClientID, b.ClientID))
	})
	return all
}

// newToken looks like a JWT (three parts, readable claims) because some clients show them; it is only ever
// looked up. The last part is random.
func newToken(app *Application, now time.Time, lifetime time.Duration) string {
	part := base64.RawURLEncoding.EncodeToString
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	claims := fmt.Sprintf(`{"client_id":%s,"iat":%d,"exp":%d}`, appendText(nil, app.ClientID), now.Unix(), now.Add(lifetime).Unix())
	return part([]byte(`{"alg":"RS256","typ":"at+jwt"}`)) + "." + part([]byte(claims)) + "." + part(secret)
}
