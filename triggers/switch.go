package triggers

import (
	"context"
	"fmt"
	"time"

	"gantry/engine/workflow"
	"gantry/store"
)

// Switch is what somebody switched on or off, over what the workflow's file says.
type Switch struct {
	Key
	OrganisationID string    `json:"organisation_id,omitempty"` // "" is the trigger altogether
	On             bool      `json:"on"`
	At             time.Time `json:"at"`
	By             string    `json:"by,omitempty"`
}

// switches are those of one trigger. What counts, first to last: switched off altogether; the switch of the
// organisation; switched on altogether; what the file says.
type switches struct {
	whole         *Switch
	organisations map[string]Switch
}

func switchesByKey(all []Switch) map[Key]switches {
	found := map[Key]switches{}
	for _, s := range all {
		of := found[s.Key]
		if s.OrganisationID == "" {
			of.whole = &s
		} else {
			if of.organisations == nil {
				of.organisations = map[string]Switch{}
			}
			of.organisations[s.OrganisationID] = s
		}
		found[s.Key] = of
	}
	return found
}

// off says why the trigger fires for nobody, whatever the organisation; else "".
func (s switches) off(t *workflow.Trigger) string {
	if s.whole != nil && !s.whole.On {
		return s.whole.said("switched off")
	}
	if s.whole != nil || t.Enabled {
		return ""
	}
	for _, org := range s.organisations {
		if org.On {
			return "" // on for some, although the file says off
		}
	}
	return fileOff(t)
}

// offFor says why the trigger does not fire for an organisation that it covers; else "".
func (s switches) offFor(t *workflow.Trigger, orgID string) string {
	if why := s.off(t); why != "" {
		return why
	}
	if own, ok := s.organisations[orgID]; ok {
		if own.On {
			return ""
		}
		return own.said("switched off for this organisation")
	}
	if s.whole == nil && !t.Enabled {
		return fileOff(t)
	}
	return ""
}

func fileOff(t *workflow.Trigger) string {
	return fmt.Sprintf("enabled: false in %s:%d", t.Pos.File, t.Pos.Line)
}

func (s Switch) said(what string) string {
	said := what
	if s.By != "" {
		said += " by " + s.By
	}
	return said + " on " + s.At.UTC().Format("2006-01-02 15:04 UTC")
}

type switchRow struct {
	Workflow       string `db:"workflow"`
	Trigger        string `db:"trigger_name"`
	OrganisationID string `db:"organisation_id"`
	On             bool   `db:"is_on"`
	At             int64  `db:"changed_at"`
	By             string `db:"changed_by"`
}

// switches reads the switches, of one trigger or of all.
func (s *Service) switches(ctx context.Context, of *Key) ([]Switch, error) {
	query, args := `SELECT workflow, trigger_name, organisation_id, is_on, changed_at, changed_by FROM trigger_switches`, []any(nil)
	if of != nil {
		query, args = query+" WHERE workflow = ? AND trigger_name = ?", []any{of.Workflow, of.Trigger}
	}
	var rows []switchRow
	if err := s.Store.Read().SelectContext(ctx, &rows, query, args...); err != nil {
		return nil, store.Fault(err)
	}
	all := make([]Switch, len(rows))
	for i, r := range rows {
		all[i] = Switch{Key: Key{r.Workflow, r.Trigger}, OrganisationID: r.OrganisationID, On: r.On, At: timeOf(r.At), By: r.By}
	}
	return all, nil
}

// Since is when somebody last switched the trigger, altogether or for the organisation; zero: nobody has. What
// happened before does not count, even where it is found only now: it may have been switched off then.
func (a *Active) Since(orgID string) time.Time {
	since := a.changed.organisations[orgID].At
	if whole := a.changed.whole; whole != nil && whole.At.After(since) {
		since = whole.At
	}
	return since
}
