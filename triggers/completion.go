package triggers

import (
	"slices"
	"time"

	"gantry/engine"
	"gantry/fault"
	"gantry/orgs"
	"gantry/store"
)

// RunEnded keeps, in the transaction that keeps a run's end, an event for each completion trigger that waits
// for it: engine.Options.Ended. Runs of sub-workflows and handlers count as runs of their workflow.
//
// The event is for the organisation of the run that ended, if run_for covers it. With `run_for: {this: true}`
// alone it is for the MSP, whichever organisation the run was for.
func (s *Service) RunEnded(tx *store.Tx, end engine.Ended) error {
	book := s.Book()
	var rows []eventRow
	for _, a := range book.listeners[end.Run.Workflow] {
		org, ok := book.runsAfter(a, end)
		if !ok {
			continue
		}
		row, err := s.keepEnd(tx, book, a, org, end)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	if len(rows) > 0 {
		s.afterCommit(rows)
	}
	return nil
}

// keepEnd keeps the event of one trigger. One that cannot be kept whole, for its size, is kept without the
// outputs and as failed: the run's own end must not be lost with it.
func (s *Service) keepEnd(tx *store.Tx, book *Book, a *Active, org orgs.Organisation, end engine.Ended) (eventRow, error) {
	e := Event{Key: a.Key, Type: Completion, OrganisationID: org.ID, Data: map[string]any{"completed": s.completed(book, end)},
		Causes: append(slices.Clone(end.Causes), end.Run.Workflow)}
	row, refused := s.newRow(e)
	if refused == nil {
		_, err := row.keep(tx)
		return row, err
	}
	end.Run.Outputs, end.Run.Error = nil, nil
	e.Data["completed"] = s.completed(book, end)
	row, err := s.newRow(e)
	if err == nil {
		_, err = row.keep(tx)
	}
	if err == nil {
		err = row.decide(tx, Decision{Status: Failed, Error: fault.From(refused)}, s.Now().UnixMicro(), s.Keep)
	}
	return row, err
}

// runsAfter tells whether a completion trigger waits for the end of this run, and for whom it runs.
func (b *Book) runsAfter(a *Active, end engine.Ended) (orgs.Organisation, bool) {
	if !slices.Contains(texts(a.Trigger.Settings["statuses"]), string(end.Run.Status)) {
		return orgs.Organisation{}, false
	}
	if only, said := a.Trigger.Settings["organisations"]; said && only != nil && !b.names(texts(only), end.Run.OrganisationID) {
		return orgs.Organisation{}, false
	}
	if onlyThis(a.Trigger.RunFor) {
		return a.For(b.root.ID)
	}
	return a.For(end.Run.OrganisationID)
}

// names tells whether one of the slugs, of now or before, is the organisation's.
func (b *Book) names(slugs []string, orgID string) bool {
	return slices.ContainsFunc(slugs, func(slug string) bool { return b.former[slug] == orgID || b.byID[orgID].Slug == slug })
}

// afterCommit puts into the line what the transaction under way keeps, once it is on disk. The next
// transaction finds it there, or not where this one was given up.
func (s *Service) afterCommit(rows []eventRow) {
	s.line.expect(rows)
	kept := make([]bool, len(rows))
	s.Store.Submit(func(tx *store.Tx) error {
		for i, row := range rows {
			if err := tx.Get(&kept[i], "SELECT count(*) FROM trigger_events WHERE id = ? AND status = 'pending'", row.ID); err != nil {
				return err
			}
		}
		return nil
	}, func(err error) {
		if err != nil {
			s.Log.Error("completion triggers wait for the next start", "error", err)
		}
		for i, row := range rows {
			if kept[i] {
				s.line.add(row)
			} else {
				s.line.drop(row)
			}
		}
	})
}

// completed is what a completion trigger's expressions see of the run that ended.
func (s *Service) completed(b *Book, end engine.Ended) map[string]any {
	r := end.Run
	data := map[string]any{"id": r.ID, "workflow": r.Workflow, "title": "", "status": string(r.Status), "error": errorData(r.Error), "url": s.URL(r.ID),
		"organisation": map[string]any{"id": r.OrganisationID, "slug": r.Organisation, "name": r.Organisation}, "outputs": r.Outputs}
	if wf, ok := b.workflows[r.Workflow]; ok {
		data["title"] = wf.Title
	}
	if org, ok := b.byID[r.OrganisationID]; ok {
		data["organisation"] = map[string]any{"id": org.ID, "slug": org.Slug, "name": org.Name}
	}
	if r.Outputs == nil {
		data["outputs"] = map[string]any{}
	}
	started := r.CreatedAt // of a run that ended before it began
	if r.StartedAt != nil {
		started = *r.StartedAt
	}
	data["started_at"] = written(started)
	data["finished_at"] = written(s.Now())
	if r.FinishedAt != nil {
		data["finished_at"] = written(*r.FinishedAt)
	}
	return data
}

func written(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// errorData is an error as expressions see it.
func errorData(err *fault.Error) any {
	if err == nil {
		return nil
	}
	return map[string]any{"code": string(err.Code), "message": err.Message, "hint": err.Hint, "detail": err.Detail}
}
