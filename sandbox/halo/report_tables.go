package halo

import (
	"regexp"
	"strings"

	"gantry/store"
)

// reportTable is one table of Halo's database as reports see it: a column's name, then the field that it shows.
//
// The names are inference: they are those that public report examples and clients use (FAULTS.faultid, AREA.aareadesc,
// UNAME.uname …). Halo's database has many more tables and columns; a report that names one of those fails here
// with "no such table" or "no such column". Custom fields are columns of their entity's table, by their own name.
type reportTable struct {
	name, resource string
	columns        string // "column:field column:field …"
	custom         int64
}

var reportTables = []reportTable{
	{"FAULTS", "Tickets", "faultid:id symptom:summary symptom2:details areaint:client_id sitenumber:site_id userid:user_id username:user_name " +
		"status:status_id assignedtoint:agent_id sectio_:team requesttypenew:tickettype_id seriousness:priority_id slaid:sla_id " +
		"dateoccured:dateoccurred dateoccurred:dateoccurred datecleared:dateclosed fixbydate:fixbydate respondbydate:respondbydate " +
		"category2:category_1 category3:category_2 category4:category_3 category5:category_4 fdeleted:deleted fxrefto:parent_id " +
		"cleartime:timetaken flastupdate:last_update lastactiondate:lastactiondate requestsource:source impact:impact urgency:urgency " +
		"clearance:closure_note fcontractid:contract_id estimate:estimate oppvalue:oppvalue reportedby:reportedby", usageTicket},
	{"ACTIONS", "Actions", "faultid:ticket_id actionnumber:id whe_:datetime who:who whoagentid:who_agentid actoutcome:outcome " +
		"actoutcomenum:outcome_id note:note timetaken:timetaken actisbillable:actisbillable actionbyunum:actionby_agent_id " +
		"actiondatecreated:actiondatecreated hiddenfromuser:hiddenfromuser", usageAction},
	{"AREA", "Client", "aarea:id aareadesc:name aisinactive:inactive treeid:toplevel_id atreeid:toplevel_id aref:ref awebsite:website", usageClient},
	{"SITE", "Site", "ssitenum:id sdesc:name sarea:client_id sisinactive:inactive sslaid:sla_id sphone:phonenumber sisinvoicesite:isinvoicesite", usageSite},
	{"USERS", "Users", "uid:id uusername:name ufirstname:firstname usurname:surname usite:site_id uemail:emailaddress uextn:phonenumber " +
		"umobile:mobilenumber uinactive:inactive utitle:title", usageUser},
	{"UNAME", "Agent", "unum:id uname:name uemail:email usmtp:email uisdisabled:isdisabled usection:team ujobtitle:jobtitle uinitials:initials", 0},
	{"REQUESTTYPE", "TicketType", "rtid:id rtdesc:name rtvisible:visible rtuse:use rtsequence:sequence rtitilrequesttype:itilrequesttype", 0},
	{"TSTATUS", "Status", "tstatus:id tstatusdesc:name tshortname:shortname tstatustype:type tsequence:sequence tslaaction:slaaction tcolour:colour", 0},
	{"SECTIONDETAIL", "Team", "sdid:id sdsectionname:name sddepid:department_id sdinactive:inactive", 0},
	{"POLICY", "Priority", "ppolicy:priorityid pdesc:name pslaid:slaid presponsetime:responsetime pfixtime:fixtime", 0},
	{"SLAHEAD", "SLA", "slid:id sldesc:name slworkday:workday_id", 0},
	{"CATEGORYDETAIL", "Category", "cdid:id cdcategoryname:value cdtype:type_id", 0},
	{"LOOKUP", "Lookup", "fid:lookupid fcode:id fvalue:name fvalue2:value2 fvalue3:value3", 0},
	{"TREE", "TopLevel", "treeid:id treedesc:name treeparentid:parentid", 0},
	{"DEVICE", "Asset", "did:id dinvno:inventory_number dtype:assettype_id dsite:site_id darea:client_id dinactive:inactive dkeyfield:key_field " +
		"dusername:username dstatus:status_id", usageAsset},
	{"XTYPE", "AssetType", "ttypenum:id tdesc:name", 0},
	{"CONTRACTHEADER", "ClientContract", "chid:id chcontractref:ref charea:client_id chsite:site_id chstartdate:start_date chenddate:end_date " +
		"chperiodchargeamount:periodchargeamount chactive:active", usageContract},
	{"INVOICEHEADER", "Invoice", "ihid:id ihaarea:client_id ihinvoicenumber:invoicenumber ihinvoice_date:invoice_date ihduedate:duedate " +
		"ihtotal:total ihamountdue:amountdue ihposted:posted ihdatepaid:datepaid", usageInvoice},
	{"ITEM", "Item", "iid:id idesc:name icost:costprice iprice:baseprice iquantityinstock:quantity_in_stock isupplier:supplier_id", usageItem},
	{"COMPANY", "Supplier", "coid:id cdesc:name cemail:email_address cphone:phone_number", usageSupplier},
	{"QUOTATIONHEADER", "Quotation", "qhid:id qhtitle:title qhfaultid:ticket_id qhaarea:client_id qhdate:date qhexpirydate:expiry_date qhstatus:status qhtotal:total", 0},
	{"APPOINTMENT", "Appointment", "apid:id apsubject:subject apstartdate:start_date apenddate:end_date apunum:agent_id apfaultid:ticket_id apcomplete:complete_status", 0},
	{"KBENTRY", "KBArticle", "id:id abstract:name problem:description resolution:resolution datecreated:date_created dateedited:date_edited", 0},
	{"OUTCOME", "Outcome", "tfid:id tfoutcome:outcome", 0},
	{"ANALYZERPROFILE", "Report", "apid:id aptitle:name apsql:sql apdescription:description", 0},
}

