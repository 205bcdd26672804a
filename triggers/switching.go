package triggers

import (
	"context"
	"slices"

	"gantry/engine/workflow"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
	"gantry/store"
)

// Switching switches a trigger on or off, altogether or for some organisations.
type Switching struct {
	Key
	Organisations []string // ids; none means altogether
	By            string   // who does it
	// Override lets Enable switch on a trigger whose file says `enabled: false`. Without it that is refused:
	// who wrote that may have meant it.
	Override bool
}

// Disable switches off. It holds, whatever the file says, until Enable. Off altogether holds for every
// organisation, also for those that are switched on by themselves. Events that are not decided yet are skipped.
func (s *Service) Disable(ctx context.Context, w Switching) error {
	_, err := s.shownTrigger(w.Key)
	if err == nil {
		err = s.checkOrganisations(ctx, w.Organisations)
	}
	if err != nil {
		return err
	}
	return s.flip(ctx, w, func(tx *store.Tx, orgID string) error { return s.putSwitch(tx, w, orgID, false) })
}

// Enable takes back what Disable did. Where the file says `enabled: false` it is refused with fault.Conflict,
// unless Override is said: then a switch is kept that holds against the file until Disable. For an organisation
// it is refused while the trigger is off altogether.
func (s *Service) Enable(ctx context.Context, w Switching) error {
	a, err := s.shownTrigger(w.Key)
	if err == nil {
		err = s.checkOrganisations(ctx, w.Organisations)
	}
	if err != nil {
		return err
	}
	return s.flip(ctx, w, func(tx *store.Tx, orgID string) error { return s.switchOn(tx, w, a.Trigger, orgID) })
}

func (s *Service) switchOn(tx *store.Tx, w Switching, t *workflow.Trigger, orgID string) error {
	var whole []bool
	if err := tx.Select(&whole, `SELECT is_on FROM trigger_switches WHERE workflow = ? AND trigger_name = ? AND organisation_id = ''`, w.Workflow, w.Trigger); err != nil {
		return err
	}
	if orgID != "" && len(whole) > 0 && !whole[0] {
		return fault.New(fault.Conflict, "the trigger %s is switched off altogether", w.Key).
			WithHint("switch it on altogether first, then for single organisations")
	}
	on := t.Enabled || orgID != "" && len(whole) > 0
	if on {
		_, err := tx.ExecOf(orgID, `DELETE FROM trigger_switches WHERE workflow = ? AND trigger_name = ? AND organisation_id = ?`, w.Workflow, w.Trigger, orgID)
		return err
	}
	if !w.Override {
		return fault.New(fault.Conflict, "the trigger %s stays off: %s", w.Key, fileOff(t)).
			WithHint("take that out of the file, or override it until further notice: gantry triggers enable %s %q --override", w.Workflow, w.Trigger)
	}
	return s.putSwitch(tx, w, orgID, true)
}

func (s *Service) putSwitch(tx *store.Tx, w Switching, orgID string, on bool) error {
	_, err := tx.ExecOf(orgID, `INSERT OR REPLACE INTO trigger_switches (workflow, trigger_name, organisation_id, is_on, changed_at, changed_by) VALUES (?, ?, ?, ?, ?, ?)`,
		w.Workflow, w.Trigger, orgID, on, s.Now().UnixMicro(), w.By)
	return err
}

// flip makes the change for each organisation, all or none, and the Book anew: when it returns, it holds.
func (s *Service) flip(ctx context.Context, w Switching, change func(*store.Tx, string) error) error {
	targets := w.Organisations
	if len(targets) == 0 {
		targets = []string{""}
	}
	err := s.Store.Write(ctx, func(tx *store.Tx) error {
		for _, orgID := range targets {
			if err := change(tx, orgID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.remake(ctx)
}

// checkOrganisations refuses ids of organisations that are not there.
func (s *Service) checkOrganisations(ctx context.Context, ids []string) error {
	for _, id := range ids {
		org, err := s.Organisations.ByID(ctx, id)
		if err != nil {
			return err
		}
		if org.DeletedAt != nil {
			return fault.New(fault.Missing, "The organisation %s (%s) was removed.", org.Name, org.Slug)
		}
	}
	return nil
}

// shownTrigger finds a trigger for a person: fault.Missing says which there are.
func (s *Service) shownTrigger(k Key) (*Active, error) {
	book := s.Book()
	if a, ok := book.Find(k); ok {
		return a, nil
	}
	wf, ok := book.workflows[k.Workflow]
	if !ok {
		var ids []string
		for id := range book.workflows {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		return nil, fault.New(fault.Missing, "there is no workflow %q", k.Workflow).WithHint("%s", source.DidYouMean(k.Workflow, ids))
	}
	err := fault.New(fault.Missing, "%s has no trigger %q", wf.ID, k.Trigger)
	if len(wf.Triggers) == 0 {
		return nil, err.WithHint("it has none")
	}
	return nil, err.WithHint("%s", source.DidYouMean(k.Trigger, triggerNames(wf.Triggers)))
}

func triggerNames(triggers []*workflow.Trigger) []string {
	all := make([]string, len(triggers))
	for i, t := range triggers {
		all[i] = t.Name
	}
	return all
}

// switchedOff says why a trigger is off, for one organisation, by the switches on disk: for those who have no Book.
func (s *Service) switchedOff(ctx context.Context, k Key, t *workflow.Trigger, org orgs.Organisation) (string, error) {
	all, err := s.switches(ctx, &k)
	if err != nil {
		return "", err
	}
	return switchesByKey(all)[k].offFor(t, org.ID), nil
}
