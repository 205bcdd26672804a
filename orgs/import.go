package orgs

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"gantry/fault"
)

// What became of a row.
const (
	RowImported  = "imported"
	RowUpdated   = "updated"
	RowUnchanged = "unchanged"
	RowSkipped   = "skipped" // exists already
	RowFailed    = "failed"
)

// ImportOptions say how a table is imported.
type ImportOptions struct {
	Update bool // organisations that exist get what their row says, instead of being skipped
	DryRun bool // nothing is written
}

// ImportRow tells what became of a row.
type ImportRow struct {
	Line   int    `json:"line"` // from 1, the header's is 1
	Slug   string `json:"slug"`
	Name   string `json:"name"`
	Status string `json:"status"` // imported, updated, unchanged, skipped, failed
	Reason string `json:"reason,omitempty"`
	Hint   string `json:"hint,omitempty"`
}

// ImportReport tells what became of all rows, in the file's order.
type ImportReport struct {
	Rows []ImportRow `json:"rows"`
}

// Count gives how many rows have a status.
func (r ImportReport) Count(status string) int {
	n := 0
	for _, row := range r.Rows {
		if row.Status == status {
			n++
		}
	}
	return n
}

// Import makes organisations of the rows of a CSV file: each row by itself, so that a wrong one does not
// stop the others. A parent may stand further down. An error means that the file as a whole could not be
// read and nothing was done.
func (s *Service) Import(ctx context.Context, text []byte, options ImportOptions) (ImportReport, error) {
	t, err := readTable(text)
	if err != nil {
		return ImportReport{}, err
	}
	var report ImportReport
	err = s.perform(ctx, options.DryRun, func(p *planner) error {
		if p.root == "" {
			return fault.New(fault.Missing, "There is no organisation yet that the others could stand below.")
		}
		report = newImporter(p, t, options).run()
		return nil
	})
	if err != nil {
		return ImportReport{}, err
	}
	return report, nil
}

// importer imports the rows of one table.
type importer struct {
	*planner
	options ImportOptions
	rows    []*importing
	bySlug  map[string]*importing // rows that give a slug
	names   map[string]*importing // rows that give none, by name
	hints   map[string]string     // what is wrong with a parent, by parent
	slugs   map[string]string     // of organisations, by foldedName; made when first asked for
	msp     string                // the other system's id of the MSP, where parents are given by such ids
}

// importing is a row on its way.
type importing struct {
	line               int
	name, slug, parent string
	givesParent        bool // the table has a column for it: an empty cell is the MSP
	tags               *[]string
	enabled            *bool
	variables          []Variable
	problem            error
	visiting, done     bool
	org                Organisation
	status             string
}

func newImporter(p *planner, t *table, options ImportOptions) *importer {
	im := &importer{planner: p, options: options, bySlug: make(map[string]*importing), names: make(map[string]*importing),
		hints: make(map[string]string)}
	parents := map[string]bool{}
	for _, row := range t.rows {
		r := readRow(t.columns, row)
		im.rows = append(im.rows, r)
		if r.parent != "" {
			parents[r.parent] = true
		}
		if r.problem == nil {
			r.problem = im.register(r)
		}
	}
	for _, c := range t.columns {
		if c.ids && len(parents) == 1 && foreignID.MatchString(sortedKeys(parents)[0]) {
			im.msp = sortedKeys(parents)[0]
		}
	}
	return im
}

// foreignID is how other systems name a managing organisation: by a UUID.
var foreignID = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// readRow reads a row's cells; the first thing that is wrong becomes its problem.
func readRow(columns []column, row tableRow) *importing {
	r := &importing{line: row.line}
	if row.wrong != nil {
		r.problem = row.wrong
		return r
	}
	for i, c := range columns {
		if err := r.read(c, row.cells[i]); err != nil && r.problem == nil {
			r.problem = err
		}
	}
	return r
}

func (r *importing) read(c column, cell string) (err error) {
	text := strings.TrimSpace(UnguardCell(strings.TrimSpace(cell)))
	switch c.is {
	case columnName:
		r.name = text
	case columnSlug:
		r.slug = text
	case columnParent:
		r.parent, r.givesParent = text, true
	case columnTags:
		tags, err := splitTags(text)
		r.tags = &tags
		return err
	case columnEnabled:
		if text != "" {
			enabled, err := readEnabled(text)
			r.enabled = &enabled
			return err
		}
	case columnVariable:
		return r.readVariable(c, cell)
	}
	return nil
}

// readVariable reads a variable's cell; an empty one says nothing.
func (r *importing) readVariable(c column, cell string) error {
	if strings.TrimSpace(cell) == "" && (c.kind != TypeString || cell == "") {
		return nil
	}
	if c.kind == TypeString {
		cell = UnguardCell(cell)
	}
	if err := c.checkWriting(cell); err != nil {
		return err
	}
	value, err := FromText(c.name, c.kind, cell)
	r.variables = append(r.variables, Variable{Name: c.name, Type: c.kind, Value: value})
	return err
}

// register notes which row speaks of which organisation. Two rows of one are one too many.
func (im *importer) register(r *importing) error {
	key, seen := r.slug, im.bySlug
	if r.slug == "" {
		if r.name == "" {
			return invalid("The row has neither a name nor a slug.").WithHint("give the organisation a name")
		}
		key, seen = foldedName(r.name), im.names
	}
	if other := seen[key]; other != nil {
		f := fault.New(fault.Exists, "Line %d is of the same organisation %q.", other.line, shortened(key))
		return f.WithHint("remove one of the rows, or give them different slugs if they are two")
	}
	seen[key] = r
	return nil
}

func (im *importer) run() ImportReport {
	report := ImportReport{Rows: make([]ImportRow, 0, len(im.rows))}
	for _, r := range im.rows {
		im.place(r)
	}
	for _, r := range im.rows {
		row := ImportRow{Line: r.line, Slug: shortened(r.slug), Name: shortened(r.name), Status: r.status}
		if r.org.ID != "" {
			row.Slug, row.Name = r.org.Slug, r.org.Name
		}
		if r.problem != nil {
			f := fault.From(r.problem)
			row.Reason, row.Hint = f.Message, f.Hint
		}
		report.Rows = append(report.Rows, row)
	}
	return report
}

// errSkipped is no failure: the organisation exists already.
var errSkipped = errors.New("exists already")
