package history

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"gantry/engine/flow"
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
	Of string `db:"of"`
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

const unended = `SELECT status, run_group, count(*) AS n FROM runs INDEXED BY runs_unfinished WHERE finished_at IS NULL GROUP BY status, run_group`

// Statistics gives what has come of runs, by when they ended. It reads counters, so that it takes as long however many runs
// there were, and tells of those that were removed since, too.
func (h *History) Statistics(ctx context.Context, f FigureFilter) (*Statistics, error) {
	s := &Statistics{Buckets: make([]Figures, max(0, len(f.Bounds)-1)), Now: map[flow.Status]int64{}}
	if err := h.unended(ctx, s, f); err != nil || len(s.Buckets) == 0 {
		return s, err
	}
	bounds := make([]int64, len(f.Bounds))
	for i, at := range f.Bounds {
		bounds[i] = quarterOf(at.UnixNano())
	}
	buckets, err := h.summed(ctx, f, byBucket, bounds)
	if err != nil {
		return nil, err
	}
	for bucket, figures := range buckets {
		at, err := strconv.Atoi(bucket)
		if err != nil {
			return nil, err
		}
		s.Buckets[at] = figures
		s.Totals.add(figures)
	}
	whole := []int64{bounds[0], bounds[len(bounds)-1]}
	organisations, err := h.summed(ctx, f, byOrganisation, whole)
	if err != nil {
		return nil, err
	}
	workflows, err := h.summed(ctx, f, byWorkflow, whole)
	s.ByOrganisation, s.ByWorkflow = mostFirst(organisations), mostFirst(workflows)
	return s, err
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

// unended counts the runs that have not ended. They are few beside those that have.
func (h *History) unended(ctx context.Context, s *Statistics, f FigureFilter) error {
	c, err := h.choiceOf(ctx, &Filter{Workflow: f.Workflow, OrganisationID: f.OrganisationID, OrganisationIDs: f.OrganisationIDs})
	if err != nil {
		return err
	}
	var rows []struct {
		Status string `db:"status"`
		Group  int64  `db:"run_group"`
		N      int64  `db:"n"`
	}
	if err := h.db.Read().SelectContext(ctx, &rows, unended); err != nil {
		return readFault(err)
	}
	for _, r := range rows {
		if c.letsGroup(r.Group) {
			s.Now[flow.Status(r.Status)] += r.N
		}
	}
	return nil
}
