package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gantry/api"
	"gantry/connect"
	ladder "gantry/connect/names"
	"gantry/fault"
	"gantry/orgs"
	"gantry/source"
)

// mappingColumns are the columns of a file of mappings. What a person edits is id; reading uses organisation,
// id and entity, and rung and confidence of rows that were matched.
var mappingColumns = []string{"organisation", "name", "status", "id", "entity", "rung", "confidence", "candidates"}

func mappingFileKind(cmd *cobra.Command, flag, file string) error {
	if file == "" || isYAML(file) || strings.EqualFold(filepath.Ext(file), ".csv") {
		return nil
	}
	return usage(cmd, "%s takes a file that ends in .csv or .yaml, not %q", flag, file)
}

func isYAML(file string) bool {
	ext := strings.ToLower(filepath.Ext(file))
	return ext == ".yaml" || ext == ".yml"
}

// mappingCells are the cells of a row. An id stands only where it may be saved as it is.
func mappingCells(r connect.Row) []string {
	status, id, entity, rung, sure := r.Status, "", "", "", ""
	switch {
	case r.Gone:
		status = "gone"
	case r.Status == connect.Mapped:
		id, entity, rung = r.Current.ExternalID, r.Current.ExternalName, string(r.Rung)
	case r.Suggestion != nil:
		id, entity, rung = r.Suggestion.ID, r.Suggestion.Name, string(r.Rung)
	}
	if rung != "" {
		sure = strconv.FormatFloat(r.Confidence, 'f', 3, 64)
	}
	var candidates []string
	for _, alt := range r.Alternatives {
		candidates = append(candidates, named(alt.ID, alt.Name)+" "+percent(alt.Confidence))
	}
	return []string{r.Organisation, r.Name, status, id, entity, rung, sure, strings.Join(candidates, "; ")}
}

func writeMappings(file string, s connect.Suggestions) error {
	var b bytes.Buffer
	if isYAML(file) {
		fmt.Fprintf(&b, "# Mappings of %s (%s). Fill in the ids that are missing, and save them with gantry mappings save --from.\n", s.Integration, s.Instance)
		fmt.Fprintln(&b, "mappings:")
		for _, r := range s.Rows {
			mark := "  - "
			for i, cell := range mappingCells(r) {
				if cell != "" || mappingColumns[i] == "id" {
					fmt.Fprintf(&b, "%s%s: %s\n", mark, mappingColumns[i], strconv.Quote(cell))
					mark = "    "
				}
			}
		}
	} else {
		w := csv.NewWriter(&b)
		_ = w.Write(mappingColumns) // a buffer takes everything
		for _, r := range s.Rows {
			cells := mappingCells(r)
			for i, cell := range cells {
				cells[i] = orgs.GuardCell(cell)
			}
			_ = w.Write(cells)
		}
		w.Flush()
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		return fault.Wrap(err, fault.Failed, "%s cannot be written: %s", file, err)
	}
	return nil
}

// maxMappingFile bounds what is read, in bytes.
const maxMappingFile = 16 << 20

// readMappings gives the rows of a file that have an id.
func (a *App) readMappings(file string) ([]api.MappingChoice, error) {
	text, err := a.readInput(file, maxMappingFile)
	if err != nil {
		return nil, err
	}
	rows, err := parseMappings(file, text)
	if err != nil {
		return nil, err
	}
	var choices []api.MappingChoice
	for _, row := range rows {
		if row["id"] == "" {
			continue
		}
		if row["organisation"] == "" {
			return nil, fault.New(fault.InvalidInput, "%s: the row with the id %s names no organisation", file, row["id"])
		}
		c := api.MappingChoice{Organisation: row["organisation"], EntityID: row["id"], EntityName: row["entity"]}
		if row["status"] == connect.Matched && slices.Contains(ladder.Rungs(), ladder.Rung(row["rung"])) {
			c.Rung = row["rung"]
			if sure, err := strconv.ParseFloat(row["confidence"], 64); err == nil && sure >= 0 && sure <= 1 {
				c.Confidence = sure
			}
		}
		choices = append(choices, c)
	}
	return choices, nil
}

func parseMappings(file string, text []byte) ([]map[string]string, error) {
	if isYAML(file) {
		return parseMappingsYAML(file, text)
	}
	r, first, err := orgs.CSVReader(text)
	if err != nil {
		f := fault.From(err)
		return nil, fault.Wrap(err, f.Code, "%s: %s", file, f.Message).WithHint("%s", f.Hint)
	}
	records, err := r.ReadAll()
	if problem, ok := errors.AsType[*csv.ParseError](err); ok {
		return nil, fault.Wrap(err, fault.InvalidInput, "%s:%d: %s", file, problem.Line+first-1, problem.Err)
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.InvalidInput, "%s: %s", file, err)
	}
	if len(records) == 0 {
		return nil, nil
	}
	header := records[0]
	for i := range header {
		header[i] = strings.ToLower(strings.TrimSpace(header[i]))
	}
	for _, needed := range []string{"organisation", "id"} {
		if !slices.Contains(header, needed) {
			return nil, fault.New(fault.InvalidInput, "%s has no column %s", file, needed).
				WithHint("the first line names the columns: %s", strings.Join(mappingColumns, ","))
		}
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, cell := range record[:min(len(record), len(header))] {
			row[header[i]] = strings.TrimSpace(orgs.UnguardCell(cell))
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func parseMappingsYAML(file string, text []byte) ([]map[string]string, error) {
	root, ds := source.Parse(file, text)
	if ds.HasErrors() {
		return nil, fault.Wrap(ds.Err(), fault.InvalidInput, "%s", ds.Err())
	}
	data, _ := root.Data().(map[string]any)
	list, ok := data["mappings"].([]any)
	if !ok {
		return nil, fault.New(fault.InvalidInput, "%s has no list of mappings", file).WithHint("it begins with mappings:")
	}
	var rows []map[string]string
	for i, item := range list {
		fields, ok := item.(map[string]any)
		if !ok {
			return nil, fault.New(fault.InvalidInput, "%s: mapping %d is no map of organisation and id", file, i+1)
		}
		row := map[string]string{}
		for name, value := range fields {
			if !slices.Contains(mappingColumns, name) {
				return nil, fault.New(fault.InvalidInput, "%s: mapping %d has the unknown field %q", file, i+1, name).
					WithHint("%s", source.DidYouMean(name, mappingColumns))
			}
			if value != nil {
				row[name] = strings.TrimSpace(scalar(value))
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}
