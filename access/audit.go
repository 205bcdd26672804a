package access

import (
	"encoding/json"
	"maps"
	"time"
	"unicode/utf8"

	"gantry/fault"
	"gantry/source"
	"gantry/store"
)

// Outcome is what became of an operation.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused" // who asked may not do it
	Failed  Outcome = "failed"  // it was allowed and went wrong; Code says how
)

// Entry is one line of the audit log. Names are those of its time.
type Entry struct {
	Seq            int64             `json:"seq"` // later entries have higher numbers
	At             time.Time         `json:"at"`
	Kind           Kind              `json:"kind"`
	UserID         string            `json:"user_id,omitempty"`
	Login          string            `json:"login,omitempty"`
	TokenID        string            `json:"token_id,omitempty"`
	TokenName      string            `json:"token_name,omitempty"`
	Address        string            `json:"address,omitempty"`
	Operation      string            `json:"operation"`
	OrganisationID string            `json:"organisation_id,omitempty"`
	Target         string            `json:"target,omitempty"`
	Outcome        Outcome           `json:"outcome"`
	Code           fault.Code        `json:"code,omitempty"`
	Details        map[string]string `json:"details,omitempty"`
}

// Bounds of what is kept of an operation, in characters.
const (
	maxTarget  = 200
	maxDetail  = 200
	maxDetails = 10
)

// entry makes a line of an attempt.
func (a Attempt) entry(by *Caller, at time.Time, err error) Entry {
	e := Entry{At: at, Kind: ByNone, Operation: a.Operation, OrganisationID: a.OrganisationID,
		Target: brief(a.Target, maxTarget), Outcome: Done, Details: briefAll(a.Details)}
	if by != nil {
		e.Kind, e.UserID, e.Login, e.Address = by.Kind, by.UserID, by.Login, brief(by.From, maxTarget)
		e.TokenID, e.TokenName = by.TokenID, by.TokenName
	}
	if e.Kind == "" {
		e.Kind = ByNone
	}
	if err != nil {
		e.Code = fault.From(err).Code
		e.Outcome = Failed
		if e.Code == fault.Denied || e.Code == fault.SignedOut || e.Code == fault.RateLimited {
			e.Outcome = Refused
		}
	}
	return e
}

func briefAll(details map[string]string) map[string]string {
	all := make(map[string]string, len(details))
	for key, text := range details {
		if len(all) < maxDetails {
			all[brief(key, maxDetail)] = brief(text, maxDetail)
		}
	}
	return all
}

// brief gives text as one line of bounded length, without what would steer a terminal.
func brief(text string, most int) string {
	text = source.OneLine(text)
	if utf8.RuneCountInString(text) > most {
		return string([]rune(text)[:most]) + "…"
	}
	return text
}

func insertEntry(tx *store.Tx, e Entry) error {
	details, err := json.Marshal(e.Details)
	if err != nil {
		return fault.Wrap(err, fault.Internal, "The details of an entry of the audit log cannot be written: %s.", err)
	}
	_, err = tx.Exec(`INSERT INTO audit (at, kind, user_id, login, token_id, token_name, address, operation, organisation_id,
		target, outcome, code, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, e.At.UnixMicro(), string(e.Kind), e.UserID, e.Login,
		e.TokenID, e.TokenName, e.Address, e.Operation, e.OrganisationID, e.Target, string(e.Outcome), string(e.Code), string(details))
	return err
}

// copy gives the attempt with details of its own.
func (a Attempt) copy() Attempt {
	a.Details = maps.Clone(a.Details)
	return a
}
