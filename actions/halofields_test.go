package actions_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gantry/actions"
	"gantry/schema"
)

// haloTypes says which type of the catalogue is which schema of Halo's description, as sandbox/halo keeps it.
var haloTypes = map[string]string{
	"Faults": "Ticket", "Actions": "Action", "Uname": "Agent", "Appointment": "Appointment", "Device": "Asset",
	"Attachment": "Attachment", "Area": "Client", "ContractHeader": "Contract", "InvoiceHeader": "Invoice",
	"InvoiceDetail": "InvoiceLine", "Item": "Item", "KBEntry": "Article", "Organisation": "Organisation",
	"QuotationHeader": "Quote", "QuotationDetail": "QuoteLine", "AnalyzerProfile": "Report", "ReportContent": "ReportContent",
	"AnalyzerProfileColumn": "ReportColumn", "Site": "Site", "TStatus": "Status", "Company": "Supplier", "SectionDetail": "Team",
	"RequestType": "TicketType", "Tree": "TopLevel", "Users": "User", "Workdays": "Workday", "Policy": "Priority",
	"CategoryDetail": "Category", "FieldInfo": "FieldInfo", "CustomField": "CustomField", "Lookup": "Lookup", "TOutcome": "Outcome",
	"CabHeader": "Cab", "AddressStore": "Address", "SlaHead": "Sla", "Xtype": "AssetType", "Webhook": "Webhook",
	"WebhookEvent": "WebhookEvent", "UnameNotification": "Notification", "FaultApproval": "TicketApproval",
	"Timesheet": "Timesheet", "TimesheetEvent": "TimesheetEntry",
}

// haloUntyped are schemas of which no action of the catalogue takes or gives anything; api_request reaches them.
var haloUntyped = []string{"CustomTable", "Field", "UserPrefs", "ActionReaction", "StockBin", "QuotationApproval", "PresignedURLRequest"}

// haloField is a field as Halo's description has it: int, num, bool, str, date, guid, list, obj or any.
type haloField struct{ name, kind string }

// TestHaloTypesHaveEveryField proves that an expression over a Halo entity is typed whichever field it names.
func TestHaloTypesHaveEveryField(t *testing.T) {
	untyped := map[string]bool{}
	for _, name := range haloUntyped {
		untyped[name] = true
	}
	schemas := haloSchemas(t)
	for name, fields := range schemas {
		typeName, known := haloTypes[name]
		if !known {
			if !untyped[name] {
				t.Errorf("schema %s has no type in the catalogue", name)
			}
			continue
		}
		typ, ok := actions.Builtin().Type("halo." + typeName)
		if !ok {
			t.Errorf("there is no type halo.%s for schema %s", typeName, name)
			continue
		}
		if !typ.Open {
			t.Errorf("halo.%s is closed: a newer Halo's fields would be errors", typeName)
		}
		for _, f := range fields {
			field, ok := typ.Field(f.name)
			if !ok {
				t.Errorf("halo.%s lacks %s (%s)", typeName, f.name, f.kind)
			} else if why := misfit(f, field.Type); why != "" {
				t.Errorf("halo.%s.%s is %s: %s", typeName, f.name, field.Type, why)
			}
		}
	}
	for name := range haloTypes {
		if schemas[name] == nil {
			t.Errorf("schema %s is not in the record", name)
		}
	}
}

// misfit tells why a type cannot hold what Halo sends in a field; "" when it can.
func misfit(f haloField, t *schema.Type) string {
	var ok bool
	switch f.kind {
	case "int":
		ok = t.Kind == schema.KindInteger
	case "num": // some ids are written as 18.0
		ok = t.Kind == schema.KindNumber || t.Kind == schema.KindInteger && strings.HasSuffix(f.name, "_id")
	case "bool":
		ok = t.Kind == schema.KindBoolean
	case "str", "guid":
		ok = t.Kind == schema.KindString && t.Format != "date-time"
	case "date":
		ok = t.Kind == schema.KindString && t.Format == "date-time"
	case "list":
		return map[bool]string{false: "Halo sends a list"}[t.Kind == schema.KindList || t.Kind == schema.KindAny]
	case "obj":
		ok = t.Kind == schema.KindObject || t.Kind == schema.KindAny
	case "any":
		return map[bool]string{false: "it can be anything"}[t.Kind == schema.KindAny]
	default:
		return "the record's kind " + f.kind + " is not known here"
	}
	switch {
	case !ok:
		return "Halo sends " + f.kind
	case f.name != "id" && !t.Nullable && t.Kind != schema.KindAny:
		return "Halo may send null"
	}
	return ""
}

// haloSchemas reads the record of Halo's fields: sandbox/halo/fields*.txt, whose head says its form.
func haloSchemas(t *testing.T) map[string][]haloField {
	t.Helper()
	files, err := filepath.Glob("../sandbox/halo/fields*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no record of Halo's fields: %v", err)
	}
	all := map[string][]haloField{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		at, kind := "", ""
		for line := range strings.Lines(string(text)) {
			words := strings.Fields(line)
			if len(words) == 0 || strings.HasPrefix(words[0], ";") {
				continue
			}
			if words[0] == "#" {
				at = words[1]
				continue
			}
			if name, isKind := strings.CutSuffix(words[0], ":"); isKind {
				kind, words = name, words[1:]
			}
			for _, word := range words {
				all[at] = append(all[at], haloField{strings.TrimRight(word, "-+"), kind})
			}
		}
	}
	return all
}

func TestMisfit(t *testing.T) {
	date := &schema.Type{Kind: schema.KindString, Format: "date-time", Nullable: true}
	for _, c := range []struct {
		field haloField
		typ   *schema.Type
		fits  bool
	}{
		{haloField{"id", "int"}, schema.Integer(), true}, {haloField{"client_id", "int"}, schema.Integer(), false},
		{haloField{"client_id", "int"}, schema.Integer().AsNullable(), true}, {haloField{"client_id", "num"}, schema.Integer().AsNullable(), true},
		{haloField{"estimate", "num"}, schema.Integer().AsNullable(), false}, {haloField{"estimate", "num"}, schema.Number().AsNullable(), true},
		{haloField{"read", "bool"}, schema.String().AsNullable(), false}, {haloField{"dateclosed", "date"}, schema.String().AsNullable(), false},
		{haloField{"dateclosed", "date"}, date, true}, {haloField{"summary", "str"}, date, false}, {haloField{"assets", "list"}, schema.ListOf(nil), true},
		{haloField{"assets", "list"}, schema.MapOf(nil), false}, {haloField{"value", "any"}, schema.String().AsNullable(), false},
		{haloField{"x", "blob"}, schema.Any(), false},
	} {
		if why := misfit(c.field, c.typ); (why == "") != c.fits {
			t.Errorf("%v as %s: %q", c.field, c.typ, why)
		}
	}
}
