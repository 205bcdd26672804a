package actions_test

import (
	"testing"

	"gantry/actions"
)

// A write that brings files, approvals or e-mails along does more when it is done twice.
func TestHaloRepeats(t *testing.T) {
	update := func(more values) values {
		inputs := values{"ticket_id": int64(1), "team": "x"}
		for name, v := range more {
			inputs[name] = v
		}
		return inputs
	}
	elements := func(name string, list ...any) values { return values{name: list} }
	for _, c := range []struct {
		id     string
		inputs values
		safe   bool
	}{
		{"halo.update_ticket", update(nil), true},
		{"halo.update_ticket", update(values{"fields": values{"third_party_id": int64(1)}}), true},
		{"halo.update_ticket", update(values{"fields": values{"attachments": []any{}}}), true},
		{"halo.update_ticket", update(values{"fields": values{"attachments": []any{values{"filename": "x"}}}}), false},
		{"halo.update_ticket", update(values{"fields": values{"Attachments": []any{values{"id": int64(3)}}}}), true},
		{"halo.update_ticket", update(values{"fields": values{"action_note": "x"}}), false},
		{"halo.update_ticket", update(values{"new_approvalprocess_email": "jo@x.example"}), false},
		{"halo.close_ticket", values{"ticket_id": int64(1), "fields": values{"sendack": true}}, false},
		{"halo.update_ticket", update(values{"new_approvalprocess_cab_id": int64(1)}), false},
		{"halo.create_ticket", values{"summary": "x"}, false},
		{"halo.close_ticket", values{"ticket_id": int64(1)}, true},
		{"halo.restore_ticket", values{"ticket_id": int64(1)}, true},
		{"halo.add_note", values{"ticket_id": int64(1)}, false},
		{"halo.delete_ticket", values{"ticket_id": int64(1)}, true},
		{"halo.add_or_update_tickets", elements("tickets", values{"id": int64(1)}, values{"id": int64(2)}), true},
		{"halo.add_or_update_tickets", elements("tickets", values{"id": int64(1)}, values{"summary": "x"}), false},
		{"halo.add_or_update_tickets", elements("tickets", values{"id": int64(1), "attachments": []any{values{"filename": "x"}}}), false},
		{"halo.add_or_update_tickets", elements("tickets", values{"id": int64(1), "new_approvalprocess_agent_id": int64(2)}), false},
		{"halo.add_or_update_projects", elements("projects", values{"id": int64(1), "new_approvalprocess_user_id": int64(2)}), false},
		{"halo.add_or_update_actions", elements("actions", values{"id": int64(1), "note": "x"}), true},
		{"halo.add_or_update_actions", elements("actions", values{"id": int64(1), "sendemail": true}), false},
		{"halo.add_or_update_appointments", elements("appointments", values{"id": int64(1)}), true},
		{"halo.add_or_update_appointments", elements("appointments", values{"id": int64(1), "inform_user": true}), false},
		{"halo.add_or_update_appointments", elements("appointments", values{"id": int64(1), "inform_user": false}), true},
		{"halo.add_or_update_users", elements("users", values{"id": int64(0)}), false},
		{"halo.add_or_update_users", elements("users", values{"id": int64(1), "sendwelcomeemail": true}), false},
		{"halo.add_or_update_webhooks", elements("webhooks", values{"id": "x", "active": true}), true},
		{"halo.add_or_update_webhooks", elements("webhooks", values{"id": "x", "_test": true}), false},
		{"halo.add_or_update_invoices", elements("invoices", values{"id": int64(1), "lines": []any{values{"id": int64(1)}}}), true},
		{"halo.add_or_update_invoices", elements("invoices", values{"id": int64(1), "lines": []any{values{"qty_order": int64(1)}}}), false},
		{"halo.add_or_update_invoices", elements("invoices", values{"id": int64(1), "_create_credit_note": true}), false},
		{"halo.update_invoice_lines", elements("lines", values{"id": int64(1), "ihid": int64(4)}), true},
		{"halo.add_or_update_quotes", elements("quotes", values{"id": int64(1), "_create_so": true}), false},
		{"halo.add_or_update_clients", elements("clients", values{"id": int64(1), "_novalidate": true, "_dont_fire_automations": true}), true},
		{"halo.add_or_update_attachments", elements("attachments", values{"id": int64(1), "filename": "x"}), true},
		{"halo.answer_quote", values{"quote_id": int64(1), "accepted": true}, false},
	} {
		a, ok := actions.Builtin().Action(c.id)
		if !ok {
			t.Fatalf("no action %s", c.id)
		}
		if got := a.SafeToRepeat(c.inputs); got != c.safe {
			t.Errorf("%s %v: safe to repeat is %v", c.id, c.inputs, got)
		}
	}
}
