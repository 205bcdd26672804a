package halo

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawnValue is a value that a client might post for a field: of its type, or text that reads as it.
func drawnValue(t *rapid.T, f field) any {
	switch f.kind {
	case kindInt:
		n := rapid.IntRange(0, 9).Draw(t, f.name)
		if rapid.Bool().Draw(t, "as text") {
			return fmt.Sprint(n)
		}
		return n
	case kindNum:
		return rapid.SampledFrom([]any{0, 1.5, 18.0, "2.25"}).Draw(t, f.name)
	case kindBool:
		return rapid.SampledFrom([]any{true, false, "true", "False"}).Draw(t, f.name)
	case kindText:
		return rapid.StringMatching(`[A-Za-zäß <>&"']{0,12}x`).Draw(t, f.name)
	case kindDate:
		return rapid.SampledFrom([]any{"2026-09-25T06:41:08.7895915Z", "2026-09-25", "2026-01-02T03:04:05", nil}).Draw(t, f.name)
	case kindList:
		return []any{}
	}
	return nil
}

// drawnElement is a random entity whose references exist and whose required fields are set.
func (te *tenant) drawnElement(t *rapid.T, res *resource) map[string]any {
	var fields []field
	for _, f := range schemas()[res.schema].fields {
		if f.inFull && !strings.HasPrefix(f.name, "_") && f.kind != kindObject && f.kind != kindAny && f.kind != kindGUID && f.name != "id" && f.name != "data_base64" && f.name != "data" {
			fields = append(fields, f)
		}
	}
	slices.SortFunc(fields, func(a, b field) int { return strings.Compare(a.name, b.name) })
	e := map[string]any{"_novalidate": true}
	for range rapid.IntRange(0, 12).Draw(t, "fields") {
		f := fields[rapid.IntRange(0, len(fields)-1).Draw(t, "field")]
		e[f.name] = drawnValue(t, f)
	}
	for _, required := range res.required {
		name, _, _ := strings.Cut(required, "|")
		if f, known := schemas()[res.schema].field(name); known && (e[name] == nil || e[name] == 0) {
			e[name] = drawnValue(t, f)
		}
	}
	for name, table := range res.refs {
		if e[name] != nil {
			rows := te.halo.data.table(table).rows
			e[name] = rows[rapid.IntRange(0, len(rows)-1).Draw(t, name)].int("id")
		}
	}
	return e
}

// settled are fields that follow from others or from the time, so that they may move when others are posted.
var settled = []string{"last_update", "last_modified", "last_updated", "date_edited", "editor_id", "lastactiondate", "dateclosed", "hasbeenclosed",
	"details", "details_html", "note", "note_html", "firstname", "surname", "name", "emailaddress", "category_1", "category_2", "category_3", "category_4",
	"categoryid_1", "categoryid_2", "categoryid_3", "categoryid_4", "total", "amountdue", "customfields", "outcome", "outcome_id"}

// TestAnyUpsertKeepsTheSchema posts random entities: what is taken answers within the schema, as single and in the
// list, and a later update of one field leaves the others alone.
func TestAnyUpsertKeepsTheSchema(t *testing.T) {
	te := start(t, Options{})
	var writable []*resource
	for _, name := range slices.Sorted(maps.Keys(resources())) {
		if res := resources()[name]; res.writable && listKnown(res) {
			writable = append(writable, res)
		}
	}
	taken := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		res := writable[rapid.IntRange(0, len(writable)-1).Draw(rt, "resource")]
		e := te.drawnElement(rt, res)
		te.complete(res, e)
		body, _ := json.Marshal([]any{e})
		r := te.knock("POST", "/api/"+res.name, string(body))
		if r.status == 400 {
			return // a rule of Halo's
		}
		if r.status != 201 {
			rt.Fatalf("%s answered %d to %s: %.300s", res.name, r.status, body, r.text)
		}
		taken[res.name]++
		made := r.object(t)
		checkFields(t, res, made, true)
		path := "/api/" + res.name + "/" + keyOf(res, made)
		if res.parent != "" && res.number == "" {
			path += "?" + res.parent + "=" + str(made[res.parent])
		}
		te.updateOne(t, rt, res, made)
		if res.name != "TimesheetEvent" && res.name != "Attachment" {
			checkFields(t, res, te.knock("GET", path, "").object(t), true)
		}
		if t.Failed() {
			rt.Fatalf("after %s %s", res.name, body)
		}
	})
	for _, res := range writable {
		checkRows(t, te, res)
		if taken[res.name] == 0 && !testing.Short() {
			t.Logf("%s took nothing this time", res.name)
		}
	}
}

