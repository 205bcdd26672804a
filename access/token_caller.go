package access

import (
	"context"
	"slices"

	"gantry/fault"
)

// ByBearer gives the caller whose API token a request shows, as it may act now: what its owner may, cut down to what
// the token says. One that was revoked or has expired, or whose owner is disabled, gives fault.SignedOut.
func (s *Service) ByBearer(ctx context.Context, token TokenText, from Origin) (*Caller, error) {
	return s.byToken(ctx, from, "hash = ?", digest(string(token)))
}

func (s *Service) byToken(ctx context.Context, from Origin, where, value string) (*Caller, error) {
	var rows []tokenRow
	if err := s.read(ctx, &rows, selectTokens+" WHERE "+where, value); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, tokenOver("is not known, or was revoked")
	}
	row := rows[0]
	if row.ExpiresAt.Valid && !s.now().Before(timeOf(row.ExpiresAt.Int64)) {
		return nil, tokenOver("has expired")
	}
	owner, err := s.enabled(ctx, row.UserID)
	if err != nil {
		if fault.From(err).Code == fault.SignedOut {
			err = tokenOver("belongs to a user who is disabled")
		}
		return nil, err
	}
	grants, err := s.narrowed(ctx, owner.grants(), Grant{row.OrganisationID, Role(row.Role)})
	if err != nil {
		return nil, err
	}
	if !row.UsedAt.Valid || s.now().Sub(timeOf(row.UsedAt.Int64)) >= usedEvery {
		s.used("UPDATE tokens SET used_at = ?, used_from = ? WHERE id = ? AND coalesce(used_at, 0) <= ?", brief(from.Address, maxTarget), row.ID)
	}
	return &Caller{Kind: ByToken, UserID: owner.ID, Login: owner.Login, Name: owner.Name, From: from.Address, TokenID: row.ID, TokenName: row.Name,
		grants: grants, scopes: row.scopes()}, nil
}

func tokenOver(why string) error {
	return fault.New(fault.SignedOut, "The API token %s.", why).WithHint("make a new one: `gantry tokens add`, or in the profile")
}

// narrowed gives what is left of grants under a limit, whose zero fields limit nothing: of each the lesser role, over
// the lower of the two organisations where one lies in the other.
func (s *Service) narrowed(ctx context.Context, grants []Grant, limit Grant) ([]Grant, error) {
	var left []Grant
	var below []string
	if limit.OrganisationID != "" {
		var err error
		if _, below, err = s.organisation(ctx, limit.OrganisationID); err != nil {
			return nil, err
		}
	}
	for _, g := range grants {
		if limit.Role != 0 {
			g.Role = min(g.Role, limit.Role)
		}
		if limit.OrganisationID != "" {
			_, path, err := s.organisation(ctx, g.OrganisationID)
			if err != nil {
				return nil, err
			}
			switch {
			case slices.Contains(below, g.OrganisationID):
				g.OrganisationID = limit.OrganisationID
			case !slices.Contains(path, limit.OrganisationID):
				continue
			}
		}
		left = append(left, g)
	}
	return left, nil
}
