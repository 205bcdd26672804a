package orgs

import (
	"bytes"
	"context"
	"encoding/csv"
	"strconv"

	"gantry/fault"
)

// Table is organisations as CSV. LeftOut counts the variables that a table cannot say: secrets, local and
// empty ones, and those of the MSP.
type Table struct {
	Text          []byte
	Organisations int
	LeftOut       int
}

// ExportCSV writes the organisations below the MSP as a table for Import: name, slug, parent, enabled, tags
// and a column for each variable, var:NAME or var:NAME:TYPE. An empty parent is the MSP. UTF-8, commas, a
// header; a cell that a spreadsheet would take for a formula has an apostrophe before it, which Import
// takes away again.
func (s *Service) ExportCSV(ctx context.Context) (Table, error) {
	st, err := loadState(s.readers(ctx), true)
	if err != nil {
		return Table{}, err
	}
	if st.root == "" {
		return Table{}, fault.New(fault.Missing, "There is no organisation yet.")
	}
	var out Table
	cells, columns := st.cells(&out)
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	header := []string{columnName, columnSlug, columnParent, columnEnabled, columnTags}
	if err := w.Write(append(header, columns...)); err != nil {
		return out, err
	}
	for _, org := range st.walk()[1:] {
		parent := ""
		if org.ParentID != st.root {
			parent = st.byID[org.ParentID].Slug
		}
		row := []string{GuardCell(org.Name), org.Slug, parent, strconv.FormatBool(org.Enabled), GuardCell(joinTags(org.Tags))}
		for _, name := range columns {
			row = append(row, cells[org.ID][name])
		}
		if err := w.Write(row); err != nil {
			return out, err
		}
		out.Organisations++
	}
	w.Flush()
	out.Text = b.Bytes()
	return out, w.Error()
}

// cells gives the variables of the organisations below the MSP by organisation and column, and the columns.
func (st *state) cells(out *Table) (cells map[string]map[string]string, columns []string) {
	cells = make(map[string]map[string]string)
	seen := map[string]bool{}
	for _, name := range sortedKeys(st.variables) {
		for orgID, row := range st.variables[name] {
			if st.byID[orgID].DeletedAt != nil {
				continue
			}
			cell, ok := row.cell()
			if !ok || orgID == st.root {
				out.LeftOut++
				continue
			}
			if cells[orgID] == nil {
				cells[orgID] = make(map[string]string)
			}
			cells[orgID][row.column()] = cell
			seen[row.column()] = true
		}
	}
	columns = sortedKeys(seen)
	return cells, columns
}

func (r variableRow) column() string {
	if r.Type == TypeString {
		return "var:" + r.Name
	}
	return "var:" + r.Name + ":" + r.Type
}

// cell gives the value as a table has it; ok tells whether one can have it.
func (r variableRow) cell() (string, bool) {
	if r.Local || r.Type == TypeSecret {
		return "", false
	}
	value, err := decodeData("the variable "+r.Name, r.Value.String)
	if err != nil {
		return "", false
	}
	return cellOf(r.Name, r.Type, value)
}
