package halo

// fieldResource is the fields of asset types, which are not custom fields.
func fieldResource() *resource {
	return &resource{
		name: "Field", schema: "Field", writable: true, required: []string{"name"}, sort: "sequence",
		defaults: record{"kind": "T", "validate": "", "sequence": 0, "mandatory": false, "systemuse": 0, "lookup": 0, "values": []any{}, "parenttype_id": 0},
		filters:  map[string]filter{"kind": is("kind"), "type_id": equals("parenttype_id")},
		derive:   map[string]derived{"parenttype_name": ref("parenttype_id", "AssetType", "name"), "idstring": func(_ *state, r record) any { return textOf(r["id"]) }},
	}
}

// customTableResource is the tables that an MSP adds to Halo.
func customTableResource() *resource {
	return &resource{
		name: "CustomTable", schema: "CustomTable", writable: true, required: []string{"name"}, sort: "name",
		defaults: record{"db_name": "", "note": "", "fields": []any{}, "customfields": []any{}, "data_entry_type": 0, "can_load_data": true, "linkto_table_id": 0,
			"columns": 2},
		derive: map[string]derived{"key": same("id")},
	}
}

// recurringInvoiceResource is the invoices that make others; their ids are negative, as on live tenants.
func recurringInvoiceResource() *resource {
	res := invoiceResource()
	res.name, res.negative, res.custom = "RecurringInvoice", true, 0
	res.derive["use"] = constant("recurringinvoice")
	return res
}
