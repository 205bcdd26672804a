package main

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"gantry/actions"
	"gantry/source"
)

//go:embed rewst.yaml
var rewstTable []byte

// rewstRow is a row of the table of actions that Rewst's HaloPSA integration has, and our action.
type rewstRow struct{ title, endpoint, action string }

func rewstRows() ([]rewstRow, error) {
	root, ds := source.Parse("docs/generate/rewst.yaml", rewstTable)
	if err := ds.Err(); err != nil {
		return nil, err
	}
	rows := make([]rewstRow, len(root.Items))
	for i, item := range root.Items {
		f := source.ReadFields(item, "the row", &ds)
		rows[i] = rewstRow{f.Text("title"), f.Text("endpoint"), f.Text("action")}
		f.Close()
	}
	return rows, ds.Err()
}

// rewstPage shows of every row which action does it here, where it calls, and which step of which scenario
// proves it. A row without any of these is an error.
func rewstPage(c *actions.Catalogue, proofs map[string]proof) (*page, error) {
	rows, err := rewstRows()
	if err != nil {
		return nil, err
	}
	p := newPage("Every action of Rewst's table", "docs/generate/rewst.yaml", "Rewst's documentation has a table of the actions of its "+
		"HaloPSA integration. This is each of its rows, what does it here, and the test that calls it against the simulated Halo. "+
		"`go test ./actions` runs the tests; the [catalogue](actions/halo.md) has all actions, more than these.")
	var cells [][]string
	var wrong []string
	for _, row := range rows {
		found, why := row.proven(c, proofs)
		if why != "" {
			wrong = append(wrong, row.title+": "+why)
			continue
		}
		a, _ := c.Action(row.action)
		cells = append(cells, []string{
			words(row.title), "[" + mono(a.ID) + "](actions/halo.md#" + anchor(a.ID) + ")", mono(a.Endpoint()),
			"[" + found.file + "](../../actions/testdata/halo/" + found.file + ")", words(found.step),
		})
	}
	if len(wrong) > 0 {
		return nil, fmt.Errorf("rows of Rewst's table that are not proven:\n  %s", strings.Join(wrong, "\n  "))
	}
	p.table([]string{"Rewst's action", "Action", "Endpoint", "Scenario", "Step"}, cells)
	return p, nil
}

// proven gives the step that proves the row, or says why there is none.
func (r rewstRow) proven(c *actions.Catalogue, proofs map[string]proof) (proof, string) {
	a, ok := c.Action(r.action)
	if !ok {
		return proof{}, "there is no action " + r.action
	}
	if _, path, _ := strings.Cut(a.Endpoint(), " "); r.endpoint != "" && !strings.HasPrefix(shapeOf(path), shapeOf(r.endpoint)) {
		return proof{}, fmt.Sprintf("%s calls %s, not %s", a.ID, path, r.endpoint)
	}
	found, ok := proofs[a.ID]
	if !ok {
		return proof{}, "no scenario of actions/testdata/halo calls " + a.ID + " with success"
	}
	return found, ""
}

var pathInput = regexp.MustCompile(`\{[^}]*\}`)

// shapeOf is a path whatever its inputs are called.
func shapeOf(path string) string { return strings.ToLower(pathInput.ReplaceAllString(path, "{}")) }
