package access_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gantry/access"
)

// TestReach compares what callers may with a model of it: a tree that is moved about, grants that come and go, and a
// token that is narrower than its owner.
func TestReach(t *testing.T) {
	b := setup(t)
	owner := b.user(t, "owner@example.com", access.Viewer, b.msp)
	b.user(t, "keeper@example.com", access.Admin, b.msp) // there is always an administrator
	parents := map[string]string{b.msp.ID: "", b.contoso.ID: b.msp.ID, b.labs.ID: b.contoso.ID, b.northern.ID: b.msp.ID}
	for i := range 6 {
		org := b.create(t, fmt.Sprintf("client-%d", i), "")
		parents[org.ID] = b.msp.ID
	}
	var ids []string
	for id := range parents {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	granted := map[string]access.Role{b.msp.ID: access.Viewer}
	_, in := b.signIn(t, "owner@example.com")
	chain := func(id string) (up []string) {
		for ; id != ""; id = parents[id] {
			up = append(up, id)
		}
		return up
	}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		switch id := rapid.SampledFrom(ids).Draw(rt, "organisation"); rapid.SampledFrom([]string{"move", "grant", "revoke"}).Draw(rt, "change") {
		case "move":
			to := rapid.SampledFrom(ids).Draw(rt, "to")
			if _, err := b.tree.Move(ctx, id, to); err == nil {
				parents[id] = to
			}
		case "grant":
			role := rapid.SampledFrom(access.Roles()).Draw(rt, "role")
			_, err := b.GrantRole(ctx, local, owner.ID, access.Grant{OrganisationID: id, Role: role})
			must(t, err)
			granted[id] = role
		case "revoke":
			if _, err := b.RevokeRole(ctx, local, owner.ID, id); (err == nil) != (granted[id] != 0) {
				rt.Fatalf("revoked: %v, granted %s", err, granted[id])
			}
			delete(granted, id)
		}
		limit := access.NewToken{Name: fmt.Sprint("token ", n), Role: access.Role(rapid.IntRange(0, 4).Draw(rt, "limit"))}
		n++
		limit.Scopes = [][]access.Scope{{access.AllScopes}, {access.RunsRead, access.UsersWrite}}[rapid.IntRange(0, 1).Draw(rt, "scopes")]
		limit.OrganisationID = rapid.SampledFrom(append(ids, "")).Draw(rt, "limited to")
		user, err := b.BySession(ctx, in.Secret, home)
		must(t, err)
		text, _, err := b.AddToken(ctx, local, owner.ID, limit)
		token := &access.Caller{}
		if err == nil {
			token, err = b.ByBearer(ctx, text, home)
			must(t, err)
		}
		for _, id := range ids {
			for _, rule := range access.Table() {
				role := rapid.SampledFrom(access.Roles()).Draw(rt, "asked")
				path := chain(id)
				want := slices.ContainsFunc(path, func(up string) bool { return granted[up] >= max(role, rule.Least) })
				if got := user.May(role, rule.Scope, path); got != want {
					rt.Fatalf("user %s %s over %s: %v, want %v", role, rule.Scope, id, got, want)
				}
				want = want && (limit.Role == 0 || limit.Role >= max(role, rule.Least)) &&
					(limit.OrganisationID == "" || slices.Contains(path, limit.OrganisationID)) &&
					(slices.Contains(limit.Scopes, rule.Scope) || slices.Contains(limit.Scopes, access.AllScopes))
				if got := token.May(role, rule.Scope, path); got != want {
					rt.Fatalf("token %+v %s %s over %s: %v, want %v", limit, role, rule.Scope, id, got, want)
				}
				if got := token.May(role, rule.Scope, path); got && !token.MayAnywhere(role, rule.Scope) {
					rt.Fatalf("may there but nowhere")
				}
			}
		}
	})
}

// TestMoveChangesReach: what was granted over the old parent is gone as soon as an organisation has moved.
func TestMoveChangesReach(t *testing.T) {
	b := setup(t)
	b.user(t, "kim@example.com", access.Operator, b.contoso)
	c, _ := b.signIn(t, "kim@example.com")
	if !b.may(t, c, access.Operator, access.RunsWrite, b.labs) {
		t.Error("not reached before")
	}
	_, err := b.tree.Move(ctx, b.labs.ID, b.northern.ID)
	must(t, err)
	if b.may(t, c, access.Viewer, access.RunsRead, b.labs) {
		t.Error("still reached")
	}
}