func listKnown(res *resource) bool {
	_, known := listShapes[res.name]
	return known && !strings.HasPrefix(res.name, "Webhook") && res.name != "Notification"
}

// complete adds what a resource cannot do without even when nothing is validated.
func (te *tenant) complete(res *resource, e map[string]any) {
	delete(e, "deleted") // of tickets: they are gone then
	switch res.name {
	case "Tickets", "Opportunities", "Projects":
		delete(e, "tickettype_id") // decides which of the three it is
	case "Attachment":
		e["data_base64"] = "aGk="
	case "Actions":
		e["ticket_id"], e["outcome_id"] = 2041, 4
	case "TicketApproval":
		e["ticket_id"] = 2042
		delete(e, "seq")
	case "Lookup":
		e["lookupid"] = 22
	}
}

// updateOne posts one text field and compares the rest.
func (te *tenant) updateOne(t *testing.T, rt *rapid.T, res *resource, made map[string]any) {
	key := record{"id": toInt(stored(made["id"]))}
	if res.number != "" {
		key["id"] = toInt(stored(made[res.number]))
	}
	if res.guidKey {
		key["id"] = made["id"]
	}
	if res.parent != "" {
		key[res.parent] = toInt(stored(made[res.parent]))
	}
	row := te.halo.data.table(res.home()).byKey[res.key(key)]
	if row == nil {
		rt.Fatalf("%s: what was made is not there: %v", res.name, key)
	}
	var texts []string
	for _, f := range schemas()[res.schema].fields {
		if f.inFull && f.kind == kindText && !slices.Contains(settled, f.name) && !strings.HasPrefix(f.name, "_") && res.derive[f.name] == nil && res.inputs[f.name] == 0 &&
			!strings.HasPrefix(f.name, "new_") && f.name != "team" && f.name != "who" && f.name != "data_base64" && f.name != "data" {
			texts = append(texts, f.name)
		}
	}
	if len(texts) == 0 { // a timesheet is numbers and dates
		return
	}
	slices.Sort(texts)
	name := rapid.SampledFrom(texts).Draw(rt, "changed")
	before := row.clone()
	update := map[string]any{name: "changed", "_novalidate": true}
	for k, v := range key {
		if k == "id" && res.number != "" {
			k = res.number
		}
		update[k] = v
	}
	body, _ := json.Marshal([]any{update})
	if r := te.knock("POST", "/api/"+res.name, string(body)); r.status != 201 {
		if r.status != 400 {
			rt.Fatalf("%s: the update %s answered %d: %.200s", res.name, body, r.status, r.text)
		}
		return
	}
	if row[name] != "changed" {
		rt.Fatalf("%s.%s is %v after %s", res.name, name, row[name], body)
	}
	for other, was := range before {
		if other != name && !strings.HasPrefix(other, "~") && !slices.Contains(settled, other) && !reflect.DeepEqual(row[other], was) {
			rt.Fatalf("%s: %s changed %s from %v to %v", res.name, body, other, was, row[other])
		}
	}
}

func stored(v any) any {
	n, _ := v.(json.Number)
	i, _ := n.Int64()
	return i
}

// checkRows reads a whole list page by page: rows within the schema, none twice, and as many as record_count says.
func checkRows(t *testing.T, te *tenant, res *resource) {
	t.Helper()
	along := "showall=true&includeinactive=true&includedisabled=true&includelines=true"
	if res.name == "Actions" {
		along += "&ticket_id=2041"
	}
	key := listShapes[res.name]
	if key == "" {
		for _, row := range te.knock("GET", "/api/"+res.name+"?"+along, "").array(t) {
			checkFields(t, res, row, false)
		}
		return
	}
	seen := map[string]bool{}
	total := -1
	for page := 1; len(seen) != total; page++ {
		got := te.knock("GET", fmt.Sprintf("/api/%s?%s&pageinate=true&page_size=7&page_no=%d", res.name, along, page), "")
		total = int(toInt(stored(got.object(t)["record_count"])))
		rows := got.rows(t, key)
		if len(rows) == 0 {
			t.Errorf("%s: page %d is empty with %d of %d rows seen", res.name, page, len(seen), total)
			return
		}
		for _, row := range rows {
			if seen[str(row["id"])] {
				t.Errorf("%s: %s comes twice", res.name, str(row["id"]))
			}
			seen[str(row["id"])] = true
			checkFields(t, res, row, false)
		}
	}
}
