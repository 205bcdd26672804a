package access

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"gantry/fault"
)

// AuditFilter says which entries of the audit log are meant. Empty fields leave it open.
type AuditFilter struct {
	User           string // id or login of who did it; it may be one who is removed
	Operation      string
	OrganisationID string // this one alone
	Outcome        Outcome
	From, To       time.Time // of At; To is not included
	Before         int64     // the Seq of the last entry of the page before; 0 begins with the newest
	Limit          int       // entries on a page: 1 to 500, 50 unless said
}

const (
	usualEntries = 50
	mostEntries  = 500
)

type auditRow struct {
	Seq            int64  `db:"seq"`
	At             int64  `db:"at"`
	Kind           string `db:"kind"`
	UserID         string `db:"user_id"`
	Login          string `db:"login"`
	TokenID        string `db:"token_id"`
	TokenName      string `db:"token_name"`
	Address        string `db:"address"`
	Operation      string `db:"operation"`
	OrganisationID string `db:"organisation_id"`
	Target         string `db:"target"`
	Outcome        string `db:"outcome"`
	Code           string `db:"code"`
	Details        string `db:"details"`
}

func (r auditRow) entry() (Entry, error) {
	e := Entry{Seq: r.Seq, At: timeOf(r.At), Kind: Kind(r.Kind), UserID: r.UserID, Login: r.Login, TokenID: r.TokenID, TokenName: r.TokenName,
		Address: r.Address, Operation: r.Operation, OrganisationID: r.OrganisationID, Target: r.Target, Outcome: Outcome(r.Outcome), Code: fault.Code(r.Code)}
	if err := json.Unmarshal([]byte(r.Details), &e.Details); err != nil {
		return e, fault.Wrap(err, fault.Storage, "Entry %d of the audit log cannot be read.", r.Seq)
	}
	return e, nil
}

// Audit gives a page of the audit log, the newest entry first, and the Seq with which the next page begins (0: there
// is none). Who administers everything sees all of it, others the entries of the organisations within their reach.
func (s *Service) Audit(ctx context.Context, by *Caller, f AuditFilter) (entries []Entry, next int64, err error) {
	if f.Limit == 0 {
		f.Limit = usualEntries
	}
	if f.Limit < 1 || f.Limit > mostEntries {
		return nil, 0, invalid("A page of the audit log has 1 to %d entries.", mostEntries)
	}
	query, args, err := s.auditQuery(ctx, by, f)
	if err != nil {
		return nil, 0, err
	}
	var rows []auditRow
	if err := s.read(ctx, &rows, query, args...); err != nil {
		return nil, 0, err
	}
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		next = rows[f.Limit-1].Seq
	}
	entries = make([]Entry, len(rows))
	for i, row := range rows {
		if entries[i], err = row.entry(); err != nil {
			return nil, 0, err
		}
	}
	return entries, next, nil
}

// auditQuery makes the query of one entry more than a page has.
func (s *Service) auditQuery(ctx context.Context, by *Caller, f AuditFilter) (string, []any, error) {
	where, args := []string{"true"}, []any{}
	add := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	within, everywhere, err := s.auditReach(ctx, by)
	if err != nil {
		return "", nil, err
	}
	if !everywhere {
		condition, values, err := sqlx.In("organisation_id IN (?)", within)
		if err != nil {
			return "", nil, fault.From(err)
		}
		add(condition, values...)
	}
	if f.User != "" {
		add("(user_id = ? OR lower(login) = lower(?))", f.User, f.User)
	}
	for column, value := range map[string]string{"operation": f.Operation, "organisation_id": f.OrganisationID, "outcome": string(f.Outcome)} {
		if value != "" {
			add(column+" = ?", value)
		}
	}
	if !f.From.IsZero() {
		add("at >= ?", f.From.UnixMicro())
	}
	if !f.To.IsZero() {
		add("at < ?", f.To.UnixMicro())
	}
	if f.Before > 0 {
		add("seq < ?", f.Before)
	}
	return `SELECT seq, at, kind, user_id, login, token_id, token_name, address, operation, organisation_id, target, outcome, code, details
		FROM audit WHERE ` + strings.Join(where, " AND ") + " ORDER BY seq DESC LIMIT ?", append(args, f.Limit+1), nil
}

// auditReach gives the organisations whose entries the caller may see, removed ones too.
func (s *Service) auditReach(ctx context.Context, by *Caller) (ids []string, everywhere bool, err error) {
	if everywhere, err = s.atRoot(ctx, by, AuditRead); err != nil || everywhere {
		return nil, everywhere, err
	}
	if !by.MayAnywhere(Admin, AuditRead) {
		return nil, false, denied(by, "read the audit log")
	}
	all, err := s.orgs.List(ctx)
	if err != nil {
		return nil, false, err
	}
	for _, org := range all {
		path, err := s.orgs.Chain(ctx, org.ID)
		if err != nil {
			return nil, false, err
		}
		if by.May(Admin, AuditRead, path) {
			ids = append(ids, org.ID)
		}
	}
	if len(ids) == 0 {
		ids = []string{"-"} // a removed organisation's administrator: of no entry
	}
	return ids, false, nil
}