var sqlWordPattern = regexp.MustCompile(`[\pL_][\pL\pN_]*`)

// reportData copies the tables that a question mentions, so that it can be asked while others write. Rows of clients
// that the agent may not use are left out.
func (st *state) reportData(question string, who principal) []store.ScratchTable {
	mentioned := map[string]bool{}
	for _, word := range sqlWordPattern.FindAllString(strings.ToUpper(question), -1) {
		mentioned[word] = true
	}
	var tables []store.ScratchTable
	for _, t := range reportTables {
		if mentioned[t.name] {
			tables = append(tables, st.reportTable(t, who))
		}
	}
	if mentioned["INFORMATION_SCHEMA"] || mentioned["INFORMATION_SCHEMA_TABLES"] {
		tables = append(tables, st.informationSchema()...)
	}
	return tables
}

func (st *state) reportTable(t reportTable, who principal) store.ScratchTable {
	out := store.ScratchTable{Name: t.name}
	var fields []string
	for pair := range strings.FieldsSeq(t.columns) {
		column, name, _ := strings.Cut(pair, ":")
		out.Columns, fields = append(out.Columns, column), append(fields, name)
	}
	custom := st.where("FieldInfo", func(f record) bool { return t.custom != 0 && f.int("usage") == t.custom })
	for _, f := range custom {
		out.Columns = append(out.Columns, f.text("name"))
	}
	res := st.resource(t.resource)
	for _, r := range st.table(res.home()).rows {
		if !st.sees(who, res, r) {
			continue
		}
		row := make([]any, 0, len(out.Columns))
		for _, name := range fields {
			f, _ := schemas()[res.schema].field(name)
			row = append(row, sqlValue(f.kind, st.value(res, r, name)))
		}
		for _, f := range custom {
			row = append(row, sqlValue(kindAny, customValueOf(r, f.int("id"))))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func customValueOf(r record, id int64) any {
	for _, v := range r.list("customfields") {
		if m, _ := v.(map[string]any); toInt(m["id"]) == id {
			return m["value"]
		}
	}
	return nil
}

// sqlValue is a field as a column holds it: truth as 1 and 0, dates in one form.
func sqlValue(k kind, v any) any {
	switch v := v.(type) {
	case int64, nil:
		return v
	case double:
		return float64(v)
	case bool:
		return int64(boolRank(v))
	case string:
		if at, _, ok := parseDate(v); k == kindDate && ok {
			return at.UTC().Format(sqlDate)
		}
		return v
	}
	return nil
}

// informationSchema lists the tables and their columns, which people ask first.
func (st *state) informationSchema() []store.ScratchTable {
	tables := store.ScratchTable{Name: "INFORMATION_SCHEMA_TABLES", Columns: []string{"TABLE_SCHEMA", "TABLE_NAME", "TABLE_TYPE"}}
	columns := store.ScratchTable{Name: "INFORMATION_SCHEMA_COLUMNS", Columns: []string{"TABLE_NAME", "COLUMN_NAME", "ORDINAL_POSITION"}}
	for _, t := range reportTables {
		tables.Rows = append(tables.Rows, []any{"dbo", t.name, "BASE TABLE"})
		for i, pair := range strings.Fields(t.columns) {
			column, _, _ := strings.Cut(pair, ":")
			columns.Rows = append(columns.Rows, []any{t.name, column, int64(i + 1)})
		}
	}
	return []store.ScratchTable{tables, columns}
}
