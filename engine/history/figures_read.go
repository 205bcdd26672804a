package history

import (
	"context"
	"maps"
	"slices"
	"time"

	"gantry/engine/flow"
	"gantry/store"
)

// FigureFilter says whose ended runs are counted. Those that other runs started never are.
type FigureFilter struct {
	Workflow        string
	OrganisationID  string
	OrganisationIDs []string    // any of these; nil: all, empty: none
	Bounds          []time.Time // of the buckets, in order: each goes from one to the next. At whole quarters of an hour
}

// Figures are how many runs have ended.
type Figures struct {
	Succeeded int64 `db:"succeeded"`
	Failed    int64 `db:"failed"`
	TimedOut  int64 `db:"timed_out"`
	Cancelled int64 `db:"cancelled"`
	Saved     int64 `db:"saved"` // seconds of people's time
}

// Runs is how many there were altogether.
func (f Figures) Runs() int64 { return f.Succeeded + f.Failed + f.TimedOut + f.Cancelled }

func (f *Figures) add(other Figures) {
	f.Succeeded, f.Failed, f.TimedOut = f.Succeeded+other.Succeeded, f.Failed+other.Failed, f.TimedOut+other.TimedOut
	f.Cancelled, f.Saved = f.Cancelled+other.Cancelled, f.Saved+other.Saved
}

// FiguresOf are the figures of somebody: of an organisation, by its id, or of a workflow.
type FiguresOf struct {
	Of string
	Figures
}

// Statistics are figures in several views.
type Statistics struct {
	Buckets        []Figures // one for each bucket
	Totals         Figures
	ByOrganisation []FiguresOf // the most runs first
	ByWorkflow     []FiguresOf
	Now            map[flow.Status]int64 // runs that have not ended
}

const (
	sumFigures = `coalesce(sum(f.succeeded), 0) AS succeeded, coalesce(sum(f.failed), 0) AS failed, coalesce(sum(f.timed_out), 0) AS timed_out,
		coalesce(sum(f.cancelled), 0) AS cancelled, coalesce(sum(f.saved), 0) AS saved`
	ofFigures = ` AND f.run_group IN (SELECT value FROM json_each(?2))`
	// ?1 are the bounds of the buckets.
	byBucket = `SELECT b.key AS bucket, ` + sumFigures + ` FROM json_each(?1) b CROSS JOIN run_figures f
		ON f.at >= b.value AND f.at < json_extract(?1, '$[' || (b.key + 1) || ']')` + ofFigures + ` GROUP BY b.key`
	byGroup = `SELECT f.run_group, ` + sumFigures + ` FROM run_figures f WHERE f.at >= ?1 AND f.at < ?3` + ofFigures + ` GROUP BY f.run_group`
	unended = `SELECT status, run_group, count(*) AS n FROM runs INDEXED BY runs_unfinished WHERE finished_at IS NULL GROUP BY status, run_group`
)

// Statistics gives what has come of runs, by when they ended. It reads counters, so that it takes as long however many runs
// there were, and tells of those that were removed since, too.
func (h *History) Statistics(ctx context.Context, f FigureFilter) (*Statistics, error) {
	c, err := h.choiceOf(ctx, &Filter{Workflow: f.Workflow, OrganisationID: f.OrganisationID, OrganisationIDs: f.OrganisationIDs})
	if err != nil {
		return nil, err
	}
	var ids []int64
	by := map[int64]*group{}
	for i := range c.known.keys {
		if c.lets(&c.known.keys[i]) {
			g := &c.known.all[i]
			ids, by[g.ID] = append(ids, g.ID), g
		}
	}
	s := &Statistics{Buckets: make([]Figures, max(0, len(f.Bounds)-1)), Now: map[flow.Status]int64{}}
	if err := h.unended(ctx, s, by); err != nil || len(s.Buckets) == 0 {
		return s, err
	}
	bounds := make([]int64, len(f.Bounds))
	for i, at := range f.Bounds {
		bounds[i] = quarterOf(at.UnixNano())
	}
	if err := h.bucketed(ctx, s, bounds, ids); err != nil {
		return nil, err
	}
	return s, h.grouped(ctx, s, bounds, ids, by)
}

func (h *History) bucketed(ctx context.Context, s *Statistics, bounds, groups []int64) error {
	var rows []struct {
		Bucket int `db:"bucket"`
		Figures
	}
	if err := h.db.Read().SelectContext(ctx, &rows, byBucket, jsonText(bounds), jsonText(groups)); err != nil {
		return readFault(err)
	}
	for _, r := range rows {
		s.Buckets[r.Bucket] = r.Figures
		s.Totals.add(r.Figures)
	}
	return nil
}

func (h *History) grouped(ctx context.Context, s *Statistics, bounds, groups []int64, by map[int64]*group) error {
	var rows []struct {
		Group int64 `db:"run_group"`
		Figures
	}
	if err := h.db.Read().SelectContext(ctx, &rows, byGroup, bounds[0], jsonText(groups), bounds[len(bounds)-1]); err != nil {
		return readFault(err)
	}
	organisations, workflows := map[string]Figures{}, map[string]Figures{}
	for _, r := range rows {
		addTo(organisations, by[r.Group].Organisation, r.Figures)
		addTo(workflows, by[r.Group].Workflow, r.Figures)
	}
	s.ByOrganisation, s.ByWorkflow = mostFirst(organisations), mostFirst(workflows)
	return nil
}

func addTo(by map[string]Figures, of string, more Figures) {
	sum := by[of]
	sum.add(more)
	by[of] = sum
}

func mostFirst(by map[string]Figures) []FiguresOf {
	all := make([]FiguresOf, 0, len(by))
	for _, of := range slices.Sorted(maps.Keys(by)) {
		if by[of].Runs() > 0 || by[of].Saved > 0 {
			all = append(all, FiguresOf{of, by[of]})
		}
	}
	slices.SortStableFunc(all, func(a, b FiguresOf) int { return int(b.Runs() - a.Runs()) })
	return all
}

// unended counts the runs of groups that have not ended. They are few beside those that have.
func (h *History) unended(ctx context.Context, s *Statistics, by map[int64]*group) error {
	var rows []struct {
		Status string `db:"status"`
		Group  int64  `db:"run_group"`
		N      int64  `db:"n"`
	}
	if err := h.db.Read().SelectContext(ctx, &rows, unended); err != nil {
		return readFault(err)
	}
	for _, r := range rows {
		if by[r.Group] != nil {
			s.Now[flow.Status(r.Status)] += r.N
		}
	}
	return nil
}

// DropFigures forgets the figures of organisations that are gone for good.
func (h *History) DropFigures(ctx context.Context, organisations ...string) error {
	return h.db.Write(ctx, func(tx *store.Tx) error {
		for _, id := range organisations {
			if _, err := tx.Exec(`DELETE FROM run_figures WHERE run_group IN (SELECT id FROM run_groups WHERE organisation = ?)`, id); err != nil {
				return err
			}
		}
		return nil
	})
}
