package halo

import (
	"encoding/json"
	"fmt"
	"net/http"
)

func businessOperations() []operation {
	list := []operation{
		{method: post, resource: "ClientContract", path: "nextref", do: nextContractRef},
		{method: post, resource: "ClientContract", path: "approval", do: updated(approveContract)},
		{method: post, resource: "Invoice", path: "pdf/{id}", do: invoicePDF},
		{method: post, resource: "Invoice", path: "{id}/void", do: voidInvoice},
		{method: post, resource: "RecurringInvoice", path: "process", do: processRecurring},
		{method: post, resource: "Item", path: "newaccountsid", do: upserts},
		{method: post, resource: "KBArticle", path: "vote", do: updated(vote)},
		{method: post, resource: "Quotation", path: "approval", do: approveQuotations},
		{method: post, resource: "Report", path: "", apart: (*Server).postReport},
		{method: get, resource: "Report", path: "{id}", apart: (*Server).loadReport},
		{method: post, resource: "Report", path: "bookmark", do: bookmarkReport},
		{method: post, resource: "Report", path: "createpdf", apart: (*Server).reportPDF},
		{method: post, resource: "Report", path: "print", do: updated(func(_ *change, next record) { next["printhtml"] = htmlText(next.text("name")) })},
	}
	for _, name := range []string{"Invoice", "RecurringInvoice"} {
		list = append(list, operation{method: post, resource: name, path: "updatelines", do: updateLines})
	}
	return list
}

// numbers reads a body that is an array of ids.
func (v *visit) numbers() (ids []int64, ok bool) {
	return ids, json.Unmarshal(v.body, &ids) == nil
}

// nextContractRef answers the posted contracts with the reference that they would get.
func nextContractRef(v *visit) answer {
	contracts, refusal := v.records(v.res.schema)
	if refusal != nil {
		return *refusal
	}
	all := []any{}
	for _, c := range contracts {
		c["ref"] = fmt.Sprintf("MSA-%04d", v.table("ClientContract").next+int64(ownClientID))
		all = append(all, c)
	}
	return v.written(all)
}

func approveContract(c *change, next record) {
	next["contract_status"] = "Approved"
	if v, given := c.element.get("result"); given && !c.element.flag("result") && textOf(loose(v)) != "1" {
		next["contract_status"] = "Rejected"
	}
}

// voidInvoice sets an invoice aside: it stays, and nothing is due any more.
func voidInvoice(v *visit) answer {
	r, refusal := v.locate(v.who, v.res, v.id, v.q)
	if refusal != nil {
		return *refusal
	}
	next := r.clone()
	next["voided"], next["amountdue"] = true, 0.0
	v.replace(v.res, r, next)
	return jsonAnswer(http.StatusCreated, v.view(v.res, r, true, false))
}

// updateLines writes posted lines, named by ihid and id, over those of their invoices.
func updateLines(v *visit) answer {
	lines, refusal := v.records("InvoiceDetail")
	if refusal != nil {
		return *refusal
	}
	all := []any{}
	for _, line := range lines {
		invoice := v.seen(v.res.name, line.int("ihid"))
		if invoice == nil {
			return empty(http.StatusNotFound)
		}
		c := &change{state: v.state, res: v.res, who: v.who, old: invoice, posted: record{}}
		merged, found := withLine(invoice.list("lines"), line)
		if !found {
			return empty(http.StatusNotFound)
		}
		c.posted["lines"] = merged
		if _, refusal := c.apply(); refusal != nil {
			return *refusal
		}
		for _, now := range merged {
			if m, _ := now.(map[string]any); toInt(m["id"]) == line.int("id") {
				all = append(all, now)
			}
		}
	}
	return v.written(all)
}

// withLine gives the lines with one of them changed.
func withLine(lines []any, line record) (merged []any, found bool) {
	for _, v := range lines {
		old, _ := v.(map[string]any)
		if toInt(old["id"]) == line.int("id") {
			next := record(old).clone()
			for name, value := range line {
				next[name] = value
			}
			if line["net_amount"] == nil {
				next["net_amount"] = double(next.num("qty_order") * next.num("unit_price"))
			}
			v, found = map[string]any(next), true
		}
		merged = append(merged, v)
	}
	return merged, found
}

// processRecurring makes an invoice of each recurring one.
func processRecurring(v *visit) answer {
	ids, ok := v.numbers()
	if !ok {
		return modelState{"": {"The body must be a JSON array of integers."}}.answer()
	}
	invoices := v.resource("Invoice")
	all := []any{}
	for _, id := range ids {
		from := v.seen("RecurringInvoice", id)
		if from == nil {
			return empty(http.StatusNotFound)
		}
		next := from.clone()
		delete(next, "id")
		next["invoicenumber"] = fmt.Sprintf("INV-%05d", 8000+v.table("Invoice").next)
		next["invoice_date"] = haloDate(v.now())
		all = append(all, v.view(invoices, v.insert(invoices, next), true, false))
	}
	return v.written(all)
}

// approveQuotations takes a customer's yes or no: approvalstate 2 or 3.
func approveQuotations(v *visit) answer {
	decisions, refusal := v.records("QuotationApproval")
	if refusal != nil {
		return *refusal
	}
	all := []any{}
	for _, d := range decisions {
		quote := v.seen("Quotation", d.int("id"))
		if quote == nil {
			return empty(http.StatusNotFound)
		}
		next := quote.clone()
		next["approvalstate"] = int64(3)
		if d.bool("result") {
			next["approvalstate"] = int64(2)
		}
		next["approvalname"], next["approvalemailaddress"], next["approvalnote"] = d["approvalname"], d["approvalemailaddress"], d["approvalnote"]
		next["approvaldatetime"] = haloDate(v.now())
		if isSet(d["ponumber"]) {
			next["po_ref"] = d["ponumber"]
		}
		v.replace(v.res, quote, next)
		all = append(all, v.view(v.res, quote, true, false))
	}
	return v.written(all)
}

// bookmarkReport takes a bare report.
func bookmarkReport(v *visit) answer {
	v.one()
	return updated(func(c *change, next record) {
		next["bookmarked"] = c.posted["bookmarked"] != false
	})(v)
}
