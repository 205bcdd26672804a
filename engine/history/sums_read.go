package history

import (
	"context"
	"fmt"
	"slices"
)

// view is by what figures are added up.
type view int

const (
	byBucket view = iota
	byOrganisation
	byWorkflow
)

const (
	ofView = `SELECT %s AS of, sum(f.succeeded) AS succeeded, sum(f.failed) AS failed, sum(f.timed_out) AS timed_out, sum(f.cancelled) AS cancelled, sum(f.saved) AS saved `
	// What is in the sums, and what is not there yet: for that the pieces without a span are the buckets.
	sumsOfView = `WITH asked(pieces, organisations, workflow) AS (VALUES (?1, ?2, ?3)), pieces(bucket, span, low, high)` + once +
		`(SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM asked, json_each(asked.pieces)) ` +
		ofView + `FROM run_scopes s CROSS JOIN pieces p CROSS JOIN run_sums f ON f.scope = s.id AND f.span = p.span AND f.at >= p.low AND f.at < p.high
			WHERE p.span > 0 AND %s AND %s GROUP BY of
		UNION ALL ` + ofView + `FROM pieces p CROSS JOIN run_figures f ON f.at >= p.low AND f.at < p.high CROSS JOIN run_groups s ON s.id = f.run_group
			WHERE p.span = 0 AND NOT s.child AND %s AND %s GROUP BY of`
)

// summed adds up the figures from the first bound to the last, by the number of the bucket, by organisation or by workflow.
func (h *History) summed(ctx context.Context, f FigureFilter, by view, bounds []int64) (map[string]Figures, error) {
	key := [...]string{"p.bucket", "s.organisation", "s.workflow"}[by]
	organisation, workflow := "true", "true"
	ofOrganisation, ofWorkflow := "s.organisation = ''", "s.workflow = ''" // the sums of all
	if by == byOrganisation {
		ofOrganisation = "s.organisation > ''"
	}
	if by == byWorkflow {
		ofWorkflow = "s.workflow > ''"
	}
	organisations := f.organisations()
	if organisations != nil {
		organisation = "s.organisation IN (SELECT value FROM asked, json_each(asked.organisations))"
		ofOrganisation = organisation
	}
	if f.Workflow != "" {
		workflow = "s.workflow = (SELECT workflow FROM asked)"
		ofWorkflow = workflow
	}
	kept := spans
	if ofOrganisation != "s.organisation = ''" && ofWorkflow != "s.workflow = ''" {
		kept = spansOfBoth
	}
	var rows []FiguresOf
	query := fmt.Sprintf(sumsOfView, key, ofOrganisation, ofWorkflow, key, organisation, workflow)
	if err := h.db.Read().SelectContext(ctx, &rows, query, jsonText(pieces(bounds, kept)), jsonText(organisations), f.Workflow); err != nil {
		return nil, readFault(err)
	}
	all := make(map[string]Figures, len(rows))
	for _, r := range rows {
		addTo(all, r.Of, r.Figures)
	}
	return all, nil
}

func addTo(by map[string]Figures, of string, more Figures) {
	sum := by[of]
	sum.add(more)
	by[of] = sum
}

// organisations are those that count; nil: all.
func (f *FigureFilter) organisations() []string {
	switch {
	case f.OrganisationID == "":
		return f.OrganisationIDs
	case f.OrganisationIDs == nil, slices.Contains(f.OrganisationIDs, f.OrganisationID):
		return []string{f.OrganisationID}
	}
	return []string{}
}

// piece is a part of a bucket that sums of one span make up: from one of them until before another. Without a span it is the
// whole bucket, in quarters of an hour.
type piece [4]int64 // bucket, span, from, until

// pieces cuts buckets, given by their bounds in quarters of an hour, into as few sums as there are.
func pieces(bounds, spans []int64) (all []piece) {
	for i, until := range bounds[1:] {
		bucket, from := int64(i), bounds[i]
		all = cut(append(all, piece{bucket, 0, from, until}), bucket, from, until, spans)
	}
	return all
}

func cut(all []piece, bucket, from, until int64, spans []int64) []piece {
	if from >= until {
		return all
	}
	last := len(spans) - 1
	span := spans[last]
	first, end := (from+span-1)/span, until/span
	if first >= end { // only spans that are longer than a quarter of an hour do not fit
		return cut(all, bucket, from, until, spans[:last])
	}
	all = cut(all, bucket, from, first*span, spans[:last])
	all = append(all, piece{bucket, span, first, end})
	return cut(all, bucket, end*span, until, spans[:last])
}
